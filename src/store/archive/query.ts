import * as v from 'valibot';
import type {SqlValue} from '../database/load-sqlite.js';
import type {Database} from '../database/database.js';
import type {ArchivedMessage, ArchiveFilter} from '../../core/archive/archive-store.js';
import {sameBot} from '../../core/spending/same-bot.js';
import {fold, withPlainSpaces} from './fold.js';
import {MessageRow, toMessage} from './rows.js';

/** The characters that end each indexed text, so that its last ones are the start of a trigram too. */
export const textEnd = '\u0001\u0001';

/** The trigrams in one condition. SQLite limits how deep conditions are nested. */
const maxTerms = 200;
const pageSize = 500;

/** As `sameBot`. */
const plainBot = "lower(replace(replace(replace(coalesce(m.bot, c.bot), ' ', ''), '_', ''), '-', ''))";

/** The conditions of a filter, for messages `m` of chats `c`. */
function conditionsOf({bot, role, since}: ArchiveFilter): {sql: string; values: SqlValue[]} {
  const conditions: [string, SqlValue | undefined][] = [
    [`${plainBot} = ?`, bot === undefined ? undefined : sameBot(bot)],
    ['m.role = ?', role],
    ['m.time >= ?', since?.toISOString()],
  ];
  const used = conditions.filter((each): each is [string, SqlValue] => each[1] !== undefined);
  return {sql: used.map(([sql]) => ` AND ${sql}`).join(''), values: used.map(([, value]) => value)};
}

const Hit = v.object({id: v.number(), text: v.string()});

/** Returns a page of messages before an id, newest first. */
export type ReadPage = (before: number, size: number) => {id: number; text: string}[];

/** The messages of any text. */
export const allPages = (database: Database, filter: ArchiveFilter): ReadPage => {
  const {sql, values} = conditionsOf(filter);
  return (before, size) =>
    database.all(
      Hit,
      `SELECT m.id, m.text FROM messages m JOIN chats c ON c.id = m.chat WHERE m.id < ?${sql} ORDER BY m.id DESC LIMIT ?`,
      [before, ...values, size],
    );
};

/** Messages that fulfill a condition of SQL, newest first. They are read in pages, so that the archive can change meanwhile. */
export function* messagesWhere(
  database: Database,
  {condition, values: own = [], ...filter}: ArchiveFilter & {condition: string; values?: readonly SqlValue[]},
): Generator<ArchivedMessage, void, undefined> {
  const {sql, values} = conditionsOf(filter);
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const page = database.all(
      MessageRow,
      `SELECT m.id, m.text, m.data, m.citations, coalesce(m.deleted, c.deleted) AS deleted
       FROM messages m JOIN chats c ON c.id = m.chat
       WHERE m.id < ? AND ${condition}${sql} ORDER BY m.id DESC LIMIT ${pageSize}`,
      [before, ...own, ...values],
    );
    for (const row of page) yield toMessage(row);
    const last = page.at(-1);
    if (!last) return;
    before = last.id;
  }
}

/**
 * The messages that may contain all of some folded words. Their text decides.
 * @param words not empty
 */
export function candidatePages(database: Database, words: readonly string[], filter: ArchiveFilter): ReadPage {
  const {sql, values} = conditionsOf(filter);
  const page = (match: string, before: number, size: number) =>
    database.all(
      Hit,
      `SELECT m.id, m.text FROM trigrams t CROSS JOIN messages m ON m.id = t.rowid JOIN chats c ON c.id = m.chat
       WHERE t.trigrams MATCH ? AND t.rowid < ?${sql} ORDER BY t.rowid DESC LIMIT ?`,
      [match, before, ...values, size],
    );
  // The words of a phrase may be on two lines.
  const single = words.flatMap((word) => word.split(' ')).filter(Boolean);
  const long = single.filter((word) => characters(word).length >= 3);
  if (long.length > 0) {
    const match = [...new Set(long.flatMap(trigramsOf))].map(quoted).join(' AND ');
    return (before, size) => page(match, before, size);
  }
  const matches = shortMatches(database, single);
  return (before, size) => {
    const hits = new Map(matches.flatMap((match) => page(match, before, size)).map((hit) => [hit.id, hit]));
    return [...hits.values()].toSorted((a, b) => b.id - a.id).slice(0, size);
  };
}

/** The conditions for the longest of some words of one or two characters: the trigrams that start with it. */
function shortMatches(database: Database, words: readonly string[]): string[] {
  const [word = ''] = words.toSorted((a, b) => characters(b).length - characters(a).length);
  const terms = database.all(v.object({term: v.string()}), 'SELECT term FROM terms WHERE term >= ? AND term < ?', [
    word,
    `${word}\u{10FFFF}`,
  ]);
  const matches: string[] = [];
  for (let index = 0; index < terms.length; index += maxTerms) {
    const batch = terms.slice(index, index + maxTerms);
    matches.push(batch.map(({term}) => quoted(term)).join(' OR '));
  }
  return matches;
}

const characters = (text: string): string[] => [...text];

/** Every third trigram, and the last one. More would only cost time: SQLite reads all messages of each. */
function trigramsOf(word: string): string[] {
  const all = characters(word);
  const last = all.length - 3;
  const starts = Array.from({length: Math.ceil(last / 3)}, (_, index) => index * 3);
  return [...starts, last].map((start) => all.slice(start, start + 3).join(''));
}

const quoted = (term: string): string => `"${term.replaceAll('"', '""')}"`;

/** The words of a query, folded. */
export const foldedWords = (words: readonly string[]): string[] =>
  words.map((word) => withPlainSpaces(fold(word))).filter((word) => word.trim() !== '');
