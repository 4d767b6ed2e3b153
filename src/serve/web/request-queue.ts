import {interruption} from '../../core/errors.js';
import {ServeError} from '../errors/serve-error.js';

/** How long a request may wait for the ones before it. */
const maxWaitMs = 5 * 60_000;

/** Lets one request at a time through, in the order in which they arrive. */
export class RequestQueue {
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #isBusy = false;

  /** @param maxWaiting how many requests may wait */
  constructor({maxWaiting}: {maxWaiting: number}) {
    this.#maxWaiting = maxWaiting;
  }

  /** How many requests wait. */
  get length(): number {
    return this.#waiting.length;
  }

  /**
   * Waits for its turn. The next request gets its turn when the result is disposed of.
   * @throws ServeError with the status 429 if too many requests wait, or it waits too long; PoeError `interrupted`
   */
  async enter(signal: AbortSignal): Promise<Disposable> {
    if (signal.aborted) throw interruption(signal);
    if (!this.#isBusy) {
      this.#isBusy = true;
      return this.#turn();
    }
    if (this.#waiting.length >= this.#maxWaiting) throw queueFull('Too many requests are waiting for Poe');
    await this.#wait(AbortSignal.any([signal, AbortSignal.timeout(maxWaitMs)]));
    return this.#turn();
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const start = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(start), 1);
        const isTimeout = signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
        reject(isTimeout ? queueFull('The requests before this one took too long') : interruption(signal));
      };
      this.#waiting.push(start);
      signal.addEventListener('abort', leave, {once: true});
    });
  }

  #turn(): Disposable {
    let isOver = false;
    return {
      [Symbol.dispose]: () => {
        if (isOver) return;
        isOver = true;
        const next = this.#waiting.shift();
        if (next) next();
        else this.#isBusy = false;
      },
    };
  }
}

const queueFull = (message: string) =>
  new ServeError(429, `${message}. With a browser session, Poe is asked one question at a time.`, {
    kind: 'rate_limited',
    code: 'queue_full',
    retryAfterS: 10,
  });
