import {pause} from './pause.js';

const minuteMs = 60_000;

/** Lets at most a number of calls start in any minute. */
export class RateLimit {
  readonly #perMinute: number;
  /** When the latest calls started, by `performance.now()`; a ring of `perMinute` entries. */
  readonly #starts: number[] = [];
  #next = 0;
  #pausedUntil = 0;

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** Waits until another call may start. @throws PoeError `interrupted` */
  async take(signal: AbortSignal): Promise<void> {
    for (;;) {
      const now = performance.now();
      const oldest = this.#starts.length < this.#perMinute ? undefined : this.#starts[this.#next];
      const freeAt = Math.max(this.#pausedUntil, oldest === undefined ? 0 : oldest + minuteMs);
      if (freeAt <= now) break;
      await pause(freeAt - now, signal);
    }
    if (!Number.isFinite(this.#perMinute)) return;
    this.#starts[this.#next] = performance.now();
    this.#next = (this.#next + 1) % this.#perMinute;
  }

  /** Lets no call start for a while. @returns whether that is longer than before */
  pause(ms: number): boolean {
    const until = performance.now() + ms;
    // Several calls are rejected at the same time.
    const isLonger = until > this.#pausedUntil + 1_000;
    this.#pausedUntil = Math.max(this.#pausedUntil, until);
    return isLonger;
  }
}
