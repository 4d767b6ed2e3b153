import type {Reply} from '../../core/reply.js';
import {costLine} from '../text/status-line.js';
import type {Cost} from '../state/chat-state.js';
import {factsOf} from '../state/view.js';
import type {ChatSession} from './chat-session.js';

/** Shows how many points are left, if Poe tells. */
export async function countPoints({deps, store}: Pick<ChatSession, 'deps' | 'store'>): Promise<void> {
  const balance = await deps.balance().catch(() => null);
  store.apply((state) => ({...state, points: {...state.points, balance}}));
}

/** Shows what a reply cost and how many points are left. @param onCost called once the cost is known, with null if Poe does not tell */
export async function countCost(
  session: Pick<ChatSession, 'deps' | 'store'>,
  reply: Reply,
  onCost: (cost: Cost | null) => void,
): Promise<void> {
  const {points, isEstimate} = await reply.cost().catch(() => ({points: null, isEstimate: false}));
  const lastCost = points === null ? null : {points, isEstimate};
  const cachedTokens = reply.current.usage?.cachedTokens ?? null;
  const {store} = session;
  store.apply((state) => ({...state, points: {...state.points, lastCost, cachedTokens}}));
  onCost(lastCost);
  await countPoints(session);
  store.apply((state) => ({...state, points: {...state.points, summary: costLine(factsOf(state))}}));
}
