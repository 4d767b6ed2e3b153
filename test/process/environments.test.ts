import {chmodSync, chownSync, readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {loadSqlite} from '../../src/store/database/load-sqlite.js';
import {temporaryFolder} from '../support/harness.js';
import {type Environment, runProgram, withProgram} from '../support/program.js';
import {isRoot, unknownUser} from '../support/unknown-user.js';

/* Machines on which poe cannot save anything: containers, cron jobs, full disks. */

const asUnknownUser = ['--import', unknownUser];

const unsaved = (folder: string, reason: string) =>
  `Chats and settings cannot be saved in ${folder} (${reason}). To save them, set POE_CONFIG_DIR to a folder that you can write to.\n`;

/** The environments of an API key and of a browser session, without a settings folder. */
async function withoutFolder() {
  const {sandbox, env} = await withProgram();
  const {POE_CONFIG_DIR: _folder, ...session} = env;
  const key: Environment = {...session, POE_P_B: undefined, POE_P_LAT: undefined, POE_API_KEY: sandbox.apiKey};
  return {key, both: [key, session]};
}

const count = ['send', '-b', 'Sandbox-Count', 'count to 3'];

test.each([
  ['/proc/no-such-home', unsaved('/proc/no-such-home/.config/poe', 'its folder cannot be created')],
  [
    '/dev/null',
    'Could not read /dev/null/.config/poe/config.json: a parent folder is a file. To use another folder, set POE_CONFIG_DIR.\n',
  ],
])('a reply arrives, with one warning, if the home is %s', async (home, warning) => {
  for (const env of (await withoutFolder()).both) {
    expect(await runProgram(count, {...env, HOME: home})).toEqual({code: 0, out: '1 2 3\n', err: warning});
  }
});

test('a reply arrives, with one warning, if the disk is full', async () => {
  const {sandbox, shell, configDir} = await withProgram();
  const script = `ulimit -f 0; node bin/poe.js ${count.join(' ').replace(/count to 3/, '"$&"')}`;
  const key = {POE_P_B: '', POE_P_LAT: '', POE_API_KEY: sandbox.apiKey};
  for (const env of [key, {}]) {
    const outcome = await shell(script, env);
    expect(outcome).toEqual({code: 0, out: '1 2 3\n', err: unsaved(configDir, 'file size limit exceeded')});
  }
});

test('if no more files can be opened, the limit is named', async () => {
  const {shell} = await withProgram();
  // Only one is left.
  const fill = encodeURIComponent(`import {closeSync, openSync} from "node:fs";
    let last;
    try { for (;;) last = openSync("/dev/null"); } catch { closeSync(last); }`);
  const poe = `ulimit -n 64; node --import 'data:text/javascript,${fill}' bin/poe.js`;
  const limit =
    /^poe: Could not .+: too many open files\n {5}Raise the limit of open files, for example with: ulimit -n 1024\n$/;
  for (const command of ['explore', 'send hello']) {
    expect(await shell(`${poe} ${command}`)).toEqual({code: 1, out: '', err: expect.stringMatching(limit)});
  }
});

test('if SQLite cannot open enough files, the limit is named', async () => {
  const {shell, run} = await withProgram();
  await run('budget', 'set', '100/day');
  const leave = encodeURIComponent(`import {closeSync, openSync} from "node:fs";
    const opened = [];
    try { for (;;) opened.push(openSync("/dev/null")); } catch { for (let i = 0; i < 8; i++) closeSync(opened.pop()); }`);
  const poe = `ulimit -n 64; node --import 'data:text/javascript,${leave}' bin/poe.js`;
  for (const command of ['budget', 'search hello']) {
    expect(await shell(`${poe} ${command}`)).toEqual({
      code: 1,
      out: '',
      err: expect.stringMatching(
        /^poe: Could not open (?:\S+\.db|a database): too many open files\n {5}Raise the limit of open files, for example with: ulimit -n 1024\n$/,
      ),
    });
  }
});

test('a change of a chat that cannot be saved is an error', async () => {
  const {sandbox, shell, run} = await withProgram();
  const key = {POE_P_B: '', POE_P_LAT: '', POE_API_KEY: sandbox.apiKey};
  await shell('node bin/poe.js send -b Sandbox-Count "count to 3"', key);
  expect(await shell('ulimit -f 0; node bin/poe.js title last "New title"', key)).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('The local chats could not be read or written (EFBIG)'),
  });
  expect((await run('history', '--via', 'api')).out).not.toContain('New title');
});

test('a reply arrives for a user without a home, or with that of another user', async () => {
  const home = temporaryFolder();
  chmodSync(home, 0);
  onTestFinished(() => chmodSync(home, 0o700));
  const unreadable = `Could not read ${home}/.config/poe/config.json: permission denied. To use another folder, set POE_CONFIG_DIR.\n`;
  for (const env of (await withoutFolder()).both) {
    for (const [folder, warning] of [
      [undefined, unsaved('/.config/poe', 'permission denied')],
      ['/', unsaved('/.config/poe', 'permission denied')],
      [home, unreadable],
    ] as const) {
      const outcome = await runProgram(count, {...env, HOME: folder}, asUnknownUser);
      expect({folder, ...outcome}).toEqual({folder, code: 0, out: '1 2 3\n', err: warning});
    }
  }
});

test('a user without a home can save in the folder of POE_CONFIG_DIR', async () => {
  const {key} = await withoutFolder();
  const folder = temporaryFolder();
  if (isRoot) chownSync(folder, 12_345, 12_345);
  const env = {...key, HOME: undefined, POE_CONFIG_DIR: folder};
  expect((await runProgram(['login', '--api-key'], env, asUnknownUser)).code).toBe(0);
  expect(await runProgram(count, {...env, POE_API_KEY: undefined}, asUnknownUser)).toEqual({
    code: 0,
    out: '1 2 3\n',
    err: '',
  });
});

test('the first run explains that nothing can be saved, and what works', async () => {
  const {key} = await withoutFolder();
  const env = {...key, POE_API_KEY: undefined, HOME: '/'};
  const problem = 'Chats and settings cannot be saved in /.config/poe (permission denied)';
  const hint = `     ${problem}. Set POE_API_KEY to an API key from https://poe.com/api/keys, or set POE_CONFIG_DIR to a folder that you can write to and log in.\n`;
  expect(await runProgram(['2x2?'], env, asUnknownUser)).toEqual({
    code: 4,
    out: '',
    err: `poe: Not logged in: no credentials saved for profile "default"\n${hint}`,
  });
  expect(await runProgram(['login'], env, asUnknownUser)).toEqual({
    code: 1,
    out: '',
    err: `poe: ${problem}\n     Set POE_CONFIG_DIR to a folder that you can write to.\n`,
  });
  expect(await runProgram(['doctor'], env, asUnknownUser)).toMatchObject({
    code: 1,
    out: expect.stringContaining(`store\tfailed\t${problem}`),
  });
});

test('what was saved in a folder that is read-only now can still be read', async () => {
  const {sandbox, env} = await withProgram();
  const folder = temporaryFolder();
  if (isRoot) chownSync(folder, 12_345, 12_345);
  const run = (...words: string[]) => runProgram(words, {...env, POE_CONFIG_DIR: folder}, asUnknownUser);
  for (const chat of sandbox.world.chats.slice(3)) sandbox.world.removeChat(chat);
  await run('send', '-b', 'Sandbox-Echo', 'good morning');
  expect(await run('sync', '-q')).toMatchObject({code: 0});
  expect(await run('budget', 'set', '100/day')).toMatchObject({code: 0});
  const reading = [
    ['search', 'morning', '--json'],
    ['history', 'stats', '--json'],
    ['budget', '--json'],
  ];
  const before = await Promise.all(reading.map((words) => run(...words)));
  expect(before).toMatchObject(reading.map(() => ({code: 0, err: ''})));
  onTestFinished(() => setModes(folder, 0o700));
  // With and without the file beside a database that has its last changes.
  for (const isClean of [false, true]) {
    setModes(folder, 0o700);
    if (isClean) await checkpoint(folder);
    setModes(folder, 0o500);
    const now = await Promise.all(reading.map((words) => run(...words)));
    expect(now).toEqual(before);
    expect(await run('sync')).toMatchObject({code: 1, err: expect.stringContaining('Could not')});
    expect(await run('send', '-b', 'Sandbox-Echo', 'hi')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/ledger\.db.*cannot be written/),
    });
  }
});

/** Sets the mode of all files and folders in a folder. */
function setModes(folder: string, mode: number): void {
  for (const name of ['.', ...readdirSync(folder, {recursive: true, encoding: 'utf8'})]) {
    chmodSync(join(folder, name), mode);
  }
}

/** Moves the last changes of the databases in a folder into their files. */
async function checkpoint(folder: string): Promise<void> {
  const sqlite = await loadSqlite();
  for (const name of readdirSync(folder, {recursive: true, encoding: 'utf8'})) {
    if (!name.endsWith('.db')) continue;
    const connection = sqlite(join(folder, name), {timeout: 5000});
    connection.pragma('wal_checkpoint(TRUNCATE)');
    connection.close();
    for (const suffix of ['-wal', '-shm']) rmSync(join(folder, `${name}${suffix}`), {force: true});
  }
}
