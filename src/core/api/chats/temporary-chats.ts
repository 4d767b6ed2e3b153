import {type ChatFiles, type MediaFiles, memoryChats} from './chat-files.js';

/** Chat files that keep some chats in memory only. These are not listed. */
export class TemporaryChats implements Omit<ChatFiles, 'media'> {
  readonly #stored: ChatFiles;
  readonly #memory = memoryChats();
  readonly #temporary = new Set<string>();

  constructor(stored: ChatFiles) {
    this.#stored = stored;
  }

  keepInMemory(code: string): void {
    this.#temporary.add(code);
  }

  isTemporary(code: string): boolean {
    return this.#temporary.has(code);
  }

  readonly codes: ChatFiles['codes'] = () => this.#stored.codes();
  readonly read: ChatFiles['read'] = (code) => this.#filesOf(code).read(code);
  readonly changedTime = async (code: string): Promise<number | undefined> => this.#stored.changedTime?.(code);
  readonly append: ChatFiles['append'] = (code, ...rest) => this.#filesOf(code).append(code, ...rest);
  readonly remove: ChatFiles['remove'] = async (code) => {
    await this.#filesOf(code).remove(code);
    this.#temporary.delete(code);
  };

  get media(): MediaFiles | undefined {
    return this.#stored.media;
  }

  #filesOf(code: string): ChatFiles {
    return this.#temporary.has(code) ? this.#memory : this.#stored;
  }
}
