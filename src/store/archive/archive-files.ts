import {createHash} from 'node:crypto';
import {chmodSync, createReadStream, existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {pipeline} from 'node:stream/promises';
import * as v from 'valibot';
import type {ArchiveFiles, ArchiveFilter} from '../../core/archive/archive-store.js';
import type {Message} from '../../core/model.js';
import type {Database} from '../database/database.js';
import {attempt} from '../files/errors.js';
import {makePrivateFolder} from '../files/folder.js';
import {uniqueName} from '../files/unique-name.js';
import {messagesWhere} from './query.js';

const Stored = v.object({hash: v.string(), size: v.number()});
const Sum = v.object({count: v.number(), bytes: v.nullable(v.number())});
/** After so many days, Poe is asked again for a file that it did not have. */
const missingMs = 30 * 86_400_000;

/** The files of messages: each is stored once, under the SHA-256 of its content, and only its owner can read it. */
export class StoredFiles implements ArchiveFiles {
  readonly #database: Database;
  #folder: string | undefined;
  readonly #isTemporary: boolean;

  /** @param path that of the archive, or `:memory:` for files that are removed when the archive is closed */
  constructor(database: Database, path: string) {
    this.#database = database;
    this.#isTemporary = path === ':memory:';
    this.#folder = this.#isTemporary ? undefined : `${path.replace(/\.db$/, '')}.files`;
  }

  /** The folder of the files. */
  get folder(): string {
    return (this.#folder ??= mkdtempSync(join(tmpdir(), 'poe-files-')));
  }

  messages({bot, since}: Pick<ArchiveFilter, 'bot' | 'since'>): Iterable<Message> {
    const mayHaveFiles = `(m.data LIKE '%"attachments":[{%' OR m.text LIKE '%](http%' OR m.text LIKE '%](<http%')`;
    return messagesWhere(this.#database, {bot, since, condition: mayHaveFiles});
  }

  isKnown(url: string, now: Date): boolean {
    if (this.find(url) !== undefined) return true;
    const row = this.#database.first(
      v.object({requested: v.string()}),
      'SELECT requested FROM missing_files WHERE url = ?',
      [url],
    );
    return row !== undefined && now.getTime() - Date.parse(row.requested) < missingMs;
  }

  find(url: string): string | undefined {
    const row = this.#database.first(Stored, 'SELECT hash, size FROM files WHERE url = ?', [url]);
    const path = row && this.#pathOf(row.hash);
    return path !== undefined && existsSync(path) ? path : undefined;
  }

  async add(url: string, download: (path: string) => Promise<unknown>): Promise<number> {
    const {folder} = this;
    attempt('write', folder, () => makePrivateFolder(folder));
    const part = join(folder, `.${uniqueName()}${partEnd}`);
    try {
      await download(part);
      const hash = await hashOf(part);
      const {size} = statSync(part);
      const path = this.#pathOf(hash);
      attempt('write', path, () => {
        makePrivateFolder(dirname(path));
        chmodSync(part, 0o600);
        renameSync(part, path);
      });
      this.#database.transaction(() => {
        this.#database.run('REPLACE INTO files (url, hash, size) VALUES (?, ?, ?)', [url, hash, size]);
        this.#database.run('DELETE FROM missing_files WHERE url = ?', [url]);
      });
      return size;
    } finally {
      rmSync(part, {force: true});
    }
  }

  markMissing(url: string, now: Date): void {
    this.#database.run('REPLACE INTO missing_files (url, requested) VALUES (?, ?)', [url, now.toISOString()]);
  }

  /** How many different files there are, and their size together. */
  counts(): {count: number; bytes: number} {
    const sql = 'SELECT count(*) AS count, sum(size) AS bytes FROM (SELECT DISTINCT hash, size FROM files)';
    const {count, bytes} = this.#database.first(Sum, sql) ?? {count: 0, bytes: 0};
    return {count, bytes: bytes ?? 0};
  }

  /** The stored files that are not there or have another content. The next sync copies them again. */
  async check(): Promise<number> {
    let damaged = 0;
    for (const {hash} of this.#database.all(Stored, 'SELECT DISTINCT hash, size FROM files')) {
      const path = this.#pathOf(hash);
      const isIntact = existsSync(path) && (await hashOf(path)) === hash;
      if (isIntact) continue;
      damaged += 1;
      rmSync(path, {force: true});
    }
    return damaged;
  }

  /** Removes what a process left that was killed during a download. Only while no other process copies files. */
  removeParts(): void {
    if (this.#folder === undefined || !existsSync(this.#folder)) return;
    for (const name of readdirSync(this.#folder)) {
      if (name.endsWith('.part')) rmSync(join(this.#folder, name), {force: true});
    }
  }

  close(): void {
    if (this.#isTemporary && this.#folder !== undefined) rmSync(this.#folder, {recursive: true, force: true});
  }

  #pathOf(hash: string): string {
    return join(this.folder, hash.slice(0, 2), hash);
  }
}

const partEnd = '.part';

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
