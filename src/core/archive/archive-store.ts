import type {Chat, Citation, Message} from '../model.js';
import type {Id} from '../names/id.js';

/** A chat in the archive. */
export interface ArchivedChat extends Chat {
  /** ISO 8601: when the chat was first missing on Poe; null if it is there. */
  deleted: string | null;
}

/** A message in the archive. */
export interface ArchivedMessage extends Message {
  /** ISO 8601: when the message or its chat was first missing on Poe; null if it is there. */
  deleted: string | null;
}

/** What was read of a chat. */
export interface ChatCopy {
  chat: Chat;
  /** Newest first. */
  messages: readonly Message[];
  /** Whether these are all messages; otherwise all from the oldest of them on. */
  isAll: boolean;
}

/** A message that was found. */
export interface SearchHit {
  chat: Chat;
  message: Message;
  /** ISO 8601: when the message or its chat was first missing on Poe; null if it is there. */
  deleted: string | null;
}

/** Which messages of an archive are searched. */
export interface ArchiveFilter {
  /** The handle or the name of a bot, in any letter case: its messages, and those to it. */
  bot?: string | undefined;
  role?: 'user' | 'bot' | undefined;
  /** Only messages since then. */
  since?: Date | undefined;
}

export interface ArchiveSearchOptions extends ArchiveFilter {
  /** Tests each text instead of looking for words. */
  pattern?: RegExp | undefined;
  /** The maximum number of messages. Default: all. */
  limit?: number | undefined;
}

/** A bot or a month in the archive, with its messages. */
export interface ArchiveStatistics {
  /** A bot, or a month: `2026-04`. Empty if it is not known. */
  name: string;
  chats: number;
  messages: number;
  words: number;
}

/** Stores what was read of chats, in this order. If the program is killed, at most the chats of the last half second are missing. */
export interface ChatWriter {
  /** How many messages were new or had changed, of the chats that have been stored. */
  readonly changed: number;
  /** Takes a chat. @throws PoeError `store` if this chat, or an earlier one, cannot be stored */
  add(copy: ChatCopy): void;
  /** Stores the chats that are not stored yet. @throws PoeError `store` */
  flush(): void;
}

/** Where copies of chats are stored: `openArchive` returns one in an SQLite file. Every method throws PoeError `store`. */
export interface ArchiveStore {
  /**
   * When a chat had last been used when all of its messages were copied, ISO 8601. Empty if that is not known, or a reply was still
   * being written; null if they have not been copied.
   */
  copiedUntil(chat: Chat): string | null;
  /** Whether there are chats of an account, or on this machine, that were listed but not copied since they were last used. */
  hasUncopied(account: string | null): boolean;
  /** Stores what a list says about chats. @param account whose list it is; null if that is not known */
  seeAll(chats: readonly Chat[], account: string | null): void;
  /** Whether a message is stored as it is now. */
  has(chat: Chat, message: Message): boolean;
  /** Starts to store copies of chats. Meanwhile, nothing else of the archive may be changed before `flush`. @param account whose they are; null if that is not known */
  openWriter(account: string | null): Promise<ChatWriter>;
  /** The messages of a chat whose sources have not been stored. */
  withoutCitations(chat: Chat): Id[];
  addCitations(chat: Chat, messageId: Id, citations: readonly Citation[]): void;
  /**
   * The codes of the chats that a complete list did not have.
   * @param listed those that it had
   * @param wasListed whether the list could contain the chat with this code and account
   */
  missingChats(
    listed: {has(code: string): boolean},
    wasListed: (code: string, account: string | null) => boolean,
  ): string[];
  /** Marks chats as deleted. */
  markDeletedChats(codes: readonly string[], now: string): void;
  /** Remembers that a sync ended. @param isFull whether all chats of the account were listed */
  finishSync(now: string, options: {isFull: boolean; account: string | null}): void;
  /** When the last sync ended, ISO 8601; null if there was none. @param options.account only syncs of this account */
  lastSync(options?: {isFull?: boolean; account?: string | null}): string | null;
  /** The messages that contain all words, newest first. Case, accents and width do not matter. */
  search(words: readonly string[], options?: ArchiveSearchOptions): Iterable<SearchHit>;
  /** The chats, most recently used first. */
  chats(): Iterable<ArchivedChat>;
  /** The messages of a chat, newest first. @param key the code of the chat, or its number if it has none */
  messages(key: string): Iterable<ArchivedMessage>;
  statistics(by: 'bot' | 'month', since?: Date): ArchiveStatistics[];
  readonly files: ArchiveFiles;
  /** Keeps other processes from copying chats. @returns a function that ends this @throws PoeError `store` if one does already */
  lockSync(): Promise<() => void>;
  close(): void;
}

/** The files of messages, each stored once by the hash of its content. */
export interface ArchiveFiles {
  /** The messages that may have files, newest first. */
  messages(filter: Pick<ArchiveFilter, 'bot' | 'since'>): Iterable<Message>;
  /** Whether a file is stored, or Poe did not have it lately. */
  isKnown(url: string, now: Date): boolean;
  /** The path of a stored file; undefined if it is not stored. */
  find(url: string): string | undefined;
  /**
   * Stores a file.
   * @param download writes it to a path
   * @returns its size in bytes
   */
  add(url: string, download: (path: string) => Promise<unknown>): Promise<number>;
  /** Remembers that Poe does not have a file, so that it is not requested again soon. */
  markMissing(url: string, now: Date): void;
}
