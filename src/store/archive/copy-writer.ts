import type {ChatCopy, ChatWriter} from '../../core/archive/archive-store.js';

/** Where it stores them: see `Archive`. */
interface Target {
  add(copy: ChatCopy, options: {now: string; account: string | null}): number;
  begin(): (isComplete: boolean) => void;
}

/** Chats that are read within this time are stored as one change: storing each by itself takes twice as long. */
const maxDelayMs = 500;
const maxMessages = 1_000;

/** Stores chats that were read. If the program is killed, at most those of the last half second have to be read again. */
export class CopyWriter implements ChatWriter {
  readonly #archive: Target;
  readonly #account: string | null;
  #end: ((isComplete: boolean) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Why the chats could not be stored in time. */
  #failure: {error: unknown} | undefined;
  #messageCount = 0;
  #changed = 0;

  constructor(archive: Target, account: string | null) {
    this.#archive = archive;
    this.#account = account;
  }

  get changed(): number {
    return this.#changed;
  }

  add(copy: ChatCopy): void {
    this.#throwFailure();
    if (!this.#end) {
      this.#end = this.#archive.begin();
      this.#messageCount = 0;
      // Also while the next chat is requested, however long that takes: meanwhile no other program can change the archive.
      this.#timer = setTimeout(() => this.#storeInTime(), maxDelayMs).unref();
    }
    try {
      this.#changed += this.#archive.add(copy, {now: new Date().toISOString(), account: this.#account});
    } catch (error) {
      this.#close(false);
      throw error;
    }
    this.#messageCount += copy.messages.length;
    if (this.#messageCount >= maxMessages) this.flush();
  }

  flush(): void {
    this.#throwFailure();
    this.#close(true);
  }

  #storeInTime(): void {
    try {
      this.#close(true);
    } catch (error) {
      this.#failure = {error};
    }
  }

  #throwFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure.error;
  }

  #close(isComplete: boolean): void {
    clearTimeout(this.#timer);
    const end = this.#end;
    this.#end = undefined;
    end?.(isComplete);
  }
}
