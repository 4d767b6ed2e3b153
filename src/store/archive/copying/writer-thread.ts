import {existsSync} from 'node:fs';
import {Worker} from 'node:worker_threads';
import type {ChatCopy, ChatWriter} from '../../../core/archive/archive-store.js';
import {type ErrorFacts, PoeError} from '../../../core/errors.js';

/** The path in the built package. */
const threadFile = new URL('../archive-thread.js', import.meta.url);

/** So many chats wait at most until the thread has stored them. */
const maxWaiting = 8;

/** What the thread is started with. */
export interface ThreadOptions {
  path: string;
  account: string | null;
}

/** What the thread is to do: store a chat, or all of them at once. It ends after `close`. */
export type Task = {chat: ChatCopy} | 'flush' | 'close';

/** What the thread answers to each task. */
export type Answer = {changed: number} | {failure: {message: string; hint: string | undefined; facts: ErrorFacts}};

/** @returns undefined in the sources, which do not contain the script of the thread */
export const startWriterThread = (options: ThreadOptions): ChatWriter | undefined =>
  existsSync(threadFile) ? new WriterThread(options) : undefined;

/** Stores chats in a thread, so that the next ones are read meanwhile. */
class WriterThread implements ChatWriter {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #waiting = 0;
  #changed = 0;
  #failure: {error: unknown} | undefined;
  #onAnswer: (() => void) | undefined;

  constructor(options: ThreadOptions) {
    // It keeps nothing for long, so a larger space for new objects would only take memory.
    const resourceLimits = {maxYoungGenerationSizeMb: 8};
    this.#worker = new Worker(threadFile, {workerData: options, env: {}, execArgv: [], resourceLimits});
    this.#worker.on('message', (answer: Answer) => {
      this.#waiting--;
      if ('changed' in answer) this.#changed = answer.changed;
      else this.#fail(toError(answer.failure));
      this.#onAnswer?.();
    });
    this.#worker.on('error', (error) => this.#fail(error));
    this.#exited = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        if (this.#waiting > 0) this.#fail(new PoeError('store', 'The thread that stores chats has ended'));
        resolve();
      });
    });
  }

  get changed(): number {
    return this.#changed;
  }

  add(chat: ChatCopy): Promise<void> {
    return this.#do({chat}, maxWaiting);
  }

  flush(): Promise<void> {
    return this.#do('flush', 0);
  }

  async close(): Promise<void> {
    try {
      await this.#do('close', 0);
      await this.#exited;
    } finally {
      await this.#worker.terminate();
    }
  }

  /** Passes a task to the thread, and waits until so many are left. */
  async #do(task: Task, left: number): Promise<void> {
    this.#throwFailure();
    this.#waiting++;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Worker threads have no origin.
    this.#worker.postMessage(task);
    while (this.#waiting > left && !this.#failure) await new Promise<void>((resolve) => (this.#onAnswer = resolve));
    this.#throwFailure();
  }

  #fail(error: unknown): void {
    this.#failure ??= {error};
    this.#onAnswer?.();
  }

  #throwFailure(): void {
    const failure = this.#failure;
    if (failure) throw failure.error;
  }
}

const toError = ({message, hint, facts}: {message: string; hint: string | undefined; facts: ErrorFacts}): PoeError =>
  new PoeError('store', message, {hint, ...facts});
