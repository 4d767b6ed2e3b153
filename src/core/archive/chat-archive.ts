import {PoeError} from '../errors.js';
import type {Chat} from '../model.js';
import {chatName, type ChatRef, isSameChat} from '../names/chat-ref.js';
import type {
  ArchivedChat,
  ArchivedMessage,
  ArchiveSearchOptions,
  ArchiveStatistics,
  ArchiveStore,
  SearchHit,
} from './archive-store.js';
import type {ChatArchive, SyncEvent, SyncOptions} from './archive.js';
import type {SyncSource} from './sync-chats.js';

interface ArchiveDeps extends SyncSource {
  /** @throws PoeError `store`, `usage` */
  store(): Promise<ArchiveStore>;
  /** Whether Poe is simulated on this machine, so that no pauses are needed. */
  isOnThisMachine(): Promise<boolean>;
}

/** The archive of a client. */
export class StoredArchive implements ChatArchive {
  readonly #deps: ArchiveDeps;

  constructor(deps: ArchiveDeps) {
    this.#deps = deps;
  }

  async *sync(options: SyncOptions = {}): AsyncGenerator<SyncEvent, void, undefined> {
    const [{syncChats}, {Pauses}, store, isOff] = await Promise.all([
      import('./sync-chats.js'),
      import('./pauses.js'),
      this.#deps.store(),
      this.#deps.isOnThisMachine(),
    ]);
    const release = options.isDryRun ? () => {} : await store.lockSync();
    try {
      yield* syncChats(store, this.#deps, new Pauses({isOff, signal: options.signal}), options);
    } finally {
      release();
    }
  }

  async *search(
    words: string | readonly string[],
    options?: ArchiveSearchOptions,
  ): AsyncGenerator<SearchHit, void, undefined> {
    yield* (await this.#deps.store()).search(typeof words === 'string' ? words.split(/\s+/) : words, options);
  }

  async *chats(): AsyncGenerator<ArchivedChat, void, undefined> {
    yield* (await this.#deps.store()).chats();
  }

  async *messages(chat: ChatRef | Chat): AsyncGenerator<ArchivedMessage, void, undefined> {
    const store = await this.#deps.store();
    const hasCode = 'chatCode' in chat && chat.chatCode !== null;
    const stored = hasCode ? chat : [...store.chats()].find((each) => isSameChat(each, chat));
    if (stored) yield* store.messages(chatName(stored));
  }

  async statistics(by: 'bot' | 'month', {since}: {since?: Date} = {}): Promise<ArchiveStatistics[]> {
    return (await this.#deps.store()).statistics(by, since);
  }

  async lastSync(): Promise<string | null> {
    return (await this.#deps.store()).lastSync();
  }
}

/** The store of a client that was created without one. @throws PoeError `usage` */
export const noArchive = async (): Promise<never> => {
  throw new PoeError('usage', 'The client has no archive', {
    hint: 'Pass one as the option archive: await openArchive(path).',
  });
};
