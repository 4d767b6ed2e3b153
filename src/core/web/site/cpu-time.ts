import {readFileSync} from 'node:fs';
import process from 'node:process';

/** The CPU time of the whole process so far, in milliseconds. */
export function processCpuMs(): number {
  const {user, system} = process.cpuUsage();
  return (user + system) / 1000;
}

/** The CPU time of this thread so far, in milliseconds; of the whole process where the system does not tell. */
function threadCpuMs(): number {
  try {
    // Node 20 cannot tell. Linux writes nanoseconds here.
    return Number(/^\d+/.exec(readFileSync('/proc/thread-self/schedstat', 'utf8'))?.[0]) / 1e6 || processCpuMs();
  } catch {
    return processCpuMs();
  }
}

/** Limits the CPU time of this thread from now on. A busy machine does not count. */
export class CpuLimit {
  readonly #limitMs: number;
  readonly #start = threadCpuMs();
  /** The limit cannot be exceeded before, in milliseconds of `performance.now()`: a thread gets no more CPU time than passes. */
  #earliest: number;
  #isExceeded = false;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
    this.#earliest = performance.now() + limitMs;
  }

  /** Cheap enough to be asked thousands of times per second. */
  get isExceeded(): boolean {
    const now = performance.now();
    if (this.#isExceeded || now < this.#earliest) return this.#isExceeded;
    const leftMs = this.#limitMs - (threadCpuMs() - this.#start);
    this.#isExceeded = leftMs <= 0;
    this.#earliest = now + leftMs;
    return this.#isExceeded;
  }
}
