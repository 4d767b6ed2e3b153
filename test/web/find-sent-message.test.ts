import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {connect} from '../../src/index.js';
import {cuttingProxy} from '../support/servers/cutting-proxy.js';
import {countSends, operationName, operationsOf, withSandbox} from '../support/harness.js';
import {milliseconds, seconds} from '../support/patience.js';

/* Messages whose send got no response. */

test('a message without response and echo is found on Poe, in a new chat and in a given one', async () => {
  const {sandbox} = await withSandbox();
  const proxy = await cuttingProxy(sandbox.url);
  const poe = await connect({
    ...sandbox.tokens,
    formKey: sandbox.formKey,
    baseUrl: proxy.url,
    timeoutMs: milliseconds(2_000),
  });
  onTestFinished(() => poe.close());
  proxy.mute();
  sandbox.faults.loseResponseOnce('sendMessage', 'drop');
  const first = await (await poe.send('count to 6', {bot: 'Sandbox-Count'})).result();
  expect(first).toMatchObject({text: '1 2 3 4 5 6', state: 'complete', bot: 'Sandbox-Count'});
  sandbox.faults.loseResponseOnce('sendMessage', 'drop');
  const next = await (await poe.send('count to 3', {chat: first.chat})).result();
  expect(next).toMatchObject({text: '1 2 3', chat: {chatId: first.chat.chatId}});
  expect(countSends(sandbox)).toBe(2);
});

test('after poe was killed right after the send, poe attach last finds the new chat and the reply', async () => {
  const {sandbox, run, runWith, configDir} = await withSandbox();
  sandbox.faults.loseResponseOnce('sendMessage', 'silence');
  const stop = new AbortController();
  const killed = runWith({signal: stop.signal}, 'send', '-b', 'Sandbox-Count', 'count to 6');
  await expect.poll(() => countSends(sandbox)).toBe(1);
  const folder = join(configDir, 'journal', 'default');
  const entries = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  expect(entries.map((text): unknown => JSON.parse(text))).toMatchObject([
    {chatId: null, bot: 'Sandbox-Count', site: sandbox.url},
  ]);
  expect(entries[0]).not.toContain('count to 6');
  expect(await run('attach', 'last')).toEqual({code: 0, out: '1 2 3 4 5 6\n', err: ''});
  expect(readdirSync(folder)).toEqual([]);
  expect(countSends(sandbox)).toBe(1);
  stop.abort();
  await killed;
});

test('a message that is not found is reported once, and last is the chat before it', async () => {
  const {sandbox, run} = await withSandbox();
  await run('send', '-b', 'Sandbox-Count', 'count to 2');
  sandbox.faults.respondOnce({operation: 'sendMessage'}, 'drop');
  const sent = await run('send', '--timeout', seconds(1), '-b', 'Sandbox-Count', 'count to 6');
  expect(sent).toEqual({code: 7, out: '', err: expect.stringContaining('not known whether the message arrived')});
  const {code, out, err} = await run('attach', 'last');
  expect({code, out}).toEqual({code: 0, out: '1 2\n'});
  expect(err).toMatch(/The message sent to Sandbox-Count at \S+ may not have reached Poe/);
  expect(await run('attach', 'last')).toEqual({code: 0, out: '1 2\n', err: ''});
});

test('a message did not arrive if Poe does not show it many seconds later', async () => {
  const {sandbox, run} = await withSandbox();
  sandbox.faults.respondOnce({operation: 'sendMessage'}, 'drop');
  const sent = await run('send', '-b', 'Sandbox-Count', 'count to 6');
  expect(sent).toEqual({code: 6, out: '', err: expect.stringMatching(/did not arrive at Poe\n +Send it again/)});
  const histories = operationsOf(sandbox).filter((name) => name === operationName('history'));
  expect(histories).toHaveLength(2);
  expect(countSends(sandbox)).toBe(1);
  // It is known, so the next command does not search again.
  expect(await run('attach', 'last')).toMatchObject({code: 3});
});

test('whether a message arrived is not known if Poe cannot be asked', async () => {
  const {run, sandbox} = await withSandbox();
  sandbox.faults.respondOnce({operation: 'sendMessage'}, 'drop');
  sandbox.faults.respondAlways({operation: 'history'}, {status: 400});
  const {code, err} = await run('send', '--timeout', seconds(1), '-b', 'Sandbox-Count', 'count to 6');
  expect({code, err}).toEqual({code: 7, err: expect.stringContaining('not known whether the message arrived')});
  expect(countSends(sandbox)).toBe(1);
});

test('whether a message arrived is not known if Poe shows no nonces', async () => {
  const {run, sandbox} = await withSandbox();
  await run('send', '-b', 'Sandbox-Count', 'count to 2');
  sandbox.faults.dropField('clientNonce');
  sandbox.faults.respondOnce({operation: 'sendMessage'}, 'drop');
  const {code, err} = await run('send', '--timeout', seconds(1), '-c', 'last', 'count to 6');
  expect({code, err}).toEqual({code: 7, err: expect.stringContaining('not known whether the message arrived')});
});

test.each([true, false])(
  'a message that Poe accepts after the first search is found (events arrive: %s)',
  async (hasEvents) => {
    const {sandbox, runWith} = await withSandbox();
    const proxy = await cuttingProxy(sandbox.url);
    if (!hasEvents) proxy.mute();
    sandbox.faults.executeLate('sendMessage', {operation: 'history'});
    const sent = await runWith(
      {env: {POE_BASE_URL: proxy.url, POE_FORMKEY: sandbox.formKey}},
      'send',
      '--timeout',
      '3',
      '-b',
      'Sandbox-Count',
      'count to 6',
    );
    expect(sent).toEqual({code: 0, out: '1 2 3 4 5 6\n', err: ''});
    expect(countSends(sandbox)).toBe(1);
  },
);

test('a message is found below eight chats that were used since', async () => {
  const {sandbox, runWith} = await withSandbox();
  const proxy = await cuttingProxy(sandbox.url);
  proxy.mute();
  sandbox.faults.loseResponseOnce('sendMessage', 'drop');
  const sending = runWith(
    {env: {POE_BASE_URL: proxy.url, POE_FORMKEY: sandbox.formKey}},
    'send',
    '--timeout',
    '3',
    '-b',
    'Sandbox-Count',
    'count to 6',
  );
  await expect.poll(() => countSends(sandbox)).toBe(1);
  await expect.poll(() => sandbox.world.chats[0]?.messages.at(-1)?.text).toBe('1 2 3 4 5 6');
  for (const chat of sandbox.world.chats.slice(1, 9)) sandbox.world.addMessage(chat, {text: 'later', bot: null});
  expect(await sending).toEqual({code: 0, out: '1 2 3 4 5 6\n', err: ''});
});

test('poe attach last reports why a message has no reply', async () => {
  const {run} = await withSandbox();
  await run('send', '-b', 'Sandbox-Count', 'count to 2');
  expect((await run('send', '-b', 'Sandbox-Broke', 'count to 6')).code).toBe(5);
  // Poe accepted the message; its bot then reported the missing points.
  expect(await run('attach', 'last')).toMatchObject({err: expect.stringContaining('Not enough points')});
});

test('a reply is found in its chat, behind three pages of later messages, if the channel sends nothing', async () => {
  const {sandbox} = await withSandbox();
  const proxy = await cuttingProxy(sandbox.url);
  const poe = await connect({
    ...sandbox.tokens,
    formKey: sandbox.formKey,
    baseUrl: proxy.url,
    timeoutMs: milliseconds(1_000),
  });
  onTestFinished(() => poe.close());
  proxy.mute();
  const reply = await poe.send('count to 6', {bot: 'Sandbox-Count'});
  const chat = sandbox.world.chat(reply.chat.chatId);
  if (!chat) throw new Error('The sandbox has no such chat');
  for (let count = 0; count < 80; count++)
    sandbox.world.addMessage(chat, {text: `later ${count}`, bot: count % 2 ? chat.bot : null});
  expect(await reply.result()).toMatchObject({text: '1 2 3 4 5 6', state: 'complete'});
  expect(operationsOf(sandbox)).toContain('ChatListPaginationQuery');
  expect(countSends(sandbox)).toBe(1);
});

test('a reply that does not exist is searched for in the newest 500 messages only', async () => {
  const {sandbox} = await withSandbox();
  const proxy = await cuttingProxy(sandbox.url);
  const poe = await connect({
    ...sandbox.tokens,
    formKey: sandbox.formKey,
    baseUrl: proxy.url,
    timeoutMs: milliseconds(1_000),
  });
  onTestFinished(() => poe.close());
  proxy.mute();
  const reply = await poe.send('hello', {bot: 'Sandbox-Slow'});
  const chat = sandbox.world.chat(reply.chat.chatId);
  if (!chat) throw new Error('The sandbox has no such chat');
  for (let count = 0; count < 2_000; count++) sandbox.world.addMessage(chat, {text: `later ${count}`, bot: null});
  await expect(reply.result()).rejects.toMatchObject({code: 'reply_lost'});
  const pages = operationsOf(sandbox).filter((name) => name === 'ChatListPaginationQuery');
  expect(pages.length).toBeLessThanOrEqual(11);
});
