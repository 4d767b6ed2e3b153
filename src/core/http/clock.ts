import type {ResponseHeaders} from './transport.js';

/** Smaller differences are ignored: a `Date` header has whole seconds and takes a while to arrive. */
const toleranceMs = 5_000;
/** How far off `now()` may be: once a response has set the clock, and before. */
const knownSkewMs = 6_000;
const unknownSkewMs = 30_000;

/** Poe's clock, taken from the `Date` header of its responses, because the local clock may be wrong. */
export class Clock {
  #aheadMs = 0;
  #isKnown = false;

  /** Sets the clock from a response. */
  update(headers: ResponseHeaders): void {
    const time = serverTime(headers);
    if (time === undefined) return;
    const aheadMs = time - Date.now();
    this.#aheadMs = Math.abs(aheadMs) < toleranceMs ? 0 : aheadMs;
    this.#isKnown = true;
  }

  /** Milliseconds since 1970, as `Date.now()`. Until the first response, the local time. */
  now(): number {
    return Date.now() + this.#aheadMs;
  }

  /** Converts a local time to Poe's. Both are ISO 8601. */
  fromLocal(time: string): string {
    return new Date(Date.parse(time) + this.#aheadMs).toISOString();
  }

  /** The largest difference to expect between `now()` and Poe's clock, in milliseconds. */
  get skewMs(): number {
    return this.#isKnown ? knownSkewMs : unknownSkewMs;
  }
}

/** The time of a response's `Date` header in milliseconds since 1970; undefined if it has none. */
export function serverTime(headers: ResponseHeaders): number | undefined {
  const time = Date.parse(headers.get('Date') ?? '');
  return Number.isNaN(time) ? undefined : time;
}
