import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {expect, test} from 'vitest';
import {apiKey} from '../../src/sandbox/api/api.js';
import {operationsOf, runMain, temporaryFolder} from '../support/harness.js';
import {hasStored} from '../support/journal-files.js';
import {type At, onTerminal, type When} from '../support/terminal/pseudo-terminal.js';

/* A signal or a closed terminal ends poe during a reply. */

const modes = ['', '--screen-reader'];

/** Runs a chat, and ends its process during a reply, with text in the prompt. */
async function endDuringReply(flag: string, end: (at: At, pid: number) => void, env: Record<string, string> = {}) {
  const pidFile = join(temporaryFolder(), 'pid');
  const chat = `sh -c 'echo $$ > ${pidFile}; exec node bin/poe.js chat -q ${flag} -b Sandbox-Slow'`;
  const pid = () => Number(readFileSync(pidFile, 'utf8'));
  const when: When = [
    [flag ? /^>$/m : /· new chat/, ({type}) => type('hello\r')],
    [/> hello\n[^]*\n>/, ({type}) => type('and then')],
    [/> and then/, (at) => void untilStored(at).then(() => end(at, pid()))],
  ];
  const ended = await onTerminal(`${chat}; echo code $?; stty -a`, {cols: 200, env, heldAfter: 4, when});
  const isRunning = () => {
    try {
      return process.kill(pid(), 0);
    } catch {
      return false;
    }
  };
  await expect.poll(isRunning).toBe(false);
  return {...ended, shown: ended.lines.join('\n')};
}

/** Waits until the chat has stored text of the reply. The screen reader's output does not show it before the reply is complete. */
const untilStored = ({configDir}: At) =>
  expect.poll(() => hasStored(configDir, 'One word a') || storedChats(configDir).includes('2 "')).toBe(true);

function storedChats(configDir: string): string {
  const folder = join(configDir, 'chats', 'default');
  return existsSync(folder)
    ? readdirSync(folder)
        .map((name) => readFileSync(join(folder, name), 'utf8'))
        .join('')
    : '';
}

const promptHistory = (configDir: string) => readFileSync(join(configDir, 'history.jsonl'), 'utf8');

const signals = ['SIGTERM', 'SIGHUP'].flatMap((signal) => modes.map((flag) => ({signal, flag})));

test.for(signals)(
  '$signal cancels the reply, stores its beginning and the typed text, and exits with 130 ($flag)',
  async ({signal, flag}) => {
    const kill = (_at: At, pid: number) => process.kill(pid, signal);
    const {shown, bytes, sandbox, configDir} = await endDuringReply(flag, kill);
    expect(shown).toMatch(/> hello\n\n\S+\nOne word a[^]*\ncode 130\n/);
    expect(shown).toMatch(/ icanon .* echo /s);
    expect(bytes).toMatch(/\u001b\[\?2004l\u001b\[\?7h\u001b\[\?25h/);
    expect(operationsOf(sandbox).join(' ')).toMatch(/cancelViewerActiveJobs/i);
    const env = {...sandbox.env, POE_CONFIG_DIR: configDir};
    expect((await runMain(['attach', 'last'], {env})).out).toMatch(/^One word a/);
    expect(promptHistory(configDir)).toBe('"hello"\n"and then"\n');
  },
);

test.for(modes)('a signal during a reply over the API cancels it and stores its beginning (%s)', async (flag) => {
  const withKey = {POE_P_B: '', POE_P_LAT: '', POE_API_KEY: apiKey};
  const {shown, sandbox, configDir} = await endDuringReply(flag, (_at, pid) => process.kill(pid, 'SIGHUP'), withKey);
  expect(shown).toMatch(/> hello\n\n\S+\n1 2\s+code 130\n/);
  const env = {...sandbox.env, ...withKey, POE_CONFIG_DIR: configDir};
  const {out} = await runMain(['attach', '--json', 'last'], {env});
  expect(JSON.parse(out)).toMatchObject({text: '1 2 ', state: 'cancelled'});
  expect(promptHistory(configDir)).toBe('"hello"\n"and then"\n');
});

test.for(modes)('closing the terminal cancels the reply and stores its beginning (%s)', async (flag) => {
  const {sandbox, configDir} = await endDuringReply(flag, ({hangUp}) => hangUp());
  expect(operationsOf(sandbox).join(' ')).toMatch(/cancelViewerActiveJobs/i);
  const env = {...sandbox.env, POE_CONFIG_DIR: configDir};
  expect((await runMain(['attach', 'last'], {env})).out).toMatch(/^One word a/);
  expect(promptHistory(configDir)).toBe('"hello"\n"and then"\n');
});

test('poe send cancels the reply when its terminal is closed', async () => {
  const files = temporaryFolder();
  const [stderr, code] = [join(files, 'stderr'), join(files, 'code')];
  // This shell outlives the terminal and reports the exit code.
  const command = `trap '' HUP; node bin/poe.js send -b Sandbox-Slow hello 2> ${stderr}; echo $? > ${code}`;
  const {sandbox} = await onTerminal(`bash -c "${command.replaceAll('$', '\\$')}"`, {
    heldAfter: 4,
    when: [[/One word a/, ({hangUp}) => hangUp()]],
  });
  await expect.poll(() => existsSync(code) && readFileSync(code, 'utf8')).toBe('130\n');
  expect(readFileSync(stderr, 'utf8')).toBe('');
  expect(operationsOf(sandbox).join(' ')).toMatch(/cancelViewerActiveJobs/i);
});
