import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {expect, test} from 'vitest';
import {temporaryFolder} from '../support/harness.js';
import {killWhen} from '../support/program.js';
import {withKey} from '../support/with-key.js';

/* What local chats store of a reply over the API when poe is killed. Poe itself does not store these chats. */

/** Runs poe with an API key and kills it when the local chats match. */
async function withKilled(bot: string, stored: RegExp) {
  const program = await withKey();
  const {sandbox, configDir, env} = program;
  const childEnv = {PATH: process.env.PATH, HOME: temporaryFolder(), ...sandbox.env, ...env, POE_CONFIG_DIR: configDir};
  const isStored = (pattern: RegExp) => chatsIn(configDir).some(({text}) => pattern.test(text));
  const kill = (pattern: RegExp, ...words: string[]) => killWhen(() => isStored(pattern), words, childEnv);
  /** Kills it when the message is also in the journal. */
  const killUnanswered = (pattern: RegExp, ...words: string[]) =>
    killWhen(() => isStored(pattern) && journalOf(configDir).length > 0, words, childEnv);
  await kill(stored, 'send', '-b', bot, 'hello');
  return {...program, kill, killUnanswered};
}

/** The messages without a reply. */
function journalOf(configDir: string): string[] {
  const folder = join(configDir, 'journal', 'default');
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** The files of the local chats. */
function chatsIn(configDir: string): {path: string; text: string}[] {
  const folder = join(configDir, 'chats', 'default');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => ({
    path: join(folder, name),
    text: readFileSync(join(folder, name), 'utf8'),
  }));
}

/** Everything that Sandbox-Slow writes before it stops, stored at once or in two increments. */
const bothWords = /"text":"1 (?:"[^]*"text":")?2 "/;

test('after a kill, attach shows the stored part of a reply over the API and exits with 7', async () => {
  const {run, configDir} = await withKilled('Sandbox-Slow', bothWords);
  const {code, out, err} = await run('attach', 'last');
  expect({code, out}).toEqual({code: 7, out: '1 2 \n'});
  expect(err).toMatch(/The reply is incomplete.*\n.*poe retry/);
  expect((await run('history', 'show', 'last')).out).toContain('1 2');
  for (const {path} of chatsIn(configDir)) expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('after a kill, attach shows the replaced text of a reply in Poe’s own protocol', async () => {
  const {run} = await withKilled('Sandbox-Drafts', /"text":"A second (?:"[^]*"text":")?draft"/);
  const {code, out} = await run('attach', 'last');
  expect({code, out}).toEqual({code: 7, out: 'A second draft\n'});
});

test('after a kill, the chat can continue, and a retry replaces the stored part, even a killed retry', async () => {
  const {run, kill} = await withKilled('Sandbox-Slow', bothWords);
  await kill(/"text":"1 2 "[^\n]*"replaces":\d|"replaces":\d+[^]*"text":"(?:1 )?2 "/, 'retry', 'last');
  const shown = (await run('history', 'show', '--json', 'last')).out.trimEnd().split('\n');
  expect(shown.map((line): string => JSON.parse(line).text)).toEqual(['hello', '1 2 ']);
  expect((await run('send', '-c', 'last', '-b', 'Sandbox-Memory', 'and on')).out).toBe(
    'user: hello\nassistant: 1 2 \nuser: and on\n',
  );
});

test('a reply is stored in increments that form one message', async () => {
  const {run, configDir} = await withKey();
  const {out} = await run('send', '-b', 'Sandbox-Count', 'count to 1000');
  const [, , ...stored] = (chatsIn(configDir)[0]?.text ?? '')
    .trimEnd()
    .split('\n')
    .map((line): {type: string; text?: string; state?: string} => JSON.parse(line));
  const increments = stored.slice(0, -1);
  expect(increments.map(({type, state}) => state ?? type)).toEqual([
    'incomplete',
    ...increments.slice(1).map(() => 'more'),
  ]);
  expect(out.startsWith(increments.map(({text}) => text).join(''))).toBe(true);
  const shown = (await run('history', 'show', '--json', 'last')).out.trimEnd().split('\n');
  expect(shown.map((line): unknown => JSON.parse(line))).toMatchObject([
    {text: 'count to 1000'},
    {text: out.trimEnd(), state: 'complete'},
  ]);
});

test('an answer deleted while it arrives stays deleted', async () => {
  const {run, runWith, configDir} = await withKey();
  let deleted: Promise<unknown> | undefined;
  const onOut = () => {
    const messageId = /"messageId":(\d+),"author":"bot"/.exec(chatsIn(configDir)[0]?.text ?? '')?.[1];
    deleted ??= run('delete-messages', '--yes', 'last', String(messageId));
  };
  expect((await runWith({onOut}, 'send', '-b', 'Sandbox-Count', 'count to 1000')).code).toBe(0);
  expect(await deleted).toMatchObject({code: 0});
  expect((await run('history', 'show', '--json', 'last')).out.trimEnd().split('\n')).toHaveLength(1);
});

test('a question without an answer survives a kill and can be asked again', async () => {
  const {run, sandbox, killUnanswered} = await withKilled('Sandbox-Slow', bothWords);
  const old = (await run('history', 'show', '--json', 'last')).out;
  sandbox.faults.respondAlways({path: '/v1/chat/completions'}, 'silence');
  await killUnanswered(/a new question/, 'send', '-b', 'Sandbox-Echo', 'a new question');
  const {code, out, err} = await run('attach', 'last');
  expect({code, out}).toEqual({code: 3, out: ''});
  expect(err).toMatch(/The last message has no reply.*\n.*poe retry/);
  sandbox.faults.clear();
  expect(await run('retry', 'last')).toEqual({code: 0, out: 'a new question\n', err: ''});
  expect(await run('attach', 'last')).toEqual({code: 0, out: 'a new question\n', err: ''});
  expect(old).not.toContain('a new question');
});

test('a refused question leaves nothing, in a new chat and in an existing one', async () => {
  const {run, sandbox, configDir} = await withKey();
  sandbox.faults.respondAlways({path: '/v1/chat/completions'}, {status: 402});
  expect((await run('send', '-b', 'Sandbox-Echo', 'one')).code).toBe(5);
  expect(chatsIn(configDir)).toEqual([]);
  sandbox.faults.clear();
  await run('send', '-b', 'Sandbox-Echo', 'two');
  sandbox.faults.respondAlways({path: '/v1/chat/completions'}, {status: 402});
  expect((await run('send', '-c', 'last', 'three')).code).toBe(5);
  const shown = (await run('history', 'show', '--json', 'last')).out.trimEnd().split('\n');
  expect(shown.map((line): string => JSON.parse(line).text)).toEqual(['two', 'two']);
  expect(readdirSync(join(configDir, 'journal', 'default'))).toEqual([]);
});

test('several processes can write to one chat at a time without losing or splitting lines', async () => {
  const {run, runWith, configDir, sandbox} = await withKey();
  const {chat} = JSON.parse((await run('send', '--json', '-b', 'Sandbox-Memory', 'about Lisbon')).out);
  const code = String(chat.chatCode);
  const env = {...process.env, ...sandbox.env, POE_P_B: '', POE_P_LAT: '', POE_API_KEY: sandbox.apiKey};
  // Larger than a stream's write buffer.
  const long = (name: string) => `${name} ${'word '.repeat(150_000)}`;
  const names = ['one', 'two', 'three', 'four', 'five', 'six'];
  const exits = names.map(async (name) => {
    const child = spawn(process.execPath, ['bin/poe.js', 'send', '-b', 'Sandbox-Silent', '-c', code], {
      env: {...env, POE_CONFIG_DIR: configDir},
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    child.stdin.end(long(name));
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const [exit]: unknown[] = await once(child, 'close');
    return {exit, err};
  });
  expect(await Promise.all(exits)).toEqual(names.map(() => ({exit: 0, err: ''})));
  const lines = readFileSync(join(configDir, 'chats', 'default', `${code}.jsonl`), 'utf8').split('\n');
  expect(lines.pop()).toBe('');
  for (const line of lines) expect(() => void JSON.parse(line)).not.toThrow();
  const {out} = await runWith({}, 'history', 'show', '--all', '--json', code);
  const texts = out
    .trimEnd()
    .split('\n')
    .map((line): string => JSON.parse(line).text.split(' ')[0]);
  for (const name of names) expect(texts.filter((text) => text === name)).toEqual([name]);
  expect(texts.filter((text) => text === 'OK.')).toHaveLength(names.length);
});
