import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {expect, test} from 'vitest';
import {temporaryFolder} from '../support/harness.js';
import {killedOnce} from '../support/kill-when.js';
import {withKey} from '../support/with-key.js';

/* What is left of a reply over the API, which Poe does not keep, when poe is killed in its midst. */

async function withKilled(bot: string, seen: RegExp) {
  const given = await withKey();
  const {sandbox, configDir, env} = given;
  const bare = {PATH: process.env.PATH, HOME: temporaryFolder(), ...sandbox.env, ...env, POE_CONFIG_DIR: configDir};
  const kill = (what: RegExp, ...words: string[]) =>
    killedOnce(() => chatsIn(configDir).some(({text}) => what.test(text)), words, bare);
  await kill(seen, 'send', '-b', bot, 'hello');
  return {...given, kill};
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

/** What Sandbox-Slow writes before it falls silent. */
const bothWords = /"text":"1 "[^]*"text":"2 "/;

test('attach shows what had come of a reply over the API when poe was killed, says so, and ends with 7', async () => {
  const {run, configDir} = await withKilled('Sandbox-Slow', bothWords);
  const {code, out, err} = await run('attach', 'last');
  expect({code, out}).toEqual({code: 7, out: '1 2 \n'});
  expect(err).toMatch(/The reply is not whole.*\n.*poe retry/);
  expect((await run('history', 'show', 'last')).out).toContain('1 2');
  for (const {path} of chatsIn(configDir)) expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('of a bot asked in Poe’s own protocol, too, with what it took back taken back', async () => {
  const {run} = await withKilled('Sandbox-Drafts', /"text":"A second draft"/);
  const {code, out} = await run('attach', 'last');
  expect({code, out}).toEqual({code: 7, out: 'A second draft\n'});
});

test('after that, the chat goes on, and a retry takes the place of what had come, also one that is killed', async () => {
  const {run, kill} = await withKilled('Sandbox-Slow', bothWords);
  await kill(/"replaces":\d+[^]*"text":"2 "/, 'retry', 'last');
  const shown = (await run('history', 'show', '--json', 'last')).out.trimEnd().split('\n');
  expect(shown.map((line): string => JSON.parse(line).text)).toEqual(['hello', '1 2 ']);
  expect((await run('send', '-c', 'last', '-b', 'Sandbox-Memory', 'and on')).out).toBe(
    'user: hello\nassistant: 1 2 \nuser: and on\n',
  );
});

test('what is kept meanwhile is each time only what is new, and stands in one message with the end', async () => {
  const {run, configDir} = await withKey();
  const {out} = await run('send', '-b', 'Sandbox-Count', 'count to 1000');
  const [, , ...kept] = (chatsIn(configDir)[0]?.text ?? '')
    .trimEnd()
    .split('\n')
    .map((line): {type: string; text?: string; state?: string} => JSON.parse(line));
  const meanwhile = kept.slice(0, -1);
  expect(meanwhile.map(({type, state}) => state ?? type)).toEqual([
    'incomplete',
    ...meanwhile.slice(1).map(() => 'more'),
  ]);
  expect(out.startsWith(meanwhile.map(({text}) => text).join(''))).toBe(true);
  const shown = (await run('history', 'show', '--json', 'last')).out.trimEnd().split('\n');
  expect(shown.map((line): unknown => JSON.parse(line))).toMatchObject([
    {text: 'count to 1000'},
    {text: out.trimEnd(), state: 'complete'},
  ]);
});

test('an answer that is deleted while it comes in stays deleted', async () => {
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

test('a question whose answer has not begun is there when poe was killed, and can be asked again', async () => {
  const {run, sandbox, kill} = await withKilled('Sandbox-Slow', bothWords);
  const old = (await run('history', 'show', '--json', 'last')).out;
  sandbox.faults.respondAlways({path: '/v1/chat/completions'}, 'silence');
  await kill(/a new question/, 'send', '-b', 'Sandbox-Echo', 'a new question');
  const {code, out, err} = await run('attach', 'last');
  expect({code, out}).toEqual({code: 3, out: ''});
  expect(err).toMatch(/Nothing was kept of an answer.*\n.*poe retry/);
  sandbox.faults.clear();
  expect(await run('retry', 'last')).toEqual({code: 0, out: 'a new question\n', err: ''});
  expect(await run('attach', 'last')).toEqual({code: 0, out: 'a new question\n', err: ''});
  expect(old).not.toContain('a new question');
});

test('a question that nothing came of leaves nothing, in a new chat and in one that was there', async () => {
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

test('several processes write to one chat at a time: nothing is lost, and no line is torn', async () => {
  const {run, runWith, configDir, sandbox} = await withKey();
  const {chat} = JSON.parse((await run('send', '--json', '-b', 'Sandbox-Memory', 'about Lisbon')).out);
  const code = String(chat.chatCode);
  const env = {...process.env, ...sandbox.env, POE_P_B: '', POE_P_LAT: '', POE_API_KEY: sandbox.apiKey};
  // Larger than what streams write at once.
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
