import {PoeError} from '../errors.js';

/** Aborts its signal when nothing has happened for a given time. `touch()` starts that time again. */
export class IdleTimeout {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #graceTick: NodeJS.Immediate | undefined;

  constructor(timeoutMs: number) {
    this.#timer = setTimeout(() => this.#abortAfterPendingInput(), timeoutMs).unref();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Reports activity. */
  touch(): void {
    clearImmediate(this.#graceTick);
    this.#timer.refresh();
  }

  /** Stops the timer; the signal is not aborted any more. */
  end(): void {
    clearImmediate(this.#graceTick);
    clearTimeout(this.#timer);
  }

  /** After a process was suspended its timers fire before the data that arrived meanwhile is read. */
  #abortAfterPendingInput(): void {
    this.#graceTick = setImmediate(() => {
      this.#graceTick = setImmediate(() => this.#controller.abort());
    });
  }
}

/** @param timeoutMs how long nothing arrived */
export function idleTimeoutError(timeoutMs: number, url: URL, cause?: unknown): PoeError {
  return new PoeError('timeout', noData(url.host, timeoutMs), {remedy: 'raise_timeout', cause});
}

export function noData(source: string, timeoutMs: number): string {
  const seconds = timeoutMs / 1000;
  return `No data from ${source} for ${seconds === 1 ? '1 second' : `${seconds} seconds`}`;
}
