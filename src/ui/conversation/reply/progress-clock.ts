import {spinnerMs} from '../../text/progress-row.js';
import type {ChatStore} from '../../state/store.js';
import {set} from '../../state/transitions.js';

/** Commands that take less time show no progress, so that the prompt does not jump. */
const commandMs = 200;

/** Text that arrived so recently is a sign of life, too. A fast reply is drawn every 200 ms. */
const lifeMs = 250;

/** Shows what is in progress, and for how long. It costs nothing while nothing is. */
export class ProgressClock {
  readonly #store: ChatStore;
  readonly #isAnimated: boolean;
  #timer: NodeJS.Timeout | undefined;
  #startedAt = 0;
  #command: string | undefined;
  /** The end of the reply at the last tick, and how often text was printed until then. */
  #tail = '';
  #printCount = 0;
  /** When the reply was last seen to grow. */
  #grownMs = -lifeMs;

  constructor(store: ChatStore, {isAnimated}: {isAnimated: boolean}) {
    this.#store = store;
    this.#isAnimated = isAnimated;
  }

  /** @param command such as `/doctor`; undefined for a message */
  start(command: string | undefined): void {
    this.#startedAt = performance.now();
    this.#command = command;
    this.#grownMs = -lifeMs;
    if (!this.#isAnimated) return;
    clearInterval(this.#timer);
    this.#timer = setInterval(this.#tick, spinnerMs).unref();
    this.#tick();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#store.apply(set({progress: undefined}));
  }

  readonly #tick = (): void => {
    const {progress, question, tail} = this.#store.getSnapshot();
    const elapsedMs = performance.now() - this.#startedAt;
    const {printCount} = this.#store;
    if (tail !== this.#tail || printCount !== this.#printCount) this.#grownMs = elapsedMs;
    this.#tail = tail;
    this.#printCount = printCount;
    if (this.#command !== undefined && elapsedMs < commandMs) return;
    // The user is at work.
    if (question) return progress && this.#store.apply(set({progress: undefined}));
    const isGrowing = elapsedMs - this.#grownMs < lifeMs;
    if (progress && isGrowing && elapsedMs - progress.elapsedMs < 1000) return;
    this.#store.apply(set({progress: {command: this.#command, elapsedMs}}));
  };
}
