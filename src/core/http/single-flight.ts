import {interruption} from '../errors.js';

/**
 * Work that is done once for all who want it at the same time. One who gives up takes it from nobody else; when all have, it is
 * stopped. Who comes when it has ended begins anew.
 */
export class SingleFlight<T> {
  #running: Running<T> | undefined;

  /** Waits for the work that is being done, or begins it. @throws PoeError `interrupted`; and what the work throws */
  async join(work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) throw interruption(signal);
    const running = (this.#running ??= new Running(work));
    try {
      return await running.wait(signal);
    } finally {
      if (running.isOver && this.#running === running) this.#running = undefined;
    }
  }

  /** Whoever comes from now on begins anew. */
  forget(): void {
    this.#running = undefined;
  }
}

class Running<T> {
  readonly #stop = new AbortController();
  readonly #result: Promise<T>;
  #waiting = 0;
  #isDone = false;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.#result = work(this.#stop.signal).finally(() => (this.#isDone = true));
    // Whoever waits hears of a failure.
    this.#result.catch(() => {});
  }

  /** Whether there is a result, or will be none. */
  get isOver(): boolean {
    return this.#isDone || this.#stop.signal.aborted;
  }

  wait(signal?: AbortSignal): Promise<T> {
    this.#waiting++;
    if (!signal) return this.#result;
    return new Promise<T>((resolve, reject) => {
      const giveUp = () => {
        if (--this.#waiting === 0) this.#stop.abort(interruption(signal));
        reject(interruption(signal));
      };
      signal.addEventListener('abort', giveUp, {once: true});
      void this.#result.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
    });
  }
}
