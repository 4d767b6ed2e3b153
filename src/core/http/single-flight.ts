import {interruption} from '../errors.js';
import {whenAborted} from './when-aborted.js';

/**
 * Shares one run of an operation between all callers that want its result at the same time. A caller that aborts only stops
 * waiting; the run is aborted when every caller has done so. After a run has ended, the next caller starts another one.
 */
export class SingleFlight<T> {
  #run: Run<T> | undefined;

  /** Waits for the current run, or starts one. @throws PoeError `interrupted`; what `work` throws */
  async join(work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) throw interruption(signal);
    const run = (this.#run ??= new Run(work));
    try {
      return await run.wait(signal);
    } finally {
      if (run.hasEnded && this.#run === run) this.#run = undefined;
    }
  }

  /** Makes the next caller start a new run. */
  forget(): void {
    this.#run = undefined;
  }
}

class Run<T> {
  readonly #controller = new AbortController();
  readonly #result: Promise<T>;
  #waiting = 0;
  #isSettled = false;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.#result = work(this.#controller.signal).finally(() => (this.#isSettled = true));
    // Each caller receives the rejection from `wait`; there may be none left.
    this.#result.catch(() => {});
  }

  /** Whether the result is there, or will never be. */
  get hasEnded(): boolean {
    return this.#isSettled || this.#controller.signal.aborted;
  }

  wait(signal?: AbortSignal): Promise<T> {
    this.#waiting++;
    if (!signal) return this.#result;
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        if (--this.#waiting === 0) this.#controller.abort(interruption(signal));
        reject(interruption(signal));
      };
      whenAborted(signal, leave);
      void this.#result.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }
}
