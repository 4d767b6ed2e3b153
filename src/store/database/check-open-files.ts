import {closeSync, openSync} from 'node:fs';
import {devNull} from 'node:os';
import {PoeError} from '../../core/errors.js';
import {openFilesLimit} from '../../core/open-files.js';

/** How many files libsql and SQLite open at once, for their threads and for a database. */
const needed = 16;

/** libsql panics if it cannot open as many files as it needs. @throws PoeError `store` */
export function checkOpenFiles(path: string): void {
  const opened: number[] = [];
  try {
    while (opened.length < needed) opened.push(openSync(devNull, 'r'));
  } catch (error) {
    const limit = openFilesLimit(error);
    const name = path === ':memory:' ? 'a database' : path;
    if (limit) throw new PoeError('store', `Could not open ${name}: ${limit.reason}`, {hint: limit.hint, cause: error});
  } finally {
    for (const file of opened) closeSync(file);
  }
}
