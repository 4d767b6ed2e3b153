import type {ChatState} from './chat-state.js';
import type {Transition} from './transitions.js';

/**
 * Holds the state of the chat and the text to print above it. It exists before React is loaded. All changes in one turn of the
 * event loop are announced together, so that they are drawn once.
 */
export class ChatStore {
  #state: ChatState;
  #printed = '';
  #isAnnounced = true;
  #printCount = 0;
  readonly #listeners = new Set<(printed: string) => void>();

  constructor(state: ChatState) {
    this.#state = state;
  }

  readonly getSnapshot = (): ChatState => this.#state;

  /** How often text was printed. */
  get printCount(): number {
    return this.#printCount;
  }

  /** @param listener receives the text printed since the last call. @returns a function that ends the subscription */
  readonly subscribe = (listener: (printed: string) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  apply(transition: Transition): void {
    const next = transition(this.#state);
    if (next === this.#state) return;
    this.#state = next;
    this.#announce();
  }

  /** Writes lines to the scrollback. They must be sanitized. */
  print(lines: string): void {
    this.#printed += lines;
    if (lines !== '') this.#printCount += 1;
    this.#announce();
  }

  /** Calls the listeners now, if anything changed. */
  flush(): void {
    if (this.#isAnnounced) return;
    this.#isAnnounced = true;
    const printed = this.#printed;
    this.#printed = '';
    for (const listener of this.#listeners) listener(printed);
  }

  #announce(): void {
    if (!this.#isAnnounced) return;
    this.#isAnnounced = false;
    queueMicrotask(() => this.flush());
  }
}
