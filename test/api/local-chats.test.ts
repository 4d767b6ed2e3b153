import {appendFileSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {chatFolder} from '../../src/core/api/chats/chat-files.js';
import {LocalChats} from '../../src/core/api/chats/local-chats.js';
import {temporaryFolder} from '../support/harness.js';
import {withKey} from '../support/with-key.js';

async function withChat() {
  const setup = await withKey();
  const {chat} = JSON.parse((await setup.run('send', '--json', '-b', 'Sandbox-Memory', 'about Lisbon')).out);
  return {...setup, chat, code: String(chat.chatCode)};
}

test('history lists local chats, newest first, also by bot', async () => {
  const {run, code} = await withChat();
  await run('send', '-b', 'Sandbox-Echo', 'second');
  const list = async (...argv: string[]) =>
    (await run('history', ...argv)).out
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t').slice(0, 3));
  expect(await list()).toEqual([
    [expect.stringMatching(/^local-/), 'second', 'Sandbox-Echo'],
    [code, 'about Lisbon', 'Sandbox-Memory'],
  ]);
  expect(await list('--bot', 'sandbox-memory')).toEqual([[code, 'about Lisbon', 'Sandbox-Memory']]);
  expect(await list('-n', '1')).toHaveLength(1);
});

test('listing the newest chats reads no older ones, whatever was changed last', async () => {
  const folder = temporaryFolder();
  const files = chatFolder(folder);
  const started = Date.parse('2026-01-01');
  const hour = 3_600_000;
  for (let number = 0; number < 40; number++) {
    const time = new Date(started + number * 24 * hour).toISOString();
    const message = {
      type: 'message',
      messageId: number,
      author: 'human',
      bot: null,
      text: `${number}`,
      state: 'complete',
    };
    const lines = JSON.stringify({...message, time});
    // An imported chat is as old as its messages.
    await files.append(`local-${number}`, `${lines}\n`, {isNew: true, isMessage: true, time});
  }
  const read: string[] = [];
  const chats = new LocalChats({
    ...files,
    read(code) {
      read.push(code);
      return files.read(code);
    },
  });
  const list = async (limit: number) => {
    const titles = [];
    for await (const {title} of chats.history({limit})) titles.push(title);
    return titles;
  };
  expect(await list(3)).toEqual(['39', '38', '37']);
  expect(read).toEqual(['local-39', 'local-38', 'local-37']);
  expect(await list(0)).toEqual([]);
  // Its file is now the newest, but not its message.
  await chats.setTitle({chatCode: 'local-10'}, 'Ten');
  expect(await list(3)).toEqual(['39', '38', '37']);
  expect((await list(40))[29]).toBe('Ten');
});

test('a local chat can be searched, shown and exported', async () => {
  const {run, code} = await withChat();
  expect((await run('history', 'search', 'lisbon')).out).toContain(code);
  expect((await run('history', 'search', 'user: about')).out).toBe('');
  expect((await run('history', 'search', '--messages', 'user: about')).out).toContain(code);
  const shown = (await run('history', 'show', code, '--json')).out.trimEnd().split('\n');
  expect(shown.map((line) => JSON.parse(line))).toMatchObject([
    {text: 'about Lisbon', author: 'human', state: 'complete'},
    {text: 'user: about Lisbon', author: 'Sandbox-Memory', state: 'complete'},
  ]);
  expect((await run('history', 'export', code)).out).toContain('user: about Lisbon');
});

test('a local chat can be renamed by code or number', async () => {
  const {run, chat, code} = await withChat();
  expect((await run('title', code, 'A journey')).code).toBe(0);
  expect((await run('title', String(chat.chatId), 'To Lisbon')).code).toBe(0);
  expect((await run('history')).out).toContain('To Lisbon');
});

test('clear-context removes messages from the context, not from the chat', async () => {
  const {run} = await withChat();
  expect((await run('clear-context', 'last')).code).toBe(0);
  expect((await run('send', '-c', 'last', 'again')).out).toBe('user: again\n');
  expect((await run('history', 'show', 'last')).out).toContain('about Lisbon');
});

test('retry replaces the last reply', async () => {
  const {run, code} = await withChat();
  await run('send', '-c', code, 'more');
  const before = (await run('history', 'show', code, '--json')).out;
  expect((await run('retry', code)).out).toBe('user: about Lisbon\nassistant: user: about Lisbon\nuser: more\n');
  const after = (await run('history', 'show', code, '--json')).out;
  expect(after.trimEnd().split('\n')).toHaveLength(4);
  expect(after).not.toBe(before);
});

test('delete-chat asks first and deletes a local chat permanently', async () => {
  const {run, code} = await withChat();
  expect((await run('delete-chat', code)).code).toBe(2);
  expect((await run('delete-chat', '--yes', code)).code).toBe(0);
  for (const argv of [
    ['history', 'show', code],
    ['send', '-c', code, 'hello'],
    ['title', code, 'x'],
    ['send', '-c', 'last', 'hello'],
  ]) {
    expect({argv, code: (await run(...argv)).code}).toEqual({argv, code: 3});
  }
});

test('local chats can be read and changed without a key', async () => {
  const {runWith, code} = await withChat();
  const env = {POE_API_KEY: undefined};
  for (const argv of [
    ['history', 'show', code],
    ['title', code, 'New'],
    ['clear-context', code],
  ]) {
    expect({argv, code: (await runWith({env}, ...argv)).code}).toEqual({argv, code: 0});
  }
});

test('with a session too, history lists both kinds of chats, and each continues with its own backend', async () => {
  const {runWith, sandbox, code} = await withChat();
  const {pB: POE_P_B, pLat: POE_P_LAT} = sandbox.tokens;
  const env = {POE_P_B, POE_P_LAT};
  const codes = (await runWith({env}, 'history', '-n', '5')).out.split('\n').map((line) => line.split('\t')[0]);
  expect(codes[0]).toBe(code);
  expect(codes[1]).not.toMatch(/^local-/);
  const local = await runWith({env}, 'send', '--json', '-c', code, 'more');
  expect(JSON.parse(local.out)).toMatchObject({via: 'api', chat: {chatCode: code}});
  const web = await runWith({env}, 'history', 'show', codes[1] ?? '');
  expect(web.code).toBe(0);
  expect((await runWith({env}, 'send', '--via', 'api', '-c', codes[1] ?? '', 'hello')).code).toBe(4);
});

test('each profile has its own local chats', async () => {
  const {run} = await withChat();
  expect((await run('history', '--profile', 'other')).out).toBe('');
});

test('attach prints the stored reply of a local chat', async () => {
  const {run, code} = await withChat();
  expect(await run('attach', code)).toEqual({code: 0, out: 'user: about Lisbon\n', err: ''});
  const whole = JSON.parse((await run('attach', '--json', 'last')).out);
  expect(whole).toMatchObject({text: 'user: about Lisbon', state: 'complete', via: 'api', chat: {chatCode: code}});
});

test('attach prints an incomplete reply and suggests a retry', async () => {
  const {run} = await withKey();
  await run('send', '-b', 'Sandbox-Endless', 'count');
  const {code, out, err} = await run('attach', 'last');
  expect({code, out}).toEqual({code: 7, out: '1 2 \n'});
  expect(err).toContain('poe retry');
});

test('attach reports a message without a reply', async () => {
  const {run, sandbox} = await withKey();
  await run('send', '-b', 'Sandbox-Echo', 'one');
  sandbox.faults.respondOnce({path: '/v1/chat/completions'}, {status: 200, body: 'data: [DONE]\n\n'});
  expect((await run('send', '-c', 'last', 'two')).code).toBe(1);
  expect((await run('attach', 'last')).code).toBe(3);
});

test('deleted messages of a local chat leave its context', async () => {
  const {run, runWith, chat, code} = await withChat();
  const messageIds = async () =>
    (await run('history', 'show', code, '--json')).out
      .trimEnd()
      .split('\n')
      .map((line): number => JSON.parse(line).messageId);
  const [question] = await messageIds();
  expect((await run('delete-messages', code, '1')).code).toBe(3);
  expect(await messageIds()).toHaveLength(2);
  const env = {POE_API_KEY: undefined};
  const deleted = await runWith({env}, 'delete-messages', String(chat.chatId), String(question));
  expect(deleted).toEqual({code: 0, out: 'Deleted 1 message\n', err: ''});
  expect(await messageIds()).toHaveLength(1);
  expect((await run('send', '-c', code, 'again')).out).toBe('assistant: user: about Lisbon\nuser: again\n');
});

test('cost prints the estimated cost of the last reply of a local chat', async () => {
  const {run, code} = await withChat();
  await run('send', '-b', 'Sandbox-Echo', 'another bot');
  expect(await run('cost', code)).toEqual({
    code: 0,
    out: '17\n',
    err: expect.stringContaining('This is an estimate'),
  });
  expect(JSON.parse((await run('cost', '--json', 'last')).out)).toEqual({points: 17});
});

test('operations that a local chat does not support name what they require', async () => {
  const {run, runWith, sandbox, chat, code} = await withChat();
  const {pB: POE_P_B, pLat: POE_P_LAT} = sandbox.tokens;
  for (const [what, ...argv] of [
    ['Sharing messages', 'share', code],
    ['Linking to the apps in a reply', 'previews', code],
    ['Linking to the apps in a reply', 'previews', String(chat.chatId)],
    ['Cancelling a reply', 'cancel', 'last'],
    ['Context optimization', 'context-optimization', code, 'off'],
  ] as const) {
    for (const env of [{}, {POE_P_B, POE_P_LAT}]) {
      const {code: exit, out, err} = await runWith({env}, ...argv);
      expect({argv, exit, out}).toEqual({argv, exit: 4, out: ''});
      expect(err).toContain(`${what} requires a chat on poe.com, and this one is stored on this machine`);
      expect(err.replaceAll(/\s+/g, ' ')).toContain('poe login');
    }
  }
  expect((await run('retry', '--share', code)).code).toBe(4);
  expect((await run('attach', '--share', code)).code).toBe(4);
  expect(sandbox.requests.filter(({method}) => method === 'POST')).toHaveLength(1);
});

test('purge deletes only the local chats of the profile', async () => {
  const {run} = await withChat();
  await run('send', '--profile', 'other', '-b', 'Sandbox-Echo', 'stays');
  expect((await run('purge')).code).toBe(2);
  expect(await run('purge', '--yes')).toEqual({code: 0, out: 'Deleted all chats on this machine\n', err: ''});
  expect((await run('history')).out).toBe('');
  expect((await run('send', '-c', 'last', 'hello')).code).toBe(3);
  expect((await run('history', '--profile', 'other')).out).toContain('stays');
});

test('a chat that is deleted during a reply stays deleted', async () => {
  const {run, runWith, configDir} = await withKey();
  await run('send', '-b', 'Sandbox-Count', 'count to 2');
  const folder = join(configDir, 'chats', 'default');
  const onOut = () => {
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
  };
  expect((await runWith({onOut}, 'send', '-c', 'last', 'count to 9')).out).toBe('1 2 3 4 5 6 7 8 9\n');
  expect(readdirSync(folder)).toEqual([]);
});

test('a line that a crash cut off is ignored', async () => {
  const {run, code, configDir} = await withChat();
  const path = join(configDir, 'chats', 'default', `${code}.jsonl`);
  appendFileSync(path, '{"type":"message","messageId":123,"author":"human","te');
  expect((await run('history', 'show', code, '--json')).out.trimEnd().split('\n')).toHaveLength(2);
  expect((await run('send', '-c', code, 'and on')).out).toBe(
    'user: about Lisbon\nassistant: user: about Lisbon\nuser: and on\n',
  );
  expect((await run('history', 'show', code, '--json')).out.trimEnd().split('\n')).toHaveLength(4);
});

test('concurrent appends do not mix their lines', async () => {
  const folder = temporaryFolder();
  const files = chatFolder(folder);
  await files.append('local-1', '', {isNew: true, isMessage: true});
  const lines = ['a', 'b', 'c', 'd'].map((letter) => `${letter.repeat(4_000_000)}\n`);
  await Promise.all(lines.map((line) => files.append('local-1', line, {isNew: false, isMessage: true})));
  const written = readFileSync(join(folder, 'local-1.jsonl'), 'utf8').trimEnd().split('\n');
  const kinds = written.map((line) => `${[...new Set(line)].join('')} ${line.length}`);
  expect(kinds.toSorted((one, other) => one.localeCompare(other))).toEqual([
    'a 4000000',
    'b 4000000',
    'c 4000000',
    'd 4000000',
  ]);
});
