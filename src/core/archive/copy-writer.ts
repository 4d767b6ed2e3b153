import type {ArchiveStore, ChatCopy} from './archive-store.js';

/** Chats that are read within this time are stored as one change: storing each by itself takes twice as long. */
const maxDelayMs = 500;
const maxMessages = 1_000;

/** Stores chats that were read. If the program is killed, at most those of the last half second have to be read again. */
export class CopyWriter {
  readonly #archive: ArchiveStore;
  readonly #account: string | null;
  #end: ((isComplete: boolean) => void) | undefined;
  #startedAt = 0;
  #messageCount = 0;
  /** How many messages were new or had changed. */
  changed = 0;

  constructor(archive: ArchiveStore, account: string | null) {
    this.#archive = archive;
    this.#account = account;
  }

  add(copy: ChatCopy): void {
    if (!this.#end) {
      this.#end = this.#archive.begin();
      [this.#startedAt, this.#messageCount] = [performance.now(), 0];
    }
    try {
      this.changed += this.#archive.add(copy, {now: new Date().toISOString(), account: this.#account});
    } catch (error) {
      this.#close(false);
      throw error;
    }
    this.#messageCount += copy.messages.length;
    if (this.#messageCount >= maxMessages || performance.now() - this.#startedAt >= maxDelayMs) this.flush();
  }

  /** Call it before a pause, too: meanwhile no other program could change the archive. */
  flush(): void {
    this.#close(true);
  }

  #close(isComplete: boolean): void {
    const end = this.#end;
    this.#end = undefined;
    end?.(isComplete);
  }
}
