import type {ArchiveStore, ChatCopy} from './archive-store.js';

/** Chats that are read within this time are stored together: storing each by itself takes twice as long. */
const maxDelayMs = 500;
const maxMessages = 1_000;

/** Stores chats that were read. If the program is killed, at most those of the last half second have to be read again. */
export class CopyWriter {
  readonly #archive: ArchiveStore;
  readonly #account: string | null;
  #waiting: ChatCopy[] = [];
  #messageCount = 0;
  #oldestAt = 0;
  /** How many messages were new or had changed. */
  changed = 0;

  constructor(archive: ArchiveStore, account: string | null) {
    this.#archive = archive;
    this.#account = account;
  }

  add(copy: ChatCopy): void {
    const now = performance.now();
    if (this.#waiting.length === 0) this.#oldestAt = now;
    this.#waiting.push(copy);
    this.#messageCount += copy.messages.length;
    if (this.#messageCount >= maxMessages || now - this.#oldestAt >= maxDelayMs) this.flush();
  }

  flush(): void {
    const [copies, now] = [this.#waiting, new Date().toISOString()];
    [this.#waiting, this.#messageCount] = [[], 0];
    if (copies.length === 0) return;
    this.changed += this.#archive.add(copies, {now, account: this.#account});
  }
}
