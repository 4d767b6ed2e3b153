import * as v from 'valibot';
import type {Citation, Message} from '../../core/model.js';
import type {Id} from '../../core/names/id.js';
import type {Database} from '../database/database.js';
import type {SqlValue} from '../database/load-sqlite.js';
import {fold} from './fold.js';
import {textEnd} from './query.js';
import {botOf, columnsOf, countWords, roleOf} from './rows.js';

const Stored = v.object({
  id: v.number(),
  text: v.string(),
  data: v.string(),
  citations: v.nullable(v.string()),
  deleted: v.nullable(v.string()),
});
const IdRow = v.object({id: v.number()});
const Key = v.object({id: v.number(), message: v.string()});
const Pending = v.object({
  data: v.pipe(v.string(), v.parseJson(), v.object({messageId: v.union([v.number(), v.string()])})),
});

const maxNextIds = 1_000;

/** The messages of chats, and the index of their texts. */
export class MessageTable {
  readonly #database: Database;
  /** Where to look for free IDs of a second: imported messages may all have the same time. */
  readonly #nextIds = new Map<number, number>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Whether a message is stored as it is now. */
  has(chat: number, message: Message): boolean {
    const stored = this.#stored(chat, message);
    const {text, data} = columnsOf(message);
    return stored?.text === text && stored.data === data && stored.deleted === null;
  }

  /** Whether messages of a chat are stored. */
  hasAny(chat: number): boolean {
    return this.#database.first(IdRow, 'SELECT id FROM messages WHERE chat = ? LIMIT 1', [chat]) !== undefined;
  }

  /**
   * Stores a message.
   * @param isNew whether the message is certainly not stored
   * @returns whether it was new or has changed
   */
  put(chat: number, message: Message, {time, isNew}: {time: string | null; isNew: boolean}): boolean {
    const stored = isNew ? undefined : this.#stored(chat, message);
    const {text, data} = columnsOf(message);
    if (stored?.text === text && stored.data === data) {
      if (stored.deleted !== null) this.#database.run('UPDATE messages SET deleted = NULL WHERE id = ?', [stored.id]);
      return false;
    }
    if (stored) {
      this.#database.run('DELETE FROM trigrams WHERE rowid = ?', [stored.id]);
      this.#database.run('DELETE FROM messages WHERE id = ?', [stored.id]);
    }
    // A changed text may have other sources.
    const citations = stored?.text === text ? stored.citations : null;
    const row = [
      chat,
      String(message.messageId),
      roleOf(message),
      botOf(message),
      time,
      text,
      countWords(text),
      data,
      citations,
      message.points ?? null,
    ];
    const id = stored ? stored.id : this.#firstFreeId(time, (free) => this.#insert(free, row));
    if (stored) this.#insert(id, row);
    this.#database.run('INSERT INTO trigrams (rowid, text) VALUES (?, ?)', [id, fold(text) + textEnd]);
    return true;
  }

  /** Marks the stored messages that were not read, as far back as was read. */
  markMissing(chat: number, messages: readonly Message[], {isAll, now}: {isAll: boolean; now: string}): void {
    const oldest = messages.at(-1);
    if (!isAll && !oldest) return;
    const read = new Set(messages.map(({messageId}) => String(messageId)));
    const from = isAll || !oldest ? 0 : (this.#stored(chat, oldest)?.id ?? 0);
    const sql = 'SELECT id, message FROM messages WHERE chat = ? AND id >= ? AND deleted IS NULL';
    for (const {id, message} of this.#database.all(Key, sql, [chat, from])) {
      if (!read.has(message)) this.#database.run('UPDATE messages SET deleted = ? WHERE id = ?', [now, id]);
    }
  }

  /** The messages of a chat whose sources have not been stored. */
  withoutCitations(chat: number): Id[] {
    const sql = `SELECT data FROM messages
      WHERE chat = ? AND citations IS NULL AND deleted IS NULL AND data LIKE '%"hasCitations":true%'`;
    return this.#database.all(Pending, sql, [chat]).map(({data}) => data.messageId);
  }

  addCitations(chat: number, messageId: Id, citations: readonly Citation[]): void {
    const sql = 'UPDATE messages SET citations = ? WHERE chat = ? AND message = ?';
    this.#database.run(sql, [JSON.stringify(citations), chat, String(messageId)]);
  }

  #stored(chat: number, {messageId}: Message) {
    const sql = 'SELECT id, text, data, citations, deleted FROM messages WHERE chat = ? AND message = ?';
    return this.#database.first(Stored, sql, [chat, String(messageId)]);
  }

  /** @returns whether the ID was free */
  #insert(id: number, row: readonly SqlValue[]): boolean {
    const sql = `INSERT INTO messages (id, chat, message, role, bot, time, text, words, data, citations, points)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`;
    return this.#database.run(sql, [id, ...row]) > 0;
  }

  /** Tries the IDs of a time until one is free. Trying one out takes half as long as looking first. */
  #firstFreeId(time: string | null, tryOut: (id: number) => boolean): number {
    const seconds = time === null ? 0 : Math.max(0, Math.floor(Date.parse(time) / 1000) || 0);
    for (let id = this.#nextIds.get(seconds) ?? seconds * 16; ; id++) {
      if (!tryOut(id)) continue;
      if (this.#nextIds.size > maxNextIds) this.#nextIds.clear();
      this.#nextIds.set(seconds, id + 1);
      return id;
    }
  }
}
