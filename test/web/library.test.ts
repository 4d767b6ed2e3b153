import {expect, onTestFinished, test} from 'vitest';
import {connect, PoeError} from '../../src/index.js';
import {withSandbox} from '../support/harness.js';

async function connected(pace = 0.02, timeoutMs = 5_000) {
  const {sandbox} = await withSandbox({pace});
  const poe = await connect({...sandbox.tokens, baseUrl: sandbox.url, timeoutMs});
  onTestFinished(() => poe.close());
  return {sandbox, poe};
}

test('a reply can be read event by event', async () => {
  const {poe} = await connected();
  const reply = await poe.send('count to 4', {bot: 'sandbox-count'});
  let text = '';
  for await (const event of reply) if (event.type === 'append') text += event.text;
  expect(text).toBe('1 2 3 4');
  expect(await reply.result()).toMatchObject({text: '1 2 3 4', state: 'complete', bot: 'Sandbox-Count'});
});

test('a reply that replaces its text has replace events', async () => {
  const {poe} = await connected();
  const reply = await poe.send('anything', {bot: 'Sandbox-Rewrite'});
  let text = '';
  const types = new Set<string>();
  for await (const event of reply) {
    types.add(event.type);
    if (event.type === 'append') text += event.text;
    if (event.type === 'replace') ({text} = event);
  }
  expect(types).toContain('replace');
  expect(text).toBe((await reply.result()).text);
});

test('a reply can be cancelled', async () => {
  const {poe} = await connected(0.2);
  const reply = await poe.send('hello', {bot: 'Sandbox-Slow'});
  for await (const event of reply) if (event.type === 'append') await reply.cancel();
  const result = await reply.result();
  expect(result.state).toBe('cancelled');
  expect(result.text).not.toBe('');
});

test('a reply can be cancelled while its result is awaited', async () => {
  const {poe} = await connected(0.2);
  const reply = await poe.send('hello', {bot: 'Sandbox-Slow'});
  const result = reply.result();
  await reply.cancel();
  expect((await result).state).toBe('cancelled');
});

test('a reply is lost at once when its client is closed', async () => {
  const {poe, sandbox} = await connected(0.2);
  const reply = await poe.send('hello', {bot: 'Sandbox-Slow'});
  const result = reply.result();
  const requests = sandbox.requests.length;
  poe.close();
  await expect(result).rejects.toMatchObject({
    code: 'reply_lost',
    message: 'The connection was closed before the reply was complete',
  });
  expect(sandbox.requests).toHaveLength(requests);
});

test('one channel serves several replies and turns', async () => {
  const {poe, sandbox} = await connected();
  const replies = await Promise.all([3, 4, 5].map((n) => poe.send(`count to ${n}`, {bot: 'Sandbox-Count'})));
  expect(await Promise.all(replies.map(async (reply) => (await reply.result()).text))).toEqual([
    '1 2 3',
    '1 2 3 4',
    '1 2 3 4 5',
  ]);
  const [first] = replies;
  const next = await poe.send('count to 2', {chat: first?.chat});
  expect(await next.result()).toMatchObject({text: '1 2', chat: {chatId: first?.chat.chatId}});
  const requests = (start: string) => sandbox.requests.filter(({path}) => path.startsWith(start)).length;
  expect(requests('/api/settings')).toBe(0);
  expect(requests('/up/')).toBe(1);
});

test('a reply is complete if its channel is replaced', async () => {
  for (const fault of ['missedMessages', 'refetchChannel'] as const) {
    const {poe, sandbox} = await connected(0.1);
    sandbox.faults[fault](2);
    expect(await (await poe.send('count to 9', {bot: 'Sandbox-Count'})).result()).toMatchObject({
      text: '1 2 3 4 5 6 7 8 9',
    });
  }
});

test('after a connection is lost permanently, the next message opens a new one', async () => {
  const {poe, sandbox} = await connected(0.3, 1_000);
  sandbox.faults.dropSocketAfter(1);
  const reply = await poe.send('count to 9', {bot: 'Sandbox-Count'});
  sandbox.faults.refuseSockets();
  sandbox.faults.respondAlways({path: '/api/settings'}, {status: 400});
  sandbox.faults.respondAlways({operation: 'chatPage'}, {status: 400});
  const lost: unknown = await reply.result().catch((error: unknown) => error);
  expect(lost).toMatchObject({code: 'reply_lost'});
  sandbox.faults.clear();
  expect(await (await poe.send('count to 2', {bot: 'Sandbox-Count'})).result()).toMatchObject({text: '1 2'});
});

test('after leaving the loop over a reply, the next message works', async () => {
  const {poe} = await connected(0.2);
  const reply = await poe.send('hello', {bot: 'Sandbox-Slow'});
  for await (const _event of reply) break;
  expect(reply.text).not.toBe('');
  expect((await (await poe.send('count to 2', {bot: 'Sandbox-Count'})).result()).text).toBe('1 2');
});

test('an error is a PoeError with a code and a hint', async () => {
  const {poe} = await connected();
  const error: unknown = await poe.send('hello', {bot: 'gemni-2.0-flash'}).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PoeError);
  expect(error).toMatchObject({
    code: 'bot_not_found',
    hint: expect.stringContaining('gemini-2.0-flash'),
    retryable: false,
  });
});

test('a base URL without TLS is rejected', async () => {
  await expect(connect({pB: 'a', pLat: 'b', baseUrl: 'http://poe.com'})).rejects.toThrow('not a secure URL');
});
