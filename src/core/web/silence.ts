/** Watches over something that may take long as long as it goes on. */
export class Silence {
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(timeoutMs: number) {
    this.#timer = setTimeout(() => this.#stop.abort(), timeoutMs).unref();
  }

  /** Aborted when nothing was heard for so long. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Something was heard. */
  heard(): void {
    this.#timer.refresh();
  }

  /** It is over. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
