import {PoeError} from '../errors.js';
import {routeName} from './connect/proxy-settings.js';

/** Reports when no data has arrived for some time. `touch()` restarts the timer. */
export class IdleTimeout {
  readonly #onTimeout: (error: PoeError) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #timeoutMs: number;
  readonly #url: URL;
  #graceTick: NodeJS.Immediate | undefined;
  #error: PoeError | undefined;
  #isPaused = false;

  /** @param url where the data comes from, for the error message */
  constructor(timeoutMs: number, url: URL, onTimeout: (error: PoeError) => void) {
    this.#onTimeout = onTimeout;
    this.#timeoutMs = timeoutMs;
    this.#url = url;
    this.#timer = setTimeout(() => this.#abortAfterPendingInput(), timeoutMs).unref();
  }

  /** A PoeError `timeout` once it was reported. */
  get error(): PoeError | undefined {
    return this.#error;
  }

  /** Reports that data has arrived, but is not wanted before the next `touch()`. */
  pause(): void {
    this.touch();
    this.#isPaused = true;
  }

  /** Reports activity. */
  touch(): void {
    this.#isPaused = false;
    clearImmediate(this.#graceTick);
    this.#timer.refresh();
  }

  /** Stops the timer permanently. */
  end(): void {
    clearImmediate(this.#graceTick);
    clearTimeout(this.#timer);
  }

  /** After a process was suspended, its timers fire before the data that has arrived is read. */
  #abortAfterPendingInput(): void {
    if (this.#isPaused) return void this.#timer.refresh();
    this.#graceTick = setImmediate(() => {
      this.#graceTick = setImmediate(() => {
        this.#error = idleTimeoutError(this.#timeoutMs, this.#url);
        this.#onTimeout(this.#error);
      });
    });
  }
}

/** @param timeoutMs how long no data arrived */
export function idleTimeoutError(timeoutMs: number, url: URL): PoeError {
  return new PoeError('timeout', noData(routeName(url), timeoutMs), {remedy: 'raise_timeout'});
}

/** The message of such an error. @param source where the data should have come from */
export function noData(source: string, timeoutMs: number): string {
  const seconds = timeoutMs / 1000;
  return `No data from ${source} for ${seconds === 1 ? '1 second' : `${seconds} seconds`}`;
}
