import type {ChatRef} from '../names/chat-ref.js';
import type {Chat} from '../model.js';
import type {CallOptions} from '../options.js';
import type {
  ArchivedChat,
  ArchivedMessage,
  ArchiveSearchOptions,
  ArchiveStatistics,
  SearchHit,
} from './archive-store.js';

/**
 * Copies of chats on this machine. Every method throws PoeError `store` if the archive cannot be used, and `usage` if the client has
 * none.
 */
export interface ChatArchive<Ref = ChatRef | Chat> {
  /**
   * Copies the chats that have changed since the last time, one after another, with pauses between requests to poe.com. What was
   * copied stays if the loop is left, or after an error; the next call continues there.
   * @throws PoeError
   */
  sync(options?: SyncOptions): AsyncGenerator<SyncEvent, void, undefined>;
  /** The messages that contain all words, newest first. Case, accents and width do not matter. Asks nothing of Poe. */
  search(words: string | readonly string[], options?: ArchiveSearchOptions): AsyncGenerator<SearchHit, void, undefined>;
  /** The chats, most recently used first. */
  chats(): AsyncGenerator<ArchivedChat, void, undefined>;
  /** The messages of a chat, newest first; none if the chat was not copied. */
  messages(chat: Ref): AsyncGenerator<ArchivedMessage, void, undefined>;
  /** Counts chats, messages and words. */
  statistics(by: 'bot' | 'month', options?: {since?: Date}): Promise<ArchiveStatistics[]>;
  /** When the last sync ended, ISO 8601; null if there was none. */
  lastSync(): Promise<string | null>;
}

/** Options of `archive.sync`. */
export interface SyncOptions extends CallOptions {
  /** Only chats with this bot. */
  bot?: string | undefined;
  /** Only chats that were used since then. */
  since?: Date | undefined;
  /** Also copy attachments, and images that Poe serves. */
  files?: boolean | undefined;
  /** List all chats, even if the last complete list is less than a day old. Finds chats that were renamed or deleted. */
  isFull?: boolean | undefined;
  /** Only list the chats that would be copied. */
  isDryRun?: boolean | undefined;
}

/**
 * What a sync does: it has `listed` so many chats, will copy the next `chat` or `file`, or is `done`. `count` is how many of `total`
 * come before.
 */
export type SyncEvent =
  | {type: 'listed'; count: number}
  | {type: 'chat'; chat: Chat; count: number; total: number}
  | {type: 'file'; url: string; count: number; total: number}
  | {type: 'done'; result: SyncResult};

export interface SyncResult {
  /** The chats that were copied, or would be. */
  chats: Chat[];
  /** How many of them were not in the archive before. */
  added: number;
  /** Chats that have not changed, also those that were not listed because newer ones have not changed either. */
  unchanged: number;
  /** Messages that were new or had changed. */
  messages: number;
  /** Chats that are no longer on Poe. */
  deleted: number;
  /** Files that were copied. */
  files: number;
  /** Files that Poe does not have, or that could not be copied. */
  missingFiles: number;
}
