import type {ChatCopy, ChatWriter} from '../../core/archive/archive-store.js';

/** Stores chats as one change. @returns how many messages were new or changed */
type Store = (copies: readonly ChatCopy[], options: {now: string; account: string | null}) => number;

/** Chats that are read within this time are stored as one change: storing each by itself takes twice as long. */
const maxDelayMs = 500;
const maxMessages = 4_000;

/** Stores chats that were read. If the program is killed, at most those of the last half second have to be read again. */
export class CopyWriter implements ChatWriter {
  readonly #store: Store;
  readonly #account: string | null;
  #waiting: ChatCopy[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Why the chats could not be stored in time. */
  #failure: {error: unknown} | undefined;
  #messageCount = 0;
  #changed = 0;

  constructor(store: Store, account: string | null) {
    this.#store = store;
    this.#account = account;
  }

  get changed(): number {
    return this.#changed;
  }

  add(copy: ChatCopy): void {
    this.#throwFailure();
    this.#waiting.push(copy);
    this.#messageCount += copy.messages.length;
    if (this.#messageCount >= maxMessages) this.flush();
    // Also while the next chat is requested, however long that takes.
    else this.#timer ??= setTimeout(() => this.#storeInTime(), maxDelayMs).unref();
  }

  flush(): void {
    this.#throwFailure();
    this.#storeWaiting();
  }

  #storeInTime(): void {
    try {
      this.#storeWaiting();
    } catch (error) {
      this.#failure = {error};
    }
  }

  #throwFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure.error;
  }

  #storeWaiting(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const copies = this.#waiting;
    this.#waiting = [];
    this.#messageCount = 0;
    if (copies.length === 0) return;
    this.#changed += this.#store(copies, {now: new Date().toISOString(), account: this.#account});
  }
}
