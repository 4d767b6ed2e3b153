import type {ChatState} from '../state/chat-state.js';
import type {ChatStore} from '../state/store.js';

/** The state that is on the screen. React reads it, so that it renders only when the screen draws. */
export class DrawnState {
  readonly #store: ChatStore;
  #state: ChatState;
  readonly #listeners = new Set<() => void>();

  constructor(store: ChatStore) {
    this.#store = store;
    this.#state = store.getSnapshot();
  }

  readonly getSnapshot = (): ChatState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Takes the current state of the store. */
  refresh(): void {
    this.#state = this.#store.getSnapshot();
    for (const listener of this.#listeners) listener();
  }
}
