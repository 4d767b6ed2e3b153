import type {ArchiveSearchOptions, SearchHit} from '../../core/archive/archive-store.js';
import type {Chat} from '../../core/model.js';
import type {Database} from '../database/database.js';
import {fold, withPlainSpaces} from './fold.js';
import {testAll} from './limited-pattern.js';
import {allPages, candidatePages, foldedWords, type ReadPage} from './query.js';
import {HitRow, toMessage} from './rows.js';

/** The messages that contain all words, newest first. */
export function* searchMessages(
  database: Database,
  words: readonly string[],
  {pattern, limit = Number.POSITIVE_INFINITY, ...filter}: ArchiveSearchOptions,
): Generator<SearchHit, void, undefined> {
  if (limit < 1) return;
  const folded = foldedWords(words);
  const read = pattern || folded.length === 0 ? allPages(database, filter) : candidatePages(database, folded, filter);
  let count = 0;
  for (const id of pattern ? matching(read, pattern) : containing(read, folded)) {
    const hit = hitOf(database, id);
    if (hit) yield hit;
    count += 1;
    if (count >= limit) return;
  }
}

function hitOf(database: Database, id: number): SearchHit | undefined {
  const row = database.first(
    HitRow,
    `SELECT m.id, c.data AS chat, m.text, m.data, m.citations, m.deleted, c.deleted AS chatDeleted
     FROM messages m JOIN chats c ON c.id = m.chat WHERE m.id = ?`,
    [id],
  );
  if (!row) return undefined;
  const {deleted, ...message} = toMessage(row);
  // poe wrote it.
  return {chat: row.chat as Chat, message, deleted: deleted ?? row.chatDeleted};
}

/** The messages whose text contains all folded words. */
function* containing(read: ReadPage, words: readonly string[]): Generator<number, void, undefined> {
  const hasPhrase = words.some((word) => word.includes(' '));
  for (const page of paged(read)) {
    for (const {id, text} of page) {
      const folded = hasPhrase ? withPlainSpaces(fold(text)) : fold(text);
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

/** The first page is small: most searches need only a few messages. */
const firstPageSize = 50;
const pageSize = 500;

/** Reads page after page. */
function* paged(read: ReadPage): Generator<ReturnType<ReadPage>, void, undefined> {
  let size = firstPageSize;
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const page = read(before, size);
    size = pageSize;
    yield page;
    const last = page.at(-1);
    if (!last) return;
    before = last.id;
  }
}
