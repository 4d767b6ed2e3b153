import {setTimeout} from 'node:timers/promises';
import {interruption} from '../errors.js';
import {serverTime} from './clock.js';
import {NetworkError} from './network-error.js';
import {retryableSiteStatuses} from './retryable-statuses.js';
import type {ResponseHeaders} from './transport.js';

/** Decides which attempts of a request are repeated, and when. */
export interface RetryPolicy {
  /** Attempts in all. */
  maxTries: number;
  /** @param tries the number of attempts so far */
  retriesStatus(status: number, tries: number): boolean;
  retriesError(error: unknown): boolean;
  /** Milliseconds before the next attempt, if the server sends no `Retry-After`. */
  pauseMs(tries: number): number;
  /** If the server asks for a longer pause, its response is returned instead. */
  maxRetryAfterS: number;
}

/** The parts of a response that decide whether its request is repeated. */
interface RetryableResponse {
  status: number;
  headers: ResponseHeaders;
  /** Called if the response is not returned. */
  close?(): void;
}

/** Repeats a request twice after a lost connection, a rate limit or a server error. Only for requests that are safe to repeat. */
export const safeRetryPolicy = (timeoutMs: number): RetryPolicy => ({
  maxTries: 3,
  retriesStatus: (status) => retryableSiteStatuses.has(status),
  retriesError: (error) => error instanceof NetworkError,
  // Random, so that clients that failed at the same time do not come back at the same time.
  pauseMs: (tries) => 300 * 2 ** (tries - 1) * Math.random(),
  maxRetryAfterS: Math.min(15, timeoutMs / 1000),
});

/** Makes attempts until one succeeds or the policy gives up. @throws what the last attempt throws; PoeError `interrupted` */
export async function retry<R extends RetryableResponse>(
  attempt: () => Promise<R>,
  policy: RetryPolicy,
  signal?: AbortSignal,
): Promise<R> {
  for (let tries = 1; ; tries++) {
    const outcome = await attempt().catch((error: unknown) => ({error}));
    const pauseMs = retryPauseMs(policy, tries, outcome);
    if (pauseMs === undefined) {
      if ('error' in outcome) throw outcome.error;
      return outcome;
    }
    if ('close' in outcome) outcome.close?.();
    await pause(pauseMs, signal);
  }
}

/** Milliseconds before the next attempt; undefined if there is none. */
export function retryPauseMs(
  policy: RetryPolicy,
  tries: number,
  outcome: Pick<RetryableResponse, 'status' | 'headers'> | {error: unknown},
): number | undefined {
  if (tries >= policy.maxTries) return undefined;
  if ('error' in outcome) return policy.retriesError(outcome.error) ? policy.pauseMs(tries) : undefined;
  if (!policy.retriesStatus(outcome.status, tries)) return undefined;
  const seconds = retryAfterS(outcome.headers);
  if (seconds === undefined) return policy.pauseMs(tries);
  return seconds > policy.maxRetryAfterS ? undefined : seconds * 1000;
}

/** Seconds. A longer time says nothing, and programs that use `poe serve` would wait for it. */
const maxRetryAfterS = 31 * 24 * 3600;

/**
 * The seconds of a `Retry-After` header; undefined if it has no time, or one after more than a month. A date is compared to the server's
 * own clock.
 */
export function retryAfterS(headers: ResponseHeaders): number | undefined {
  const value = headers.get('Retry-After');
  if (!value) return undefined;
  const isNumber = /^\d+(?:\.\d+)?$/.test(value);
  // Date.parse also reads "-5" or "2, 2" as a date, which would be in the past.
  if (!isNumber && !/\d\d:\d\d/.test(value)) return undefined;
  const seconds = isNumber ? Number(value) : (Date.parse(value) - (serverTime(headers) ?? Date.now())) / 1000;
  return seconds <= maxRetryAfterS ? Math.max(0, Math.ceil(seconds)) : undefined;
}

/** When to try again, as a sentence, by the `Retry-After` header; undefined if there is none. */
export function retryHint(headers: ResponseHeaders): string | undefined {
  const seconds = retryAfterS(headers);
  return seconds === undefined ? undefined : `Try again in ${duration(Math.max(seconds, 1))}.`;
}

function duration(seconds: number): string {
  if (seconds <= 90) return counted(seconds, 'second');
  const minutes = Math.ceil(seconds / 60);
  return minutes <= 90 ? counted(minutes, 'minute') : counted(Math.ceil(minutes / 60), 'hour');
}

const counted = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`;

/** @throws PoeError `interrupted` */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, {signal}).catch(() => {
    throw interruption(signal);
  });
}
