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

/** A folder with this text as the store's file. */
function given(text: string, mode = 0o600): void {
  mkdirSync(dir, {mode: 0o700});
  writeFileSync(file, text, {mode});
}

describe('what is kept', () => {
  test('is there for the next run', async () => {
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

  test('stays apart by profile', async () => {
    const store = open();
    await store.update('work', () => ({uid: 1}));
    await store.update('home', () => ({uid: 2}));
    expect(await store.read('work')).toEqual({uid: 1});
    expect(await store.read('home')).toEqual({uid: 2});
    expect(await store.names()).toEqual(['work', 'home']);
  });

  test('is gone, secrets and all, when a profile is emptied', async () => {
    const store = open();
    await store.update('default', () => ({tokens}));
    await store.update('default', () => ({}));
    expect(await store.names()).toEqual([]);
    expect(readFileSync(file, 'utf8')).not.toContain('secret');
  });

  test('stays as it was when the change fails, and the next one goes through', async () => {
    const store = open();
    await store.update('default', () => ({uid: 1}));
    const failing = store.update('default', () => {
      throw new RangeError('no');
    });
    await expect(failing).rejects.toThrow(RangeError);
    await store.update('default', ({uid = 0}) => ({uid: uid + 1}));
    expect(await store.read('default')).toEqual({uid: 2});
  });

  test('keeps what a later version wrote', async () => {
    given(
      '{"profiles": {"default": {"uid": 1, "theme": "dark", "tokens": {"pB": "b", "pLat": "l", "more": 1}}}, "version": 2}',
    );
    await open().update('default', (profile) => ({...profile, uid: 5}));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      profiles: {default: {uid: 5, theme: 'dark', tokens: {pB: 'b', pLat: 'l', more: 1}}},
      version: 2,
    });
  });

  test('leaves out parts of the wrong type, and does other profiles no harm', async () => {
    given(
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
  test('reading a store that is not there makes nothing', async () => {
    expect(await open().read('default')).toEqual({});
    expect(await open().names()).toEqual([]);
    expect(readdirSync(root)).toEqual([]);
  });

  test('only the owner can read the file and enter its folder, from the first write on', async () => {
    const store = open();
    await store.update('default', () => ({tokens}));
    await store.update('default', (profile) => ({...profile, uid: 1}));
    expect([modeOf(dir), modeOf(file)]).toEqual([0o700, 0o600]);
  });

  test('a file that others could read is closed with the next write', async () => {
    given('{"profiles": {}}', 0o644);
    await open().update('default', () => ({tokens}));
    expect(modeOf(file)).toBe(0o600);
  });

  test('a folder that others could enter is closed', async () => {
    mkdirSync(dir, {mode: 0o755});
    await open().update('default', () => ({tokens}));
    expect(modeOf(dir)).toBe(0o700);
  });

  test("a folder with other things in it is left as it is, and so is another's behind a link", async () => {
    const shared = join(root, 'shared');
    mkdirSync(shared, {mode: 0o755});
    symlinkSync(shared, dir);
    await open().update('default', () => ({tokens}));
    expect([modeOf(shared), modeOf(file)]).toEqual([0o755, 0o600]);

    writeFileSync(join(shared, 'notes.txt'), '');
    await openStore({dir: shared}).update('default', () => ({tokens}));
    expect(modeOf(shared)).toBe(0o755);
  });

  test('the store in memory leaves nothing', async () => {
    const store = memoryStore({default: {uid: 1}});
    await store.update('other', () => ({uid: 2}));
    expect(await store.read('default')).toEqual({uid: 1});
    expect(await store.names()).toEqual(['default', 'other']);
    expect(readdirSync(root)).toEqual([]);
  });
});

describe('a broken file', () => {
  const broken = ['', '{"profiles": {"default": {"tokens": {"pB": "secret-p-b', '[]', '7', '{"profiles": []}'];

  test.each(broken)('is set aside with one note: %s', async (text) => {
    given(text, 0o644);
    const store = open();
    expect(await store.read('default')).toEqual({});
    await store.update('default', () => ({uid: 1}));
    expect(await store.read('default')).toEqual({uid: 1});

    const [aside = '', ...others] = readdirSync(dir).filter((name) => name !== 'config.json');
    expect(others).toEqual([]);
    expect(aside).toMatch(/^config\.json\.broken-\d{4}-\d\d-\d\dT[\d.-]+Z$/);
    expect(readFileSync(join(dir, aside), 'utf8')).toBe(text);
    expect(modeOf(join(dir, aside))).toBe(0o600);
    expect(notes).toEqual([
      `The file ${file} could not be understood. It is now ${aside}, and an empty one takes its place.`,
    ]);
  });

  test('is not lost when the first thing done is a write', async () => {
    given('{"profiles": ');
    await open().update('default', () => ({uid: 1}));
    expect(readdirSync(dir)).toHaveLength(2);
    expect(notes).toHaveLength(1);
  });
});

describe('a failure is told in one line', () => {
  test('when a file stands where the folder is due', async () => {
    writeFileSync(dir, '');
    await expect(open().read('default')).rejects.toMatchObject({
      code: 'store',
      message: `${file} could not be read: a file stands where a folder is due (ENOTDIR)`,
      hint: 'Give it a folder of its own that can be written: POE_CONFIG_DIR=<folder>',
    });
    await expect(open().update('default', () => ({tokens}))).rejects.toMatchObject({
      code: 'store',
      message: `${file} could not be written: a file stands where a folder is due (EEXIST)`,
    });
  });

  test('when the system lets nobody make the folder', async () => {
    const error: unknown = await openStore({dir: '/proc/no-such/poe'})
      .update('default', () => ({tokens}))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({code: 'store', message: expect.stringContaining('/proc/no-such/poe/config.json')});
  });

  test('when a folder stands where the file is due', async () => {
    mkdirSync(file, {recursive: true});
    await expect(open().update('default', () => ({tokens}))).rejects.toMatchObject({
      code: 'store',
      message: `${file} could not be read: a folder stands where a file is due (EISDIR)`,
    });
    expect(readdirSync(dir)).toEqual(['config.json']);
  });
});

describe('a lock', () => {
  const lockFile = () => `${file}.lock`;
  const lockOf = (pid: number) => JSON.stringify({pid, since: new Date().toISOString(), id: '0'});

  test('of a process that is gone does not hold anybody up', async () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    given('{}');
    writeFileSync(lockFile(), lockOf(gone));
    const started = Date.now();
    await open().update('default', () => ({uid: 1}));
    expect(Date.now() - started).toBeLessThan(2_000);
    expect(readdirSync(dir)).toEqual(['config.json']);
  });

  test.each([
    [lockOf(process.pid), -11],
    ['', -11],
    ['', 86_400],
  ])('older than ten seconds is taken over, and one of a time to come: %s, %i s', async (text, seconds) => {
    given('{}');
    for (const path of [lockFile(), `${lockFile()}.removal`]) {
      writeFileSync(path, text);
      const then = Date.now() / 1000 + seconds;
      utimesSync(path, then, then);
    }
    await open().update('default', () => ({uid: 1}));
    expect(readdirSync(dir)).toEqual(['config.json']);
  });

  test('of a living process is waited for, five seconds at most and without work', async () => {
    given('{"profiles": {"default": {"uid": 1}}}');
    writeFileSync(lockFile(), lockOf(process.pid));
    const before = process.cpuUsage();
    const started = Date.now();
    await expect(open().update('default', () => ({uid: 2}))).rejects.toMatchObject({
      code: 'store',
      message: `${lockFile()} is held by another process`,
    });
    const {user, system} = process.cpuUsage(before);
    expect(Date.now() - started).toBeGreaterThan(4_500);
    expect((user + system) / 1000).toBeLessThan(1_000);
    expect(await open().read('default')).toEqual({uid: 1});
    expect(existsSync(lockFile())).toBe(true);
  });
});

describe('another process', () => {
  let built: string;

  beforeAll(async () => {
    built = mkdtempSync(join(tmpdir(), 'poe-store-built-'));
    chmodSync(built, 0o755);
    const bundle = await rolldown({input: 'src/store/profiles.ts', platform: 'node', logLevel: 'silent'});
    await bundle.write({dir: built, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs'});
    await bundle.close();
    return () => rmSync(built, {recursive: true, force: true});
  });

  /** Runs a program in which `openStore` and the arguments `args` stand ready. */
  async function run(
    program: string,
    args: string[],
    options: {uid?: number; gid?: number; env?: NodeJS.ProcessEnv} = {},
  ) {
    const head = `import {openStore} from ${JSON.stringify(join(built, 'store.mjs'))}; const args = process.argv.slice(1);`;
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

  test('and seven more write at once, and nothing is lost, whatever time each takes it to be', async () => {
    const program = `
      const [dir, me] = args;
      const {now} = Date;
      Date.now = () => now() + (me % 3 - 1) * 86_400_000;
      const store = openStore({dir});
      for (let i = 0; i < 5; i++) {
        await store.update('counter', ({uid = 0}) => ({uid: uid + 1}));
        await store.update('writer-' + me + '.' + i, () => ({uid: i}));
      }`;
    mkdirSync(dir, {mode: 0o700});
    // Left behind by a process that is gone: all eight find it at once.
    writeFileSync(`${file}.lock`, JSON.stringify({pid: spawnSync(process.execPath, ['-e', '']).pid}));
    await Promise.all(Array.from({length: 8}, (_, me) => run(program, [dir, String(me)])));
    const store = open();
    expect(await store.read('counter')).toEqual({uid: 40});
    expect(await store.names()).toHaveLength(41);
    expect(await store.read('writer-7.4')).toEqual({uid: 4});
    expect(readdirSync(dir)).toEqual(['config.json']);
    expect(notes).toEqual([]);
  });

  test('without permission is told so, in one line', async () => {
    const program = `
      const store = openStore({dir: args[0]});
      for (const attempt of [() => store.update('default', () => ({uid: 1})), () => store.read('default')]) {
        await attempt().then(() => console.log('no error'), ({code, message}) => console.log(code + ': ' + message));
      }`;
    given('{}');
    chmodSync(file, 0o000);
    chmodSync(dir, 0o555);
    chmodSync(root, 0o755);
    // The superuser is refused nothing.
    const nobody = process.getuid?.() === 0 ? {uid: 65_534, gid: 65_534} : {};
    expect(await run(program, [dir], nobody)).toBe(
      `store: ${file} could not be written: permission is missing (EACCES)\n` +
        `store: ${file} could not be read: permission is missing (EACCES)\n`,
    );
    chmodSync(dir, 0o755);
  });

  test('finds the file where conf keeps that of a project named poe', async () => {
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
