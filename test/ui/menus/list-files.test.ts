import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, expect, test, vi} from 'vitest';
import {fileSource} from '../../../src/ui/menu/sources/files.js';
import {listFiles} from '../../../src/ui/menu/sources/list-files.js';
import {temporaryFolder} from '../../support/harness.js';

/* The files that the menu offers after an `@`. */

const noSignal = new AbortController().signal;

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function tree(paths: readonly string[]): string {
  const root = temporaryFolder();
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), {recursive: true});
    writeFileSync(join(root, path), '');
  }
  return root;
}

async function last<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  let found;
  for await (const item of items) found = item;
  return found;
}

const listed = async (root: string, options: Partial<Parameters<typeof listFiles>[1]> = {}) =>
  (await last(listFiles(root, {signal: noSignal, isRecursive: true, ...options})))?.map(({path}) => path);

test('files are listed with those in folders, nearer ones first, but not those in node_modules and .git', async () => {
  const root = tree([
    'b.txt',
    'src/a.ts',
    'src/deep/c.ts',
    'node_modules/x/index.js',
    '.git/config',
    '.env',
    'a\u001b.txt',
  ]);
  symlinkSync('..', join(root, 'src', 'loop'));
  expect(await listed(root)).toEqual([
    'b.txt',
    'node_modules/',
    'src/',
    'src/a.ts',
    'src/deep/',
    'src/loop',
    'src/deep/c.ts',
    '.env',
    '.git/',
  ]);
  expect(await listed(root, {isRecursive: false})).toEqual(['b.txt', 'node_modules/', 'src/', '.env', '.git/']);
  expect(await listed(join(root, 'nowhere'))).toEqual([]);
});

test('the number of files and the time are limited, and an aborted listing ends', async () => {
  const root = tree(Array.from({length: 30}, (_, index) => `folder-${index}/file.txt`));
  expect(await listed(root, {maxPaths: 10})).toHaveLength(10);
  expect(await listed(root, {maxMs: 0, minPaths: 40})).toHaveLength(40);
  expect(await listed(root, {maxMs: 0})).toHaveLength(60);
  expect(await listed(root, {signal: AbortSignal.abort()})).toBeUndefined();
});

test('the home folder is never listed recursively, nor a folder that contains it', async () => {
  const home = tree(['notes.txt', 'private/secret.txt']);
  vi.stubEnv('HOME', home);
  expect(homedir()).toBe(home);
  for (const cwd of [home, dirname(home)]) {
    vi.spyOn(process, 'cwd').mockReturnValue(cwd);
    const entries = await last(fileSource({query: '', hasAt: true}).load(noSignal));
    expect(entries?.map(({label}) => label).filter((label) => label.includes('secret'))).toEqual([]);
  }
  const entries = await last(fileSource({query: '~/pr', hasAt: true}).load(noSignal));
  expect(entries?.map(({label}) => label)).toEqual(['~/notes.txt', '~/private/']);
});
