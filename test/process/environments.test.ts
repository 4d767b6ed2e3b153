import {chmodSync, chownSync} from 'node:fs';
import {expect, onTestFinished, test} from 'vitest';
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
        /^poe: Could not open \S+\.db: too many open files\n {5}Raise the limit of open files, for example with: ulimit -n 1024\n$/,
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
