import {execFileSync} from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {dirname, join} from 'node:path';
import process from 'node:process';
import {expect, onTestFinished, test, vi} from 'vitest';
import {openStore} from '../../../src/store/profiles.js';
import {servedChats} from '../../../src/store/serve/served-chats.js';
import {temporaryFolder} from '../../support/harness.js';
import {withKey} from '../../support/with-key.js';

/* Files in the settings folder that are not regular files, lead elsewhere, or can be read by others. */

function openIn(dir: string) {
  const notes: string[] = [];
  return {file: join(dir, 'config.json'), notes, store: openStore({dir, note: (message) => notes.push(message)})};
}

const modeOf = (path: string) => statSync(path).mode & 0o777;

/** Ways to make a path that is not a regular file. Opening a pipe blocks, unless that is prevented. */
const specialFiles: Record<string, (path: string) => void> = {
  'a pipe': (path) => execFileSync('mkfifo', [path]),
  'a folder': (path) => mkdirSync(path, {recursive: true}),
  'a device': (path) => symlinkSync('/dev/zero', path),
};

const kinds = Object.entries(specialFiles);

test.each(kinds)('a credentials file that is %s is an error', async (_kind, create) => {
  const {file, store} = openIn(temporaryFolder());
  create(file);
  const error = {code: 'store', message: expect.stringMatching(/config.json: it is (?:not a regular file|a folder)$/)};
  await expect(store.read('default')).rejects.toMatchObject(error);
  await expect(store.update('default', () => ({uid: 1}))).rejects.toMatchObject(error);
});

test.each(kinds)('a lock that is %s is an error', async (_kind, create) => {
  const {file, store} = openIn(temporaryFolder());
  create(`${file}.lock`);
  await expect(store.update('default', () => ({uid: 1}))).rejects.toMatchObject({
    code: 'store',
    message: `Could not lock ${file}.lock: it is not a regular file`,
    hint: 'Delete it.',
  });
});

test.each(kinds)('%s in place of any other file of poe does not stop a command', async (_kind, create) => {
  const {runWith, configDir} = await withKey();
  const run = (...words: string[]) => runWith({stdin: ''}, ...words, '--timeout', '5');
  const paths = ['cache.json', 'models.json', 'last/default.json', 'journal/default/1-2.json', 'chats/default/x.jsonl'];
  for (const path of paths.map((name) => join(configDir, name))) {
    mkdirSync(dirname(path), {recursive: true});
    create(path);
  }
  expect(await run('send', '-b', 'Sandbox-Echo', 'hello')).toMatchObject({code: 0, out: 'hello\n'});
  expect((await run('send', '-c', 'last', 'hello')).code).toBe(3);
  expect(await run('history', '--json')).toMatchObject({code: 0, out: expect.stringMatching(/^.*hello.*\n$/)});
});

test.each(kinds)('a site file that is %s is an error', async (_kind, create) => {
  const {runWith} = await withKey();
  const path = join(temporaryFolder(), 'site.json');
  create(path);
  expect(await runWith({env: {POE_P_B: 'a'}}, 'settings', '--via', 'web', '--site-file', path)).toMatchObject({
    code: 2,
    err: expect.stringContaining(`${path} could not be read: it is not a regular file`),
  });
});

test('a credentials file with a byte order mark is read and changed', async () => {
  const {file, store, notes} = openIn(temporaryFolder());
  writeFileSync(file, `\uFEFF${JSON.stringify({profiles: {a: {uid: 1}}, later: true})}`, {mode: 0o600});
  expect(await store.read('a')).toEqual({uid: 1});
  await store.update('b', () => ({uid: 2}));
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({profiles: {a: {uid: 1}, b: {uid: 2}}, later: true});
  expect(notes).toEqual([]);
});

test('settings behind a link are changed where the link leads to', async () => {
  for (const content of ['{"profiles": {"a": {"uid": 1}}}', undefined]) {
    const [dir, elsewhere] = [temporaryFolder(), temporaryFolder()];
    const {file, store} = openIn(dir);
    const target = join(elsewhere, 'poe-settings');
    symlinkSync(target, file);
    if (content !== undefined) writeFileSync(target, content);
    await store.update('b', () => ({uid: 2}));
    expect(readlinkSync(file)).toBe(target);
    expect(JSON.parse(readFileSync(target, 'utf8'))).toMatchObject({profiles: {b: {uid: 2}}});
    expect(modeOf(target)).toBe(0o600);
    expect(readdirSync(elsewhere)).toEqual(['poe-settings']);
  }
});

test('a damaged file behind a link is ignored, and copied before it is replaced', async () => {
  const [dir, elsewhere] = [temporaryFolder(), temporaryFolder()];
  const {file, store, notes} = openIn(dir);
  const target = join(elsewhere, 'notes.txt');
  writeFileSync(target, 'not settings', {mode: 0o644});
  symlinkSync(target, file);
  expect(await store.read('default')).toEqual({});
  expect(await store.names()).toEqual([]);
  expect(notes).toEqual([`The credentials file ${file} is damaged and was ignored.`]);
  expect(readFileSync(target, 'utf8')).toBe('not settings');
  expect(modeOf(target)).toBe(0o644);

  await store.update('default', () => ({uid: 1}));
  expect(lstatSync(file).isSymbolicLink()).toBe(true);
  expect(JSON.parse(readFileSync(target, 'utf8'))).toEqual({profiles: {default: {uid: 1}}});
  const copy = readdirSync(dir).find((name) => name.includes('broken')) ?? '';
  expect(readFileSync(join(dir, copy), 'utf8')).toBe('not settings');
  expect(modeOf(join(dir, copy))).toBe(0o600);
  expect(notes.slice(1)).toEqual([
    `The credentials file ${file} is damaged. A copy was saved as ${copy}, and a new one will be created.`,
  ]);
});

test('settings that others can read become private when they are read, with one note', async () => {
  const {file, store, notes} = openIn(temporaryFolder());
  writeFileSync(file, '{"profiles": {"default": {"apiKey": "secret"}}}');
  chmodSync(file, 0o644);
  expect(await store.read('default')).toEqual({apiKey: 'secret'});
  expect(await store.names()).toEqual(['default']);
  expect(modeOf(file)).toBe(0o600);
  expect(notes).toEqual([
    `Other users could read the credentials in ${file}. It is private now. If other people use this machine, log in again with new credentials.`,
  ]);
});

test('settings without credentials that others can change become private when they are read, with a note', async () => {
  const {file, store, notes} = openIn(temporaryFolder());
  writeFileSync(file, '{}');
  chmodSync(file, 0o666);
  expect(await store.read('default')).toEqual({});
  expect(modeOf(file)).toBe(0o600);
  expect(notes).toEqual([`Other users could change the credentials file ${file}. It is private now.`]);
});

test('settings of another user that others can read are reported', async () => {
  const {file, store, notes} = openIn(temporaryFolder());
  writeFileSync(file, '{"profiles": {"default": {"apiKey": "secret"}}}', {mode: 0o644});
  const owner = process.getuid?.() ?? 0;
  vi.spyOn(process, 'getuid').mockReturnValue(owner + 1);
  onTestFinished(() => void vi.restoreAllMocks());
  expect(await store.read('default')).toEqual({apiKey: 'secret'});
  expect(await store.read('default')).toEqual({apiKey: 'secret'});
  expect(modeOf(file)).toBe(0o644);
  expect(notes).toEqual([`Other users can read the credentials in ${file}. Its owner can change that.`]);
});

test('chats of a server that cannot be stored are an error of the store', async () => {
  // No file can be created in this folder, although it exists.
  const chats = servedChats({folder: '/proc/self', site: 'https://poe.com'});
  const chat = {id: 'a', chatId: 1, chatCode: 'a', title: null, bot: null, lastInteractionTime: null};
  await expect(chats.put(chat, null)).rejects.toMatchObject({code: 'store'});
});
