import {expect, test} from 'vitest';
import {withKey} from './with-key.js';

async function withChat() {
  const given = await withKey();
  const {chat} = JSON.parse((await given.run('send', '--json', '-b', 'Sandbox-Memory', 'about Lisbon')).out);
  return {...given, chat, code: String(chat.chatCode)};
}

test('local chats are listed, newest first, by bot too', async () => {
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

test('a local chat is found by what was said, shown and exported', async () => {
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

test('a local chat is renamed, by its number too', async () => {
  const {run, chat, code} = await withChat();
  expect((await run('title', code, 'A journey')).code).toBe(0);
  expect((await run('title', String(chat.chatId), 'To Lisbon')).code).toBe(0);
  expect((await run('history')).out).toContain('To Lisbon');
});

test('after clear-context nothing of before is sent along, and it is still there', async () => {
  const {run} = await withChat();
  expect((await run('clear-context', 'last')).code).toBe(0);
  expect((await run('send', '-c', 'last', 'anew')).out).toBe('user: anew\n');
  expect((await run('history', 'show', 'last')).out).toContain('about Lisbon');
});

test('retry has the last message answered anew, in place of the old answer', async () => {
  const {run, code} = await withChat();
  await run('send', '-c', code, 'more');
  const before = (await run('history', 'show', code, '--json')).out;
  expect((await run('retry', code)).out).toBe('user: about Lisbon\nassistant: user: about Lisbon\nuser: more\n');
  const after = (await run('history', 'show', code, '--json')).out;
  expect(after.trimEnd().split('\n')).toHaveLength(4);
  expect(after).not.toBe(before);
});

test('a local chat is deleted for good, and asked for first', async () => {
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

test('what is done to a local chat needs no key', async () => {
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

test('with a session too, history has both kinds, and each chat is gone on with by its own way', async () => {
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
  expect((await runWith({env}, 'send', '--via', 'api', '-c', codes[1] ?? '', 'hello')).code).toBe(3);
});

test('two processes may write to one chat at a time', async () => {
  const {run, code} = await withChat();
  await Promise.all(['a', 'b', 'c'].map((word) => run('send', '-c', code, word)));
  const shown = (await run('history', 'show', code, '--json')).out.trimEnd().split('\n');
  expect(shown).toHaveLength(8);
});

test('a profile’s chats are its own', async () => {
  const {run} = await withChat();
  expect((await run('history', '--profile', 'other')).out).toBe('');
});
