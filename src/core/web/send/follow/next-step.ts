/** How long the last text may arrive after the end of the job before it is requested. */
const jobDoneGraceMs = 2_000;
/** The pause before the next attempt to catch up: at first, doubled after each failure, and at most. */
const firstRetryMs = 1_000;
const maxRetryMs = 15_000;

/** The state of following a reply. Times are in milliseconds of `performance.now()`. */
export interface FollowState {
  /** Give up after this time without data from Poe. */
  timeoutMs: number;
  /** When Poe last sent something about the reply. */
  progressAt: number;
  /** Events may have been missed. */
  hasGap: boolean;
  /** The live connection: in use, lost, or closed by the caller. */
  connection: 'open' | 'lost' | 'closed';
  /** When to repeat an attempt to catch up that failed; `Infinity` if none did. */
  retryAt: number;
  /** The bot's job is done, and the last text has not been requested yet. */
  awaitsLastText: boolean;
}

export type FollowStep =
  /** Wait for the next event, at most `ms`. If none comes and `thenFinish` is set, request the last text. */
  | {type: 'wait'; ms: number; thenFinish: boolean}
  /** Request the messages. If that brings nothing new and `isLastTry` is set, give up. */
  | {type: 'catch_up'; isLastTry: boolean}
  /** The reply cannot be followed any further. */
  | {type: 'give_up'};

/** The next thing to do. */
export function nextStep(state: FollowState, now: number): FollowStep {
  const {timeoutMs, progressAt, hasGap, connection, retryAt, awaitsLastText} = state;
  if (connection === 'closed') return {type: 'give_up'};
  const isLastTry = now - progressAt >= timeoutMs;
  if (hasGap || connection === 'lost' || isLastTry || now >= retryAt) return {type: 'catch_up', isLastTry};
  const leftMs = Math.min(progressAt + timeoutMs, retryAt) - now;
  const ms = awaitsLastText ? Math.min(jobDoneGraceMs, leftMs) : leftMs;
  return {type: 'wait', ms: Math.max(1, Math.ceil(ms)), thenFinish: awaitsLastText};
}

/** The pause after a failed attempt to catch up. @param failures how many failed in a row before */
export const catchUpPauseMs = (failures: number): number => Math.min(firstRetryMs * 2 ** failures, maxRetryMs);
