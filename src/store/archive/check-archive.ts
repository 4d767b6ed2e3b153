import * as v from 'valibot';
import type {Database} from '../database/database.js';
import type {StoredFiles} from './archive-files.js';
import {fold} from './fold.js';
import {textEnd} from './query.js';

export interface ArchiveProblem {
  /** "2 files are missing or damaged" */
  message: string;
  /** What happens next: the file will be set aside, the files can be copied again, or the index was completed. */
  repair: 'set_aside' | 'copy_files' | 'done';
}

const Integrity = v.object({integrity_check: v.string()});
const Text = v.object({id: v.number(), text: v.string()});

/** Checks the file, the search index and the files of messages. @returns undefined if nothing is wrong @throws PoeError `store` */
export async function checkArchive(database: Database, files: StoredFiles): Promise<ArchiveProblem | undefined> {
  const result = database.first(Integrity, 'PRAGMA integrity_check')?.integrity_check;
  if (result !== 'ok') {
    database.markDamaged();
    return {message: result ?? 'it could not be checked', repair: 'set_aside'};
  }
  // With the rank 0, SQLite does not compare the index with itself.
  database.run("INSERT INTO trigrams (trigrams, rank) VALUES ('integrity-check', 1)");
  const added = completeIndex(database);
  if (added > 0) {
    const what = added === 1 ? '1 message was' : `${added} messages were`;
    return {message: `${what} missing in the index`, repair: 'done'};
  }
  const damaged = await files.check();
  if (damaged === 0) return undefined;
  return {message: `${damaged} ${damaged === 1 ? 'file is' : 'files are'} missing or damaged`, repair: 'copy_files'};
}

/** Adds messages that the index lacks. @returns how many */
const completeIndex = (database: Database): number =>
  database.transaction(() => {
    const missing = database.all(
      Text,
      'SELECT m.id, m.text FROM messages m LEFT JOIN trigrams t ON t.rowid = m.id WHERE t.rowid IS NULL',
    );
    for (const {id, text} of missing) {
      database.run('INSERT INTO trigrams (rowid, text) VALUES (?, ?)', [id, fold(text) + textEnd]);
    }
    return missing.length;
  });
