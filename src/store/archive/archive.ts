import {dirname} from 'node:path';
import * as v from 'valibot';
import type {
  ArchivedChat,
  ArchivedMessage,
  ArchiveSearchOptions,
  ArchiveStatistics,
  ArchiveStore,
  ChatCopy,
  ChatWriter,
  SearchHit,
} from '../../core/archive/archive-store.js';
import {PoeError} from '../../core/errors.js';
import {mayGrow} from '../../core/message.js';
import type {Chat, Citation, Message} from '../../core/model.js';
import type {Id} from '../../core/names/id.js';
import {Database} from '../database/database.js';
import {toStoreError} from '../files/errors.js';
import {makePrivateFolder} from '../files/folder.js';
import {lock} from '../files/lock.js';
import {StoredFiles} from './archive-files.js';
import {type ArchiveProblem, checkArchive} from './check-archive.js';
import {MessageTable} from './message-table.js';
import {messagesWhere} from './query.js';
import {keyOf} from './rows.js';
import {migrations} from './schema.js';
import {searchMessages} from './search-messages.js';
import {type BotPoints, type Counts, countsOf, pointsByBotAndMonth, statisticsBy} from './statistics.js';
import {type ChatPage, storedChat, storedChats} from './stored-chats.js';

export interface ArchiveOptions {
  /** The path of the file, or `:memory:`. */
  path: string;
  /** Called with the new path of a damaged file. */
  onDamaged: (path: string) => void;
}

const IdRow = v.object({id: v.number()});
const Copied = v.object({copied: v.nullable(v.string())});
const Listed = v.object({code: v.string(), account: v.nullable(v.string())});
const dayMs = 86_400_000;

/** Copies of chats and their messages in SQLite, which can be searched. Every method throws PoeError `store`. */
export class Archive implements ArchiveStore {
  readonly files: StoredFiles;
  readonly #database: Database;
  readonly #messages: MessageTable;
  readonly #path: string;

  private constructor(database: Database, path: string) {
    this.#database = database;
    this.#messages = new MessageTable(database);
    this.#path = path;
    this.files = new StoredFiles(database, path);
  }

  /** @throws PoeError `store` if SQLite is not available on this platform */
  static async open({path, onDamaged}: ArchiveOptions): Promise<Archive> {
    const database = await Database.open({path, migrations, onDamaged});
    // If the machine itself fails, the last chats may have to be copied again. The file stays intact.
    database.run('PRAGMA synchronous = NORMAL');
    return new Archive(database, path);
  }

  copiedUntil(chat: Chat): string | null {
    return this.#database.first(Copied, 'SELECT copied FROM chats WHERE code = ?', [keyOf(chat)])?.copied ?? null;
  }

  hasUncopied(account: string | null): boolean {
    const sql = `SELECT id FROM chats WHERE copied IS NOT coalesce(used, '') AND deleted IS NULL
      AND (account IS NULL OR account IS ?) LIMIT 1`;
    return this.#database.first(IdRow, sql, [account]) !== undefined;
  }

  seeAll(chats: readonly Chat[], account: string | null): void {
    this.#database.transaction(() => {
      for (const chat of chats) this.#see(chat, account);
    });
  }

  has(chat: Chat, message: Message): boolean {
    return this.#messages.has(this.#id(keyOf(chat)), message);
  }

  async openWriter(account: string | null): Promise<ChatWriter> {
    const {CopyWriter} = await import('./copy-writer.js');
    return new CopyWriter(this, account);
  }

  /** Stores what was read of a chat. @returns how many messages were new or changed */
  add({chat, messages, isAll}: ChatCopy, {now, account}: {now: string; account: string | null}): number {
    return this.#database.transaction(() => {
      this.#see(chat, account);
      const id = this.#id(keyOf(chat));
      const isEmpty = !this.#messages.hasAny(id);
      const added = new Set<Id>();
      let changed = 0;
      let isUnfinished = false;
      // By ascending ID: FTS5 writes what it has gathered to the disk whenever an ID is less than the one before.
      for (const {message, time} of withTimes(messages, chat.lastInteractionTime).toReversed()) {
        const isNew = isEmpty && !added.has(message.messageId);
        const isChanged = this.#messages.put(id, message, {time, isNew});
        if (isChanged) changed += 1;
        isUnfinished ||= mayGrow(message, {isChanged, time, now: Date.parse(now)});
        added.add(message.messageId);
      }
      if (!isEmpty) this.#messages.markMissing(id, messages, {isAll, now});
      // Poe may not count the end of a reply as a use of the chat, so that the chat must be read again.
      const copied = isUnfinished ? '' : (chat.lastInteractionTime ?? '');
      this.#database.run('UPDATE chats SET copied = ? WHERE id = ?', [copied, id]);
      return changed;
    });
  }

  /** See `Database.begin`. */
  begin(): (isComplete: boolean) => void {
    return this.#database.begin();
  }

  withoutCitations(chat: Chat): Id[] {
    return this.#messages.withoutCitations(this.#id(keyOf(chat)));
  }

  addCitations(chat: Chat, messageId: Id, citations: readonly Citation[]): void {
    this.#messages.addCitations(this.#id(keyOf(chat)), messageId, citations);
  }

  missingChats(
    listed: {has(code: string): boolean},
    wasListed: (code: string, account: string | null) => boolean,
  ): string[] {
    return this.#database
      .all(Listed, 'SELECT code, account FROM chats WHERE deleted IS NULL')
      .filter(({code, account}) => wasListed(code, account) && !listed.has(code))
      .map(({code}) => code);
  }

  markDeletedChats(codes: readonly string[], now: string): void {
    this.#database.transaction(() => {
      for (const code of codes) this.#database.run('UPDATE chats SET deleted = ? WHERE code = ?', [now, code]);
    });
  }

  finishSync(now: string, {isFull, account}: {isFull: boolean; account: string | null}): void {
    const sql = 'INSERT INTO syncs (finished, is_full, account) VALUES (?, ?, ?)';
    this.#database.run(sql, [now, isFull ? 1 : 0, account]);
  }

  lastSync({isFull = false, account}: {isFull?: boolean; account?: string | null} = {}): string | null {
    const row = v.object({finished: v.nullable(v.string())});
    const sql = `SELECT max(finished) AS finished FROM syncs WHERE is_full >= ?${account === undefined ? '' : ' AND account IS ?'}`;
    const values = account === undefined ? [isFull ? 1 : 0] : [isFull ? 1 : 0, account];
    return this.#database.first(row, sql, values)?.finished ?? null;
  }

  search(words: readonly string[], options: ArchiveSearchOptions = {}): Generator<SearchHit, void, undefined> {
    return searchMessages(this.#database, words, options);
  }

  messages(key: string): Generator<ArchivedMessage, void, undefined> {
    return messagesWhere(this.#database, {condition: 'm.chat = ?', values: [this.#id(key)]});
  }

  /** The chats whose messages have been copied, the one used last first. */
  chats(page: ChatPage = {}): ArchivedChat[] {
    return storedChats(this.#database, page);
  }

  /** A chat and its messages, oldest first; undefined if there is none with this code, or number without one. */
  chat(code: string): {chat: ArchivedChat; messages: ArchivedMessage[]} | undefined {
    return storedChat(this.#database, code);
  }

  /** Whether any chat has been copied. */
  hasChats(): boolean {
    return this.#database.first(IdRow, 'SELECT id FROM chats WHERE copied IS NOT NULL LIMIT 1') !== undefined;
  }

  /** How many chats and messages have been copied. */
  counts(): Counts {
    return countsOf(this.#database);
  }

  /** See `statisticsBy`. */
  statistics(by: 'bot' | 'month', since?: Date): ArchiveStatistics[] {
    return statisticsBy(this.#database, by, since?.toISOString());
  }

  /** What Poe says that replies cost, by bot and local month. */
  points(since?: Date): BotPoints[] {
    return pointsByBotAndMonth(this.#database, since?.toISOString());
  }

  /** See `checkArchive`. */
  check(): Promise<ArchiveProblem | undefined> {
    return checkArchive(this.#database, this.files);
  }

  /** Makes the file as small as possible. */
  vacuum(): void {
    this.#database.run("INSERT INTO trigrams (trigrams) VALUES ('optimize')");
    this.#database.run('VACUUM');
    this.#database.run('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  async lockSync(): Promise<() => void> {
    if (this.#path === ':memory:') return () => {};
    makePrivateFolder(dirname(this.#path));
    const options = {maxAgeMs: dayMs, maxWaitMs: 500};
    const path = `${this.#path}.sync.lock`;
    const release = await lock(path, options).catch((error: unknown) => {
      if (!(error instanceof PoeError)) throw toStoreError(error, 'write', path);
      throw new PoeError('store', 'Another poe sync is running', {hint: 'Wait until it has ended.', cause: error});
    });
    this.files.removeParts();
    return release;
  }

  close(): void {
    this.files.close();
    this.#database.close();
  }

  /** Stores what a list says about a chat. An account that is not known does not replace one that is. */
  #see(chat: Chat, account: string | null): void {
    const {title, bot, lastInteractionTime: used} = chat;
    this.#database.run(
      `INSERT INTO chats (code, title, bot, used, data, account) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
       ON CONFLICT (code) DO UPDATE
       SET title = ?2, bot = ?3, used = ?4, data = ?5, account = coalesce(?6, account), deleted = NULL`,
      [keyOf(chat), title, bot, used, JSON.stringify(chat), account],
    );
  }

  /** The ID of a chat in the archive; 0 if it is not there. */
  #id(key: string): number {
    return this.#database.first(IdRow, 'SELECT id FROM chats WHERE code = ?', [key])?.id ?? 0;
  }
}

/** Messages, newest first. One without a time has that of the next one. */
function withTimes(messages: readonly Message[], last: string | null): {message: Message; time: string | null}[] {
  let time = last;
  return messages.map((message) => ({message, time: (time = message.creationTime ?? time)}));
}
