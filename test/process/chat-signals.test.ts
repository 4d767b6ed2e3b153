import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {expect, test} from 'vitest';
import {apiKey} from '../../src/sandbox/api/api.js';
import {operationsOf, runMain, temporaryFolder} from '../support/harness.js';
import {type At, onTerminal, type When} from '../support/pseudo-terminal.js';

/* A chat that is ended from outside in mid-reply: by a signal, or because its terminal goes. */

const modes = ['', '--screen-reader'];

/** Runs a chat and, when the bot writes and something more is typed, does something to the chat's process. */
async function inMidReply(flag: string, end: (at: At, pid: number) => void, env: Record<string, string> = {}) {
  const pidFile = join(temporaryFolder(), 'pid');
  const chat = `sh -c 'echo $$ > ${pidFile}; exec node bin/poe.js chat -q ${flag} -b Sandbox-Slow'`;
  const pid = () => Number(readFileSync(pidFile, 'utf8'));
  const when: When = [
    [flag ? /^>$/m : /· new chat/, ({type}) => type('hello\r')],
    [/> hello\n[^]*\n>/, ({type}) => type('and then')],
    [/> and then/, (at) => void onceWriting(at).then(() => end(at, pid()))],
  ];
  const ended = await onTerminal(`${chat}; echo code $?; stty -a`, {cols: 200, env, when});
  const isRunning = () => {
    try {
      return process.kill(pid(), 0);
    } catch {
      return false;
    }
  };
  await expect.poll(isRunning, {timeout: 20_000}).toBe(false);
  return {...ended, shown: ended.lines.join('\n')};
}

/** A screen reader is not told of what has not come whole. */
const onceWriting = ({sandbox, configDir}: At) =>
  expect.poll(() => isWriting(sandbox) || localChats(configDir).includes('"2 "'), {timeout: 20_000}).toBe(true);

const isWriting = ({world}: At['sandbox']) =>
  world.chats.some(({messages}) => messages.at(-1)?.text.startsWith('One word a'));

function localChats(configDir: string): string {
  const folder = join(configDir, 'chats', 'default');
  return existsSync(folder)
    ? readdirSync(folder)
        .map((name) => readFileSync(join(folder, name), 'utf8'))
        .join('')
    : '';
}

const typedIn = (configDir: string) => readFileSync(join(configDir, 'history.jsonl'), 'utf8');

const ways = ['SIGTERM', 'SIGHUP'].flatMap((signal) => modes.map((flag) => ({signal, flag})));

test.for(ways)(
  '$signal stops the bot, keeps what came and what was typed, and ends with 130 ($flag)',
  async ({signal, flag}) => {
    const kill = (_at: At, pid: number) => process.kill(pid, signal);
    const {shown, bytes, sandbox, configDir} = await inMidReply(flag, kill);
    expect(shown).toMatch(/> hello\n\nOne word a[^]*\ncode 130\n/);
    expect(shown).toMatch(/ icanon .* echo /s);
    expect(bytes).toMatch(/\u001b\[\?2004l\u001b\[\?7h\u001b\[\?25h/);
    expect(operationsOf(sandbox).join(' ')).toMatch(/cancelViewerActiveJobs/i);
    const env = {...sandbox.env, POE_CONFIG_DIR: configDir};
    expect((await runMain(['attach', 'last'], {env})).out).toMatch(/^One word a/);
    expect(typedIn(configDir)).toBe('"hello"\n"and then"\n');
  },
);

test.for(modes)('over the API, too (%s)', async (flag) => {
  const byKey = {POE_P_B: '', POE_P_LAT: '', POE_API_KEY: apiKey};
  const {shown, sandbox, configDir} = await inMidReply(flag, (_at, pid) => process.kill(pid, 'SIGHUP'), byKey);
  expect(shown).toMatch(/> hello\n\n1 2\s+code 130\n/);
  const env = {...sandbox.env, ...byKey, POE_CONFIG_DIR: configDir};
  const {out} = await runMain(['attach', '--json', 'last'], {env});
  expect(JSON.parse(out)).toMatchObject({text: '1 2 ', state: 'cancelled'});
  expect(typedIn(configDir)).toBe('"hello"\n"and then"\n');
});

test.for(modes)('a terminal that goes does the same (%s)', async (flag) => {
  const {sandbox, configDir} = await inMidReply(flag, ({hangUp}) => hangUp());
  expect(operationsOf(sandbox).join(' ')).toMatch(/cancelViewerActiveJobs/i);
  const env = {...sandbox.env, POE_CONFIG_DIR: configDir};
  expect((await runMain(['attach', 'last'], {env})).out).toMatch(/^One word a/);
  expect(typedIn(configDir)).toBe('"hello"\n"and then"\n');
});

test('poe send stops the bot, too, and ends in order, where its terminal goes', async () => {
  const files = temporaryFolder();
  const [said, code] = [join(files, 'stderr'), join(files, 'code')];
  // A shell that outlives the terminal says how poe ended.
  const command = `trap '' HUP; node bin/poe.js send -b Sandbox-Slow hello 2> ${said}; echo $? > ${code}`;
  const {sandbox} = await onTerminal(`bash -c "${command.replaceAll('$', '\\$')}"`, {
    when: [[/One word a/, ({hangUp}) => hangUp()]],
  });
  await expect.poll(() => existsSync(code) && readFileSync(code, 'utf8'), {timeout: 20_000}).toBe('130\n');
  expect(readFileSync(said, 'utf8')).toBe('');
  expect(operationsOf(sandbox).join(' ')).toMatch(/cancelViewerActiveJobs/i);
});
