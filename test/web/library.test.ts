import {expect, onTestFinished, test} from 'vitest';
import {connect, PoeError} from '../../src/index.js';
import {withSandbox} from '../support/harness.js';

async function connected(pace = 0.02) {
  const {sandbox} = await withSandbox({pace});
  const poe = await connect({...sandbox.tokens, baseUrl: sandbox.url, timeoutMs: 5_000});
  onTestFinished(() => poe.close());
  return {sandbox, poe};
}

test('a reply is iterated over step by step', async () => {
  const {poe} = await connected();
  const reply = await poe.send('count to 4', {bot: 'sandbox-count'});
  let text = '';
  for await (const step of reply) if (step.type === 'append') text += step.text;
  expect(text).toBe('1 2 3 4');
  expect(await reply.result()).toMatchObject({text: '1 2 3 4', state: 'complete', bot: 'Sandbox-Count'});
});

test('a reply that rewrites itself says so, and ends right', async () => {
  const {poe} = await connected();
  const reply = await poe.send('anything', {bot: 'Sandbox-Rewrite'});
  let text = '';
  const kinds = new Set<string>();
  for await (const step of reply) {
    kinds.add(step.type);
    if (step.type === 'append') text += step.text;
    if (step.type === 'replace') ({text} = step);
  }
  expect(kinds).toContain('replace');
  expect(text).toBe((await reply.result()).text);
});

test('a reply can be cancelled', async () => {
  const {poe} = await connected(0.2);
  const reply = await poe.send('hello', {bot: 'Sandbox-Slow'});
  for await (const step of reply) if (step.type === 'append') await reply.cancel();
  const whole = await reply.result();
  expect(whole.state).toBe('cancelled');
  expect(whole.text).not.toBe('');
});

test('a reply can be cancelled while its end is awaited', async () => {
  const {poe} = await connected(0.2);
  const reply = await poe.send('hello', {bot: 'Sandbox-Slow'});
  const whole = reply.result();
  await reply.cancel();
  expect((await whole).state).toBe('cancelled');
});

test('a reply ends as lost, at once, when its client hangs up', async () => {
  const {poe, sandbox} = await connected(0.2);
  const reply = await poe.send('hello', {bot: 'Sandbox-Slow'});
  const whole = reply.result();
  const asked = sandbox.requests.length;
  poe.close();
  await expect(whole).rejects.toMatchObject({
    code: 'reply_lost',
    message: 'The connection was closed before the reply was complete',
  });
  expect(sandbox.requests).toHaveLength(asked);
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
  const asked = (start: string) => sandbox.requests.filter(({path}) => path.startsWith(start)).length;
  expect(asked('/api/settings')).toBe(0);
  expect(asked('/up/')).toBe(1);
});

test('missed messages, and a channel that is called off, are made up for with a new one', async () => {
  for (const fault of ['missedMessages', 'refetchChannel'] as const) {
    const {poe, sandbox} = await connected(0.1);
    sandbox.faults[fault](2);
    expect(await (await poe.send('count to 9', {bot: 'Sandbox-Count'})).result()).toMatchObject({
      text: '1 2 3 4 5 6 7 8 9',
    });
  }
});

test('after a connection that was lost for good the next message has a new one', async () => {
  const {poe, sandbox} = await connected(0.3);
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

test('leaving the loop ends the following, and the next message works', async () => {
  const {poe} = await connected(0.2);
  const reply = await poe.send('hello', {bot: 'Sandbox-Slow'});
  for await (const _step of reply) break;
  expect(reply.text).not.toBe('');
  expect((await (await poe.send('count to 2', {bot: 'Sandbox-Count'})).result()).text).toBe('1 2');
});

test('a failure is a PoeError with code and hint', async () => {
  const {poe} = await connected();
  const error: unknown = await poe.send('hello', {bot: 'gemni-2.0-flash'}).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PoeError);
  expect(error).toMatchObject({
    code: 'bot_not_found',
    hint: expect.stringContaining('gemini-2.0-flash'),
    retryable: false,
  });
});

test('an address that the session may not be sent to is refused', async () => {
  await expect(connect({pB: 'a', pLat: 'b', baseUrl: 'http://poe.com'})).rejects.toThrow('not a secure address');
});
