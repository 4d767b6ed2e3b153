import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {connect} from '../../src/index.js';
import {cuttingProxy} from '../support/servers/cutting-proxy.js';
import {operationsOf, countSends, withSandbox} from '../support/harness.js';

/* Messages whose send got no response. */

test('a message without response and echo is found on Poe, in a new chat and in a given one', async () => {
  const {sandbox} = await withSandbox();
  const proxy = await cuttingProxy(sandbox.url);
  const poe = await connect({...sandbox.tokens, formKey: sandbox.formKey, baseUrl: proxy.url, timeoutMs: 2_000});
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
  await expect.poll(() => countSends(sandbox), {timeout: 20_000}).toBe(1);
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

test('a message that did not arrive is reported once, and last is the chat before it', async () => {
  const {sandbox, run} = await withSandbox();
  await run('send', '-b', 'Sandbox-Count', 'count to 2');
  sandbox.faults.respondOnce({operation: 'sendMessage'}, 'drop');
  expect((await run('send', '-b', 'Sandbox-Count', 'count to 6')).code).toBe(6);
  const {code, out, err} = await run('attach', 'last');
  expect({code, out}).toEqual({code: 0, out: '1 2\n'});
  expect(err).toMatch(/The message sent to Sandbox-Count at \S+ did not reach Poe/);
  expect(await run('attach', 'last')).toEqual({code: 0, out: '1 2\n', err: ''});
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
  const poe = await connect({...sandbox.tokens, formKey: sandbox.formKey, baseUrl: proxy.url, timeoutMs: 1_000});
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
  const poe = await connect({...sandbox.tokens, formKey: sandbox.formKey, baseUrl: proxy.url, timeoutMs: 1_000});
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
