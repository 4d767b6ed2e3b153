/** Watches over something that may take long as long as it goes on. */
export class IdleTimeout {
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #lastCall: NodeJS.Immediate | undefined;

  constructor(timeoutMs: number) {
    this.#timer = setTimeout(() => this.#listenOnceMore(), timeoutMs).unref();
  }

  /** Aborted when nothing was heard for so long. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Something was heard. */
  touch(): void {
    clearImmediate(this.#lastCall);
    this.#timer.refresh();
  }

  /** It is over. */
  end(): void {
    clearImmediate(this.#lastCall);
    clearTimeout(this.#timer);
  }

  /** A process that was held up finds its timers due before it has read what came meanwhile. */
  #listenOnceMore(): void {
    this.#lastCall = setImmediate(() => {
      this.#lastCall = setImmediate(() => this.#stop.abort());
    });
  }
}
