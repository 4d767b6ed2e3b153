import type {Reply} from '../../core/reply.js';
import {costLine} from '../screen/status-line.js';
import {factsOf} from '../state/view.js';
import type {ChatSession} from './chat-session.js';

/** Shows how many points are left, if Poe tells. */
export async function countPoints({deps, store}: Pick<ChatSession, 'deps' | 'store'>): Promise<void> {
  const balance = await deps.balance().catch(() => null);
  store.apply((state) => ({...state, points: {...state.points, balance}}));
}

/** Shows what a reply cost and how many points are left. */
export async function countCost(session: Pick<ChatSession, 'deps' | 'store'>, reply: Reply): Promise<void> {
  const {points, isEstimate} = await reply.cost().catch(() => ({points: null, isEstimate: false}));
  const lastCost = points === null ? null : {points, isEstimate};
  const {store} = session;
  store.apply((state) => ({...state, points: {...state.points, lastCost}}));
  await countPoints(session);
  store.apply((state) => ({...state, points: {...state.points, summary: costLine(factsOf(state))}}));
}
