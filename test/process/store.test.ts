import {execFile, spawnSync} from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {promisify} from 'node:util';
import {rolldown} from 'rolldown';
import {afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {memoryStore, openStore, type Profile} from '../../src/store/profiles.js';

const tokens = {pB: 'secret-p-b', pLat: 'secret-p-lat'};
const modeOf = (path: string) => lstatSync(path).mode & 0o777;

let root: string;
let dir: string;
let file: string;
let notes: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'poe-store-'));
  dir = join(root, 'settings');
  file = join(dir, 'config.json');
  notes = [];
});

afterEach(() => rmSync(root, {recursive: true, force: true}));

const open = () => openStore({dir, note: (message) => notes.push(message)});

/** Creates the folder with this text as the credentials file. */
function createFile(text: string, mode = 0o600): void {
  mkdirSync(dir, {mode: 0o700});
  writeFileSync(file, text, {mode});
}

describe('a profile', () => {
  test('is there in the next run', async () => {
    const profile: Profile = {
      tokens: {...tokens, formKey: 'f'.repeat(32), cfClearance: 'c', cfBm: 'b', userAgent: 'a browser'},
      site: 'https://poe.com',
      uid: 7,
      email: 'ada@example.com',
      foundFormKey: {
        key: 'e'.repeat(32),
        baseUrl: 'https://poe.com',
        account: '0123',
        foundAt: '2026-08-01T00:00:00.000Z',
      },
    };
    await open().update('default', () => profile);
    expect(await open().read('default')).toEqual(profile);
    expect(open().path).toBe(file);
    expect(readdirSync(dir)).toEqual(['config.json']);
  });

  test('is separate from other profiles', async () => {
    const store = open();
    await store.update('work', () => ({uid: 1}));
    await store.update('home', () => ({uid: 2}));
    expect(await store.read('work')).toEqual({uid: 1});
    expect(await store.read('home')).toEqual({uid: 2});
    expect(await store.names()).toEqual(['work', 'home']);
  });

  test('is deleted with its secrets when it becomes empty', async () => {
    const store = open();
    await store.update('default', () => ({tokens}));
    await store.update('default', () => ({}));
    expect(await store.names()).toEqual([]);
    expect(readFileSync(file, 'utf8')).not.toContain('secret');
  });

  test('is unchanged if an update fails, and can be updated again', async () => {
    const store = open();
    await store.update('default', () => ({uid: 1}));
    const failing = store.update('default', () => {
      throw new RangeError('no');
    });
    await expect(failing).rejects.toThrow(RangeError);
    await store.update('default', ({uid = 0}) => ({uid: Number(uid) + 1}));
    expect(await store.read('default')).toEqual({uid: 2});
  });

  test('preserves fields of later versions', async () => {
    createFile(
      '{"profiles": {"default": {"uid": 1, "theme": "dark", "tokens": {"pB": "b", "pLat": "l", "more": 1}}}, "version": 2}',
    );
    await open().update('default', (profile) => ({...profile, uid: 5}));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      profiles: {default: {uid: 5, theme: 'dark', tokens: {pB: 'b', pLat: 'l', more: 1}}},
      version: 2,
    });
  });

  test('drops parts of the wrong type and leaves other profiles alone', async () => {
    createFile(
      '{"profiles": {"a": {"uid": "seven", "email": "a@example.com", "tokens": {"pB": 1}}, "b": 5, "c": {"uid": "eight"}}}',
    );
    const store = open();
    expect(await store.read('a')).toEqual({email: 'a@example.com'});
    expect(await store.read('b')).toEqual({});
    await store.update('a', (profile) => ({...profile, uid: 7}));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      profiles: {a: {uid: 7, email: 'a@example.com'}, b: 5, c: {uid: 'eight'}},
    });
    expect(notes).toEqual([]);
  });
});

describe('a profile name', () => {
  test.each(['__proto__', 'constructor', 'toString', 'a.b', '.', '-', 'A_1', 'x'.repeat(64)])(
    'can be %s',
    async (name) => {
      const store = open();
      expect(await store.read(name)).toEqual({});
      await store.update(name, () => ({uid: 1}));
      await store.update('other', () => ({uid: 2}));
      expect(await store.read(name)).toEqual({uid: 1});
      expect(await store.names()).toEqual([name, 'other']);
      expect(Object.hasOwn(Object.prototype, 'uid')).toBe(false);
    },
  );

  test.each(['', 'a b', 'a/b', 'é', 'a\n', 'x'.repeat(65)])('cannot be %j', async (name) => {
    for (const store of [open(), memoryStore()]) {
      await expect(store.read(name)).rejects.toMatchObject({code: 'usage'});
      await expect(store.update(name, () => ({uid: 1}))).rejects.toMatchObject({code: 'usage'});
    }
    expect(existsSync(dir)).toBe(false);
  });
});

describe('on the disk', () => {
  test('reading without a file creates nothing', async () => {
    expect(await open().read('default')).toEqual({});
    expect(await open().names()).toEqual([]);
    expect(readdirSync(root)).toEqual([]);
  });

  test('the file and its folder are private from the first write', async () => {
    const store = open();
    await store.update('default', () => ({tokens}));
    await store.update('default', (profile) => ({...profile, uid: 1}));
    expect([modeOf(dir), modeOf(file)]).toEqual([0o700, 0o600]);
  });

  test('a file that others can read becomes private with the next write', async () => {
    createFile('{"profiles": {}}', 0o644);
    await open().update('default', () => ({tokens}));
    expect(modeOf(file)).toBe(0o600);
  });

  test('a folder that others can enter becomes private', async () => {
    mkdirSync(dir, {mode: 0o755});
    for (const folder of ['cache', 'chats', 'journal', 'last']) mkdirSync(join(dir, folder));
    for (const name of ['history.jsonl', 'history-work.jsonl', 'models.json']) writeFileSync(join(dir, name), '');
    await open().update('default', () => ({tokens}));
    expect(modeOf(dir)).toBe(0o700);
  });

  test('the mode of a folder with other files, or behind a link, does not change', async () => {
    const shared = join(root, 'shared');
    mkdirSync(shared, {mode: 0o755});
    symlinkSync(shared, dir);
    await open().update('default', () => ({tokens}));
    expect([modeOf(shared), modeOf(file)]).toEqual([0o755, 0o600]);

    writeFileSync(join(shared, 'notes.txt'), '');
    await openStore({dir: shared}).update('default', () => ({tokens}));
    expect(modeOf(shared)).toBe(0o755);
  });

  test('the store in memory writes nothing', async () => {
    const store = memoryStore({default: {uid: 1}});
    await store.update('other', () => ({uid: 2}));
    expect(await store.read('default')).toEqual({uid: 1});
    expect(await store.names()).toEqual(['default', 'other']);
    expect(readdirSync(root)).toEqual([]);
  });
});

describe('a damaged file', () => {
  const damaged = ['', '{"profiles": {"default": {"tokens": {"pB": "secret-p-b', '[]', '7', '{"profiles": []}'];

  test.each(damaged)('is renamed with one note: %s', async (text) => {
    createFile(text, 0o644);
    const store = open();
    expect(await store.read('default')).toEqual({});
    await store.update('default', () => ({uid: 1}));
    expect(await store.read('default')).toEqual({uid: 1});

    const [renamed = '', ...others] = readdirSync(dir).filter((name) => name !== 'config.json');
    expect(others).toEqual([]);
    expect(renamed).toMatch(/^config\.json\.broken-\d{4}-\d\d-\d\dT[\d.-]+Z$/);
    expect(readFileSync(join(dir, renamed), 'utf8')).toBe(text);
    expect(modeOf(join(dir, renamed))).toBe(0o600);
    expect(notes).toEqual([
      `The credentials file ${file} is damaged. It was renamed to ${renamed}, and a new one will be created.`,
    ]);
  });

  test('is not lost if the first operation is a write', async () => {
    createFile('{"profiles": ');
    await open().update('default', () => ({uid: 1}));
    expect(readdirSync(dir)).toHaveLength(2);
    expect(notes).toHaveLength(1);
  });
});

describe('a one-line error is reported', () => {
  test('if the folder is a file', async () => {
    writeFileSync(dir, '');
    await expect(open().read('default')).rejects.toMatchObject({
      code: 'store',
      message: `Could not read ${file}: a parent folder is a file`,
      facts: {remedy: 'choose_config_folder'},
    });
    await expect(open().update('default', () => ({tokens}))).rejects.toMatchObject({
      code: 'store',
      message: `Could not write ${file}: its folder is a file`,
    });
  });

  test('if the folder cannot be created', async () => {
    const error: unknown = await openStore({dir: '/proc/no-such/poe'})
      .update('default', () => ({tokens}))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({code: 'store', message: expect.stringContaining('/proc/no-such/poe/config.json')});
  });

  test('if the file is a folder', async () => {
    mkdirSync(file, {recursive: true});
    await expect(open().update('default', () => ({tokens}))).rejects.toMatchObject({
      code: 'store',
      message: `Could not read ${file}: it is a folder`,
    });
    expect(readdirSync(dir)).toEqual(['config.json']);
  });
});

describe('a lock', () => {
  const lockFile = () => `${file}.lock`;
  const lockOf = (pid: number) => JSON.stringify({pid, since: new Date().toISOString(), id: '0'});

  test('of a process that has ended is removed at once', async () => {
    const pid = spawnSync(process.execPath, ['-e', '']).pid;
    createFile('{}');
    writeFileSync(lockFile(), lockOf(pid));
    const started = Date.now();
    await open().update('default', () => ({uid: 1}));
    expect(Date.now() - started).toBeLessThan(2_000);
    expect(readdirSync(dir)).toEqual(['config.json']);
  });

  test.each([
    [lockOf(process.pid), -11],
    ['', -11],
    ['', 86_400],
  ])('older than ten seconds or from the future is removed: %s, %i s', async (text, seconds) => {
    createFile('{}');
    for (const path of [lockFile(), `${lockFile()}.removal`]) {
      writeFileSync(path, text);
      const then = Date.now() / 1000 + seconds;
      utimesSync(path, then, then);
    }
    await open().update('default', () => ({uid: 1}));
    expect(readdirSync(dir)).toEqual(['config.json']);
  });

  test('of a running process is waited for up to five seconds, without using the CPU', async () => {
    createFile('{"profiles": {"default": {"uid": 1}}}');
    writeFileSync(lockFile(), lockOf(process.pid));
    const before = process.cpuUsage();
    const started = Date.now();
    await expect(open().update('default', () => ({uid: 2}))).rejects.toMatchObject({
      code: 'store',
      message: `Could not lock ${lockFile()}: another process is using it`,
    });
    const {user, system} = process.cpuUsage(before);
    expect(Date.now() - started).toBeGreaterThan(4_500);
    expect((user + system) / 1000).toBeLessThan(1_000);
    expect(await open().read('default')).toEqual({uid: 1});
    expect(existsSync(lockFile())).toBe(true);
  });
});

describe('other processes', () => {
  let built: string;

  beforeAll(async () => {
    built = mkdtempSync(join(tmpdir(), 'poe-store-built-'));
    chmodSync(built, 0o755);
    const bundle = await rolldown({input: 'src/store/profiles.ts', platform: 'node', logLevel: 'silent'});
    await bundle.write({dir: built, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs'});
    await bundle.close();
    return () => rmSync(built, {recursive: true, force: true});
  });

  /** Runs a program that can use `openStore` and its arguments as `args`. */
  async function run(
    program: string,
    args: string[],
    options: {uid?: number; gid?: number; env?: NodeJS.ProcessEnv} = {},
  ) {
    const head = `import {openStore} from ${JSON.stringify(join(built, 'profiles.mjs'))}; const args = process.argv.slice(1);`;
    const {stdout} = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', head + program, ...args],
      {
        cwd: '/',
        ...options,
      },
    );
    return stdout;
  }

  test('can write at once without losing anything, even with different clocks', async () => {
    const program = `
      const [dir, me] = args;
      const {now} = Date;
      Date.now = () => now() + (me % 3 - 1) * 86_400_000;
      const store = openStore({dir});
      for (let i = 0; i < 5; i++) {
        await store.update('counter', ({uid = 0}) => ({uid: Number(uid) + 1}));
        await store.update('writer-' + me + '.' + i, () => ({uid: i}));
      }`;
    mkdirSync(dir, {mode: 0o700});
    // Abandoned by a process that has ended. All eight find it at once.
    writeFileSync(`${file}.lock`, JSON.stringify({pid: spawnSync(process.execPath, ['-e', '']).pid}));
    await Promise.all(Array.from({length: 8}, (_, me) => run(program, [dir, String(me)])));
    const store = open();
    expect(await store.read('counter')).toEqual({uid: 40});
    expect(await store.names()).toHaveLength(41);
    expect(await store.read('writer-7.4')).toEqual({uid: 4});
    expect(readdirSync(dir)).toEqual(['config.json']);
    expect(notes).toEqual([]);
  });

  test('without permission get a one-line error', async () => {
    const program = `
      const store = openStore({dir: args[0]});
      for (const attempt of [() => store.update('default', () => ({uid: 1})), () => store.read('default')]) {
        await attempt().then(() => console.log('no error'), ({code, message}) => console.log(code + ': ' + message));
      }`;
    createFile('{}');
    chmodSync(file, 0o000);
    chmodSync(dir, 0o555);
    chmodSync(root, 0o755);
    // Permissions do not apply to root.
    const user = process.getuid?.() === 0 ? {uid: 65_534, gid: 65_534} : {};
    expect(await run(program, [dir], user)).toBe(
      `store: Could not write ${file}: permission denied\nstore: Could not read ${file}: permission denied\n`,
    );
    chmodSync(dir, 0o755);
  });

  test('find the file where conf stores that of a project named poe', async () => {
    const conf = JSON.stringify(import.meta.resolve('conf'));
    const program = `
      const {default: Conf} = await import(${conf});
      console.log(openStore().path);
      console.log(new Conf({projectName: 'poe', projectSuffix: ''}).path);`;
    for (const XDG_CONFIG_HOME of [undefined, join(root, 'xdg')]) {
      const env = {...process.env, HOME: root, APPDATA: root, XDG_CONFIG_HOME};
      const [ours, theirs] = (await run(program, [], {env})).split('\n');
      expect(ours).toBe(theirs);
      expect(ours).toContain(root);
    }
  });
});
