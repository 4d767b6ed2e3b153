import {interruption} from '../../core/errors.js';
import {ServeError} from '../errors/serve-error.js';

/** How long a request may wait for the ones before it. */
const maxWaitMs = 5 * 60_000;

interface QueueLimits {
  /** How many requests may wait. */
  maxWaiting: number;
  /** How many bytes they may have together. */
  maxBytes: number;
}

/** Lets one request at a time through, in the order in which they arrive. */
export class RequestQueue {
  readonly #limits: QueueLimits;
  readonly #waiting: (() => void)[] = [];
  #isBusy = false;
  /** The size of the requests that wait. */
  #waitingBytes = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /**
   * Waits for its turn. The next request gets its turn when the result is disposed of.
   * @param bytes the size of the request
   * @throws ServeError with the status 429 if too many requests wait, or it waits too long; PoeError `interrupted`
   */
  async enter({bytes, signal}: {bytes: number; signal: AbortSignal}): Promise<Disposable> {
    if (signal.aborted) throw interruption(signal);
    if (!this.#isBusy) {
      this.#isBusy = true;
      return this.#turn();
    }
    const {maxWaiting, maxBytes} = this.#limits;
    const isFull = this.#waiting.length >= maxWaiting || this.#waitingBytes + bytes > maxBytes;
    if (isFull) throw queueFull('Too many requests are waiting for Poe');
    this.#waitingBytes += bytes;
    try {
      await this.#wait(AbortSignal.any([signal, AbortSignal.timeout(maxWaitMs)]));
    } finally {
      this.#waitingBytes -= bytes;
    }
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
