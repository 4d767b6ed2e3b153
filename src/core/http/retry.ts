import {setTimeout} from 'node:timers/promises';
import {PoeError} from '../errors.js';
import {timeOf} from './clock.js';
import type {AnswerHeaders} from './transport.js';

/** How often what may be asked again is asked for. */
export const maxTries = 3;
/** What is answered so may be answered better the next time. */
export const retryableStatuses: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);
const firstPauseMs = 300;

export interface Answered {
  status: number;
  headers: AnswerHeaders;
}

export interface RetryPolicy {
  /** A server that asks for a longer pause than this gets no second try. */
  longestPauseS: number;
  signal: AbortSignal;
}

/** Asks again, a few times, where that may go better. */
export async function retry<A extends Answered>(
  ask: () => Promise<A>,
  {longestPauseS, signal}: RetryPolicy,
): Promise<A> {
  for (let tries = 1; ; tries++) {
    const isLast = tries === maxTries;
    const answer = await ask().catch((error: unknown) => {
      if (isLast || signal.aborted || error instanceof PoeError) throw error;
      return undefined;
    });
    const wantedS = answer && retryAfterS(answer.headers);
    if (answer && (isLast || !retryableStatuses.has(answer.status) || (wantedS ?? 0) > longestPauseS)) return answer;
    await setTimeout(wantedS === undefined ? usualPauseMs(tries) : wantedS * 1000, undefined, {signal});
  }
}

/** Up to 300 ms, then up to twice as much: of any length, so that many who failed at once do not come back at once. */
export const usualPauseMs = (tries: number): number => firstPauseMs * 2 ** (tries - 1) * Math.random();

/** Seconds the server wants to be left alone, by its `Retry-After`. */
export function retryAfterS(headers: AnswerHeaders): number | undefined {
  const value = headers.get('Retry-After');
  if (!value) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - (timeOf(headers) ?? Date.now())) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}
