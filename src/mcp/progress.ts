/** How often the client hears that a call goes on. */
const intervalMs = 2_000;

interface Notification {
  progress: number;
  message: string;
}

/**
 * Tells the client every few seconds what a call is doing. Without it, many clients give up after a minute.
 * @param notify sends a notification; undefined if the client did not ask for any
 */
export class Progress {
  readonly #notify: ((notification: Notification) => Promise<void>) | undefined;
  readonly #startedAt = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #message = '';
  #last = 0;

  constructor(notify: ((notification: Notification) => Promise<void>) | undefined) {
    this.#notify = notify;
  }

  /** What the call is doing now. The first time, it is sent at once. */
  update(message: string): void {
    this.#message = message;
    if (!this.#notify || this.#timer) return;
    this.#timer = setInterval(() => this.#send(), intervalMs);
    this.#send();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #send(): void {
    // The protocol requires that it grows. No total is known, so it counts seconds.
    const seconds = Math.round((performance.now() - this.#startedAt) / 100) / 10;
    this.#last = Math.max(seconds, this.#last + 0.1);
    // A client that has gone away is noticed elsewhere.
    this.#notify?.({progress: this.#last, message: this.#message}).catch(() => {});
  }
}
