import * as v from 'valibot';
import {isContextBreak, isUserMessage} from '../../core/message.js';
import type {Chat, Message} from '../../core/model.js';
import {Database} from '../database/database.js';
import {fold} from './fold.js';
import {testAll} from './limited-pattern.js';
import {allPages, candidatePages, foldedWords, type ReadPage, type SearchFilter, textEnd} from './query.js';
import {migrations} from './schema.js';
import {type ChatStatistics, statisticsBy} from './statistics.js';
import {type ChatPage, storedChat, storedChats} from './stored-chats.js';

export interface ArchiveOptions {
  /** The path of the file, or `:memory:`. */
  path: string;
  /** Called with the new path of a damaged file. */
  onDamaged: (path: string) => void;
}

/** A message that was found. */
export interface SearchHit {
  chat: Chat;
  message: Message;
  /** ISO 8601: when the message or its chat was first missing on Poe; null if it is there. */
  deleted: string | null;
}

export interface SearchOptions extends SearchFilter {
  /** Tests each text instead of looking for words. */
  pattern?: RegExp | undefined;
  limit: number;
}

const Json = v.pipe(v.string(), v.parseJson());
const ChatState = v.object({
  copied: v.nullable(v.string()),
  title: v.nullable(v.string()),
  deleted: v.nullable(v.string()),
});
const StoredMessage = v.object({
  id: v.number(),
  text: v.string(),
  data: v.string(),
  deleted: v.nullable(v.string()),
});
const HitRow = v.object({
  chat: Json,
  text: v.string(),
  data: Json,
  deleted: v.nullable(v.string()),
  chatDeleted: v.nullable(v.string()),
});

/** Copies of chats and their messages, which can be searched. Every method throws PoeError `store`. */
export class Archive {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  /** @throws PoeError `store` if SQLite is not available on this platform */
  static async open({path, onDamaged}: ArchiveOptions): Promise<Archive> {
    const database = await Database.open({path, migrations, onDamaged});
    // If the machine itself fails, the last chats may have to be copied again. The file stays intact.
    database.run('PRAGMA synchronous = NORMAL');
    return new Archive(database);
  }

  /** Whether all messages of a chat have been copied since it was last used. */
  isCurrent(chat: Chat): boolean {
    const copied = this.#state(chat)?.copied ?? null;
    return copied !== null && copied === chat.lastInteractionTime;
  }

  /** Whether all messages of a chat have been copied once, so that only new ones have to be read. */
  isComplete(chat: Chat): boolean {
    return (this.#state(chat)?.copied ?? null) !== null;
  }

  /** Stores what a list says about a chat. */
  see(chat: Chat): void {
    const {title, bot, lastInteractionTime: used} = chat;
    this.#database.run(
      `INSERT INTO chats (code, title, bot, used, data) VALUES (?1, ?2, ?3, ?4, ?5)
       ON CONFLICT (code) DO UPDATE SET title = ?2, bot = ?3, used = ?4, data = ?5, deleted = NULL`,
      [keyOf(chat), title, bot, used, JSON.stringify(chat)],
    );
  }

  seeAll(chats: readonly Chat[]): void {
    this.#database.transaction(() => {
      for (const chat of chats) this.see(chat);
    });
  }

  /** Whether a message is stored as it is now. */
  has(chat: Chat, message: Message): boolean {
    const stored = this.#stored(this.#id(chat), message);
    const {text, data} = columnsOf(message);
    return stored?.text === text && stored.data === data && stored.deleted === null;
  }

  /**
   * Stores messages of a chat.
   * @param messages newest first
   * @param isAll whether these are all messages; otherwise all from the oldest of them on
   * @returns how many were new or changed
   */
  add(chat: Chat, messages: readonly Message[], {isAll, now}: {isAll: boolean; now: string}): number {
    return this.#database.transaction(() => {
      this.see(chat);
      const id = this.#id(chat);
      let time = chat.lastInteractionTime;
      let changed = 0;
      for (const message of messages) {
        time = message.creationTime ?? time;
        if (this.#put(id, message, time)) changed += 1;
      }
      this.#markMissing(id, messages, {isAll, now});
      this.#database.run('UPDATE chats SET copied = ? WHERE id = ?', [chat.lastInteractionTime ?? '', id]);
      return changed;
    });
  }

  /**
   * Marks the chats that a complete list did not have.
   * @param wasListed whether the list could contain the chat with this code
   * @returns how many
   */
  markDeletedChats(seen: ReadonlySet<string>, now: string, wasListed: (code: string) => boolean): number {
    return this.#database.transaction(() => {
      const known = this.#database.all(v.object({code: v.string()}), 'SELECT code FROM chats WHERE deleted IS NULL');
      const missing = known.filter(({code}) => wasListed(code) && !seen.has(code));
      for (const {code} of missing) this.#database.run('UPDATE chats SET deleted = ? WHERE code = ?', [now, code]);
      return missing.length;
    });
  }

  /** Remembers that a sync ended. @param isFull whether all chats were listed */
  finishSync(now: string, isFull: boolean): void {
    this.#database.run('INSERT INTO syncs (finished, is_full) VALUES (?, ?)', [now, isFull ? 1 : 0]);
  }

  /** When the last sync ended, ISO 8601; null if there was none. */
  lastSync({isFull = false}: {isFull?: boolean} = {}): string | null {
    const row = v.object({finished: v.nullable(v.string())});
    const where = isFull ? ' WHERE is_full = 1' : '';
    return this.#database.first(row, `SELECT max(finished) AS finished FROM syncs${where}`)?.finished ?? null;
  }

  /** The messages that contain all words, newest first. Case, accents and width do not matter. */
  *search(words: readonly string[], {pattern, limit, ...filter}: SearchOptions): Generator<SearchHit, void, undefined> {
    const folded = foldedWords(words);
    const read =
      pattern || folded.length === 0
        ? allPages(this.#database, filter)
        : candidatePages(this.#database, folded, filter);
    let count = 0;
    for (const id of pattern ? matching(read, pattern) : containing(read, folded)) {
      const hit = this.#hit(id);
      if (hit) yield hit;
      count += 1;
      if (count >= limit) return;
    }
  }

  /** The chats whose messages have been copied, the one used last first. */
  chats(page: ChatPage): Chat[] {
    return storedChats(this.#database, page);
  }

  /** A chat and its messages, oldest first; undefined if there is none with this code, or number without one. */
  chat(code: string): {chat: Chat; messages: Message[]} | undefined {
    return storedChat(this.#database, code);
  }

  /** How many chats and messages there are. `deleted` are the chats that are no longer on Poe. */
  counts(): {chats: number; deleted: number; messages: number} {
    const row = v.object({chats: v.number(), deleted: v.number(), messages: v.number()});
    const sql =
      'SELECT count(*) AS chats, count(deleted) AS deleted, (SELECT count(*) FROM messages) AS messages FROM chats';
    return this.#database.first(row, sql) ?? {chats: 0, deleted: 0, messages: 0};
  }

  /** See `statisticsBy`. */
  statistics(by: 'bot' | 'month', since?: string): ChatStatistics[] {
    return statisticsBy(this.#database, by, since);
  }

  /** Checks the file and the search index. @returns what is wrong; undefined if nothing is */
  check(): string | undefined {
    const row = v.object({integrity_check: v.string()});
    const problem = this.#database.first(row, 'PRAGMA integrity_check')?.integrity_check;
    if (problem !== 'ok') return problem ?? 'it could not be checked';
    // With the rank 0, SQLite does not compare the index with itself.
    this.#database.run("INSERT INTO trigrams (trigrams, rank) VALUES ('integrity-check', 1)");
    const missing = this.#database.first(
      v.object({count: v.number()}),
      'SELECT count(*) AS count FROM messages m LEFT JOIN trigrams t ON t.rowid = m.id WHERE t.rowid IS NULL',
    );
    return missing?.count === 0 ? undefined : `${missing?.count} messages are missing in the index`;
  }

  /** Makes the file as small as possible. */
  vacuum(): void {
    this.#database.run("INSERT INTO trigrams (trigrams) VALUES ('optimize')");
    this.#database.run('VACUUM');
    this.#database.run('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  close(): void {
    this.#database.close();
  }

  #state(chat: Chat) {
    return this.#database.first(ChatState, 'SELECT copied, title, deleted FROM chats WHERE code = ?', [keyOf(chat)]);
  }

  #id(chat: Chat): number {
    const row = v.object({id: v.number()});
    return this.#database.first(row, 'SELECT id FROM chats WHERE code = ?', [keyOf(chat)])?.id ?? 0;
  }

  #stored(chat: number, {messageId}: Message) {
    const sql = 'SELECT id, text, data, deleted FROM messages WHERE chat = ? AND message = ?';
    return this.#database.first(StoredMessage, sql, [chat, String(messageId)]);
  }

  /** @returns whether it was new or has changed */
  #put(chat: number, message: Message, time: string | null): boolean {
    const stored = this.#stored(chat, message);
    const {text, data} = columnsOf(message);
    if (stored?.text === text && stored.data === data) {
      if (stored.deleted !== null) this.#database.run('UPDATE messages SET deleted = NULL WHERE id = ?', [stored.id]);
      return false;
    }
    if (stored) {
      this.#database.run('DELETE FROM trigrams WHERE rowid = ?', [stored.id]);
      this.#database.run('DELETE FROM messages WHERE id = ?', [stored.id]);
    }
    const id = stored?.id ?? this.#freeId(time);
    this.#database.run(
      `INSERT INTO messages (id, chat, message, role, bot, time, text, words, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [id, chat, String(message.messageId), roleOf(message), botOf(message), time, text, countWords(text), data],
    );
    this.#database.run('INSERT INTO trigrams (rowid, text) VALUES (?, ?)', [id, fold(text) + textEnd]);
    return true;
  }

  #freeId(time: string | null): number {
    const seconds = time === null ? 0 : Math.max(0, Math.floor(Date.parse(time) / 1000) || 0);
    const row = v.object({id: v.number()});
    for (let id = seconds * 16; ; id++) {
      if (!this.#database.first(row, 'SELECT id FROM messages WHERE id = ?', [id])) return id;
    }
  }

  /** Marks the stored messages that were not read, as far back as was read. */
  #markMissing(chat: number, messages: readonly Message[], {isAll, now}: {isAll: boolean; now: string}): void {
    const read = new Set(messages.map(({messageId}) => String(messageId)));
    const oldest = messages.at(-1);
    const from = isAll || !oldest ? 0 : (this.#stored(chat, oldest)?.id ?? 0);
    if (!isAll && !oldest) return;
    const row = v.object({id: v.number(), message: v.string()});
    const sql = 'SELECT id, message FROM messages WHERE chat = ? AND id >= ? AND deleted IS NULL';
    for (const {id, message} of this.#database.all(row, sql, [chat, from])) {
      if (!read.has(message)) this.#database.run('UPDATE messages SET deleted = ? WHERE id = ?', [now, id]);
    }
  }

  #hit(id: number): SearchHit | undefined {
    const row = this.#database.first(
      HitRow,
      `SELECT c.data AS chat, m.text, m.data, m.deleted, c.deleted AS chatDeleted
       FROM messages m JOIN chats c ON c.id = m.chat WHERE m.id = ?`,
      [id],
    );
    if (!row) return undefined;
    // poe wrote both.
    const [chat, data] = [row.chat as Chat, row.data as Omit<Message, 'text'>];
    return {chat, message: {...data, text: row.text}, deleted: row.deleted ?? row.chatDeleted};
  }
}

/** The messages whose text contains all folded words. */
function* containing(read: ReadPage, words: readonly string[]): Generator<number, void, undefined> {
  for (const page of paged(read)) {
    for (const {id, text} of page) {
      const folded = fold(text);
      if (words.every((word) => folded.includes(word))) yield id;
    }
  }
}

/** The messages whose text matches a pattern. */
function* matching(read: ReadPage, pattern: RegExp): Generator<number, void, undefined> {
  for (const page of paged(read)) {
    const isMatch = testAll(
      pattern,
      page.map(({text}) => text),
    );
    yield* page.filter((_message, index) => isMatch[index]).map(({id}) => id);
  }
}

/** Reads page after page. */
function* paged(read: ReadPage): Generator<ReturnType<ReadPage>, void, undefined> {
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const page = read(before);
    yield page;
    const last = page.at(-1);
    if (!last) return;
    before = last.id;
  }
}

export const keyOf = ({chatCode, chatId}: Chat): string => chatCode ?? String(chatId);

const columnsOf = ({text, ...data}: Message): {text: string; data: string} => ({text, data: JSON.stringify(data)});

function roleOf(message: Message): 'user' | 'bot' | 'break' {
  if (isContextBreak(message)) return 'break';
  return isUserMessage(message) ? 'user' : 'bot';
}

const botOf = (message: Message): string | null => message.bot?.handle ?? message.bot?.displayName ?? null;

const countWords = (text: string): number => text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
