import {utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {type ChatName, type Client, connect, connectWithKey} from '../../src/index.js';
import {countSends, temporaryFolder, withSandbox} from '../support/harness.js';

/* What both backends have in common for programs: options, chats by name, the end of a client, interruptions. */

/** A client with a session, and one with a key. */
async function clients({pace = 0.02}: {pace?: number} = {}) {
  const {sandbox} = await withSandbox({pace});
  const {apiKey, apiUrl, uploadUrl, tokens, url: baseUrl} = sandbox;
  const session = await connect({...tokens, baseUrl, timeoutMs: 5_000});
  const key = await connectWithKey({apiKey, apiUrl, uploadUrl, timeoutMs: 5_000});
  onTestFinished(() => {
    session.close();
    key.close();
  });
  return {sandbox, both: [session, key] as const satisfies readonly Client<ChatName>[]};
}

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it did not fail',
    (error: unknown) => error,
  );

test.for([
  [[], 'connect: the option pB is missing'],
  [[null], 'connect: the option pB is missing'],
  [[{pB: undefined, pLat: 'b'}], 'connect: the option pB is missing'],
  [[{pB: '', pLat: 'b'}], 'connect: the option pB must be a string that is not empty'],
  [[{pB: 'a'}], 'connect: the option pLat is missing'],
  [[{pB: 'a', pLat: 5}], 'connect: the option pLat must be a string'],
  [[{pB: 'a', pLat: 'b', timeoutMs: '9'}], 'connect: the option timeoutMs must be a number of milliseconds above 0'],
  [[{pB: 'a', pLat: 'b', log: true}], 'connect: the option log must be a function'],
] as const)('a missing or wrong option of connect is a usage error: %j', async ([args, message]) => {
  // Programs in JavaScript can pass anything.
  const call = connect as (...args: readonly unknown[]) => Promise<unknown>;
  expect(await failureOf(call(...args))).toMatchObject({code: 'usage', message});
});

test.for([
  [[], 'connectWithKey: the option apiKey is missing'],
  [[{apiKey: undefined}], 'connectWithKey: the option apiKey is missing'],
  [[{apiKey: ''}], 'connectWithKey: the option apiKey must be a string that is not empty'],
  [[{apiKey: 'k', apiUrl: 7}], 'connectWithKey: the option apiUrl must be a string'],
] as const)('a missing or wrong option of connectWithKey is a usage error: %j', async ([args, message]) => {
  // Programs in JavaScript can pass anything.
  const call = connectWithKey as (...args: readonly unknown[]) => Promise<unknown>;
  expect(await failureOf(call(...args))).toMatchObject({code: 'usage', message});
});

test('a chat can be passed as its code, number or URL, or as last', async () => {
  const {both} = await clients();
  for (const poe of both) {
    const reply = await poe.send('count to 3', {bot: 'Sandbox-Count'});
    await reply.result();
    const {chatId, chatCode} = reply.chat;
    for (const name of ['last', String(chatId), chatCode ?? '', `https://poe.com/chat/${chatCode}`, {chatId}]) {
      const attached = await poe.messages.attach(name);
      expect(await attached.result()).toMatchObject({text: '1 2 3', chat: {chatId}});
    }
    expect(await (await poe.send('count to 2', {chat: 'last'})).result()).toMatchObject({text: '1 2', chat: {chatId}});
    expect(await poe.chats.setTitle('last', 'A title')).toMatchObject({chatId, title: 'A title'});
    expect(await poe.chats.find(chatCode ?? '')).toMatchObject({chatId, title: 'A title'});
  }
});

test('last is the newest chat if the client has sent nothing yet', async () => {
  const {sandbox, both} = await clients();
  const [session, key] = both;
  const {chat} = await session.send('count to 2', {bot: 'Sandbox-Count'});
  const other = await connect({...sandbox.tokens, baseUrl: sandbox.url});
  onTestFinished(() => other.close());
  expect((await other.messages.attach('last')).chat.chatId).toBe(chat.chatId);
  expect(await failureOf(key.messages.attach('last'))).toMatchObject({
    code: 'chat_not_found',
    message: 'There is no chat yet',
  });
});

test('a chat or message of a wrong type is a usage error', async () => {
  const {both} = await clients();
  for (const poe of both) {
    for (const chat of ['no such chat!', {}, null, 5]) {
      // Programs in JavaScript can pass anything.
      expect(await failureOf(poe.messages.attach(chat as ChatName))).toMatchObject({code: 'usage'});
    }
    expect(await failureOf(poe.send(undefined as unknown as string))).toMatchObject({
      code: 'usage',
      message: 'The message is not text',
    });
  }
});

test.each([
  ['bot', 5, 'a string'],
  ['files', 'photo.png', 'an array'],
  ['maxPoints', '50', 'a number'],
  ['signal', {}, 'an AbortSignal'],
])('send names an option of a wrong type: %s', async (option, value, expected) => {
  const {both} = await clients();
  for (const poe of both) {
    // Programs in JavaScript can pass anything.
    expect(await failureOf(poe.send('hello', {bot: 'Sandbox-Count', [option]: value}))).toMatchObject({
      code: 'usage',
      message: `send: the option ${option} must be ${expected}`,
    });
  }
});

test('after close, every call fails and no request is made', async () => {
  const {sandbox, both} = await clients();
  for (const poe of both) {
    const reply = await poe.send('count to 2', {bot: 'Sandbox-Count'});
    await reply.result();
    poe.close();
    poe.close();
    const requests = sandbox.requests.length;
    const calls = [
      poe.send('hello', {bot: 'Sandbox-Count'}),
      poe.send('hello', {chat: 'last'}),
      reply.retry(),
      poe.messages.retry(reply.chat),
      poe.account.balance(),
    ];
    for (const call of calls) {
      expect(await failureOf(call)).toMatchObject({code: 'usage', message: 'The client is closed'});
    }
    expect(sandbox.requests).toHaveLength(requests);
  }
});

test('a reply that is arriving is lost when its client is closed', async () => {
  const {both} = await clients({pace: 0.2});
  for (const poe of both) {
    const reply = await poe.send('hello', {bot: 'Sandbox-Slow'});
    const result = failureOf(reply.result());
    poe.close();
    expect(await result).toMatchObject({code: 'reply_lost'});
    expect(reply.current.state).toBe('incomplete');
  }
});

test('await using closes a client', async () => {
  const {sandbox} = await withSandbox();
  const {apiKey, apiUrl, tokens, url: baseUrl} = sandbox;
  const used: Client<ChatName>[] = [];
  {
    await using session = await connect({...tokens, baseUrl});
    await using key = await connectWithKey({apiKey, apiUrl});
    used.push(session, key);
    expect((await session.account.balance()).points).toBeGreaterThan(0);
  }
  for (const poe of used) expect(await failureOf(poe.account.balance())).toMatchObject({code: 'usage'});
});

test('an aborted call has the reason of the signal as its cause', async () => {
  const {both} = await clients({pace: 0.2});
  const reason = new Error('The user left');
  for (const poe of both) {
    expect(await failureOf(poe.send('hello', {bot: 'Sandbox-Slow', signal: AbortSignal.abort(reason)}))).toMatchObject({
      code: 'interrupted',
      cause: reason,
    });
    const stop = new AbortController();
    const reply = await poe.send('hello', {bot: 'Sandbox-Slow', signal: stop.signal});
    const result = failureOf(reply.result());
    stop.abort(reason);
    expect(await result).toMatchObject({code: 'interrupted', cause: reason});
    expect(['cancelled', 'incomplete']).toContain(reply.current.state);
    const settings = failureOf(poe.account.settings({signal: AbortSignal.abort(reason)}));
    expect(await settings).toMatchObject({code: 'interrupted', cause: reason});
  }
});

test('the state of a reply is one of four', async () => {
  const {both} = await clients();
  const [session] = both;
  const reply = await session.send('hello', {bot: 'Sandbox-Fails'});
  expect(reply.current.state).toBe('incomplete');
  expect(await failureOf(reply.result())).toMatchObject({code: 'bot_failed'});
  expect(reply.current.state).toBe('failed');
});

test('a message is not sent if one of its files changes while it is being sent', async () => {
  const {sandbox, both} = await clients();
  for (const poe of both) {
    const path = join(temporaryFolder(), 'log.txt');
    writeFileSync(path, 'x'.repeat(2_000_000));
    utimesSync(path, 1, 1);
    const onUpload = () => writeFileSync(path, 'y'.repeat(2_000_000));
    expect(await failureOf(poe.send('Explain', {bot: 'Sandbox-Files', files: [path], onUpload}))).toMatchObject({
      code: 'file',
      message: `The file changed while it was being sent: ${path}`,
      hint: expect.stringContaining('The message was not sent.'),
    });
    // The next message works.
    expect((await (await poe.send('Explain', {bot: 'Sandbox-Files', files: [path]})).result()).text).toContain(
      'log.txt',
    );
  }
  expect(countSends(sandbox)).toBe(1);
});
