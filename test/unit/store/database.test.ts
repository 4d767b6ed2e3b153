import {execFileSync} from 'node:child_process';
import {readdirSync, statSync, writeFileSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import * as v from 'valibot';
import {expect, test} from 'vitest';
import {Database} from '../../../src/store/database/database.js';
import {temporaryFolder} from '../../support/harness.js';

const firstVersion = ['CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)'];
const Note = v.object({id: v.number(), text: v.string()});

function open(
  path: string,
  migrations: readonly string[] = firstVersion,
  onDamaged: (path: string) => void = () => {},
) {
  return Database.open({path, migrations, onDamaged});
}

test('only the owner can read a database and its other files', async () => {
  const folder = temporaryFolder();
  const database = await open(join(folder, 'data', 'notes.db'));
  database.run('INSERT INTO notes (text) VALUES (?)', ['hello']);
  const modes = readdirSync(join(folder, 'data')).map((name) => statSync(join(folder, 'data', name)).mode & 0o777);
  expect(modes).toEqual([0o600, 0o600, 0o600]);
  database.close();
});

test('a pipe in the place of a database is an error', async () => {
  const path = join(temporaryFolder(), 'notes.db');
  execFileSync('mkfifo', [path]);
  await expect(open(path)).rejects.toMatchObject({code: 'store'});
});

test('an older database gets the new tables and keeps its rows', async () => {
  const path = join(temporaryFolder(), 'notes.db');
  const old = await open(path);
  old.run('INSERT INTO notes (text) VALUES (?)', ['hello']);
  old.close();
  const database = await open(path, [...firstVersion, "ALTER TABLE notes ADD COLUMN tag TEXT DEFAULT 'none'"]);
  expect(database.all(v.object({...Note.entries, tag: v.string()}), 'SELECT * FROM notes')).toEqual([
    {id: 1, text: 'hello', tag: 'none'},
  ]);
  database.close();
  await expect(open(path)).rejects.toThrow(`${path} was written by a newer version of poe`);
});

test('a migration that fails changes nothing', async () => {
  const path = join(temporaryFolder(), 'notes.db');
  const old = await open(path);
  old.close();
  await expect(
    open(path, [...firstVersion, 'CREATE TABLE tags (name TEXT); CREATE TABLE notes (id)']),
  ).rejects.toThrow();
  const database = await open(path, [...firstVersion, 'CREATE TABLE tags (name TEXT)']);
  expect(database.all(v.object({name: v.string()}), 'SELECT * FROM tags')).toEqual([]);
  database.close();
});

test('a transaction that fails leaves no half of its changes', async () => {
  const database = await open(':memory:');
  expect(() =>
    database.transaction(() => {
      database.run('INSERT INTO notes (text) VALUES (?)', ['one']);
      database.run('INSERT INTO notes (text) VALUES (?)', [null]);
    }),
  ).toThrow();
  expect(database.all(Note, 'SELECT * FROM notes')).toEqual([]);
  database.close();
});

test('a file that is not a database is renamed, and a new one takes its place', async () => {
  const path = join(temporaryFolder(), 'notes.db');
  writeFileSync(path, 'not a database'.repeat(100));
  const setAside: string[] = [];
  const database = await open(path, firstVersion, (target) => setAside.push(target));
  database.run('INSERT INTO notes (text) VALUES (?)', ['hello']);
  database.close();
  expect(setAside).toHaveLength(1);
  expect(readFileSync(String(setAside[0]), 'utf8')).toContain('not a database');
});

test('damage that only a query finds makes the next run start with a new file', async () => {
  const path = join(temporaryFolder(), 'notes.db');
  const first = await open(path);
  first.transaction(() => {
    for (let n = 0; n < 200; n++) first.run('INSERT INTO notes (text) VALUES (?)', ['x'.repeat(500)]);
  });
  first.close();
  // libsql leaves the last changes in the other file until somebody opens the database again.
  const second = await open(path);
  second.run('VACUUM');
  second.all(v.unknown(), 'PRAGMA wal_checkpoint(TRUNCATE)');
  second.close();
  const file = readFileSync(path);
  writeFileSync(path, file.fill(0xff, 8192));
  const damaged = await open(path);
  expect(() => damaged.all(Note, 'SELECT * FROM notes')).toThrow(`${path} is damaged`);
  damaged.close();
  const setAside: string[] = [];
  const fresh = await open(path, firstVersion, (target) => setAside.push(target));
  expect(fresh.all(Note, 'SELECT * FROM notes')).toEqual([]);
  fresh.close();
  expect(setAside).toHaveLength(1);
});
