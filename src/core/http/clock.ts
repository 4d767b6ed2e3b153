import type {AnswerHeaders} from './transport.js';

/** Clocks that differ by less are taken to be the same: an answer tells the time in whole seconds, and takes a while to come. */
const sameMs = 5_000;
/** How wrong Poe's time may be as it is known here: what it was told to be, or what this machine has it. */
const toldSkewMs = 6_000;
const untoldSkewMs = 30_000;

/** Poe's clock, as its answers tell it, for that of this machine may be wrong. Until the first answer they are the same. */
export class Clock {
  #aheadMs = 0;
  #isTold = false;

  hear(headers: AnswerHeaders): void {
    const told = timeOf(headers);
    if (told === undefined) return;
    const aheadMs = told - Date.now();
    this.#aheadMs = Math.abs(aheadMs) < sameMs ? 0 : aheadMs;
    this.#isTold = true;
  }

  /** Milliseconds, as those of `Date.now()`. */
  now(): number {
    return Date.now() + this.#aheadMs;
  }

  /** A time of this machine's clock by Poe's. Both ISO 8601. */
  of(here: string): string {
    return new Date(Date.parse(here) + this.#aheadMs).toISOString();
  }

  get skewMs(): number {
    return this.#isTold ? toldSkewMs : untoldSkewMs;
  }
}

/** What time it is where an answer comes from, in milliseconds; undefined where it does not tell. */
export function timeOf(headers: AnswerHeaders): number | undefined {
  const told = Date.parse(headers.get('Date') ?? '');
  return Number.isNaN(told) ? undefined : told;
}
