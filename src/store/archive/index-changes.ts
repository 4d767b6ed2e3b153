import type {Database} from '../database/database.js';
import {fold} from './fold.js';
import {textEnd} from './query.js';

/**
 * Changes of the index of texts. They are made together, by ascending ID: FTS5 writes what it has gathered to the disk whenever an ID
 * is less than the one before, and messages are read newest first.
 */
export class IndexChanges {
  /** The texts by the IDs of their messages. */
  readonly #texts = new Map<number, string>();
  readonly #indexed = new Set<number>();

  /** @param isIndexed whether the message had another text before */
  set(id: number, text: string, {isIndexed}: {isIndexed: boolean}): void {
    if (isIndexed && !this.#texts.has(id)) this.#indexed.add(id);
    this.#texts.set(id, text);
  }

  writeTo(database: Database): void {
    for (const [id, text] of [...this.#texts].toSorted(([one], [other]) => one - other)) {
      if (this.#indexed.has(id)) database.run('DELETE FROM trigrams WHERE rowid = ?', [id]);
      database.run('INSERT INTO trigrams (rowid, text) VALUES (?, ?)', [id, fold(text) + textEnd]);
    }
  }
}
