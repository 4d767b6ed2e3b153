import {expect, test} from 'vitest';
import {WebSocket} from 'ws';
import type {Faults} from '../../src/sandbox/faults/faults.js';
import type {TestSandbox} from '../../src/sandbox/faults/test-sandbox.js';
import {
  dataOf,
  has,
  listen,
  liveHost,
  livePath,
  openChannel,
  openSandbox,
  openConversation,
  post,
  sendVariables,
} from '../support/raw-client.js';

test('a send publishes the message, the growing reply, the charge and the title', async () => {
  const {sandbox, live, send} = await openConversation();
  const answer = await send('Sandbox-Count', 'Count to 3, please!', {clientNonce: 'aaaaBBBB11112222'});
  expect(answer).toMatchObject({
    status: 'success',
    chat: {chatId: expect.any(Number), chatCode: expect.stringMatching(/^[a-z0-9]{19}$/), title: null},
    message: {
      node: {sourceType: 'chat_input', text: 'Count to 3, please!', clientNonce: 'aaaaBBBB11112222', state: 'complete'},
    },
    botMessage: {node: {sourceType: 'bot_response', text: '', state: 'incomplete'}},
  });
  await live.until(has('chatTitleUpdated'));
  const {chatId} = answer.chat;
  const {messageId} = answer.botMessage.node;
  expect(live.events.map(({name, subject, data}) => [name, subject, data.state, data.text])).toEqual([
    ['messageAdded', String(chatId), 'complete', 'Count to 3, please!'],
    ['messageAdded', String(chatId), 'incomplete', '1'],
    ['messageAdded', String(chatId), 'incomplete', '1 2'],
    ['viewerStateUpdated', '659168979', undefined, undefined],
    ['messageAdded', String(chatId), 'complete', '1 2 3'],
    ['jobUpdated', String(chatId), 'complete', undefined],
    ['chatTitleUpdated', String(chatId), undefined, undefined],
  ]);
  expect(live.events[0]?.data.clientNonce).toBe('aaaaBBBB11112222');
  expect(live.events[4]?.data.messageId).toBe(messageId);
  expect(live.events[6]?.data).toMatchObject({title: 'Count to 3, please'});
  expect((await dataOf(sandbox, 'settings', {})).viewer.messagePointInfo.messagePointBalance).toBe(1825);
  const page = (await dataOf(sandbox, 'chatPage', {chatCode: answer.chat.chatCode})).chatOfCode;
  expect(page.title).toBe('Count to 3, please');
  expect(page.messagesConnection.edges.map(({node}: {node: {text: string}}) => node.text)).toEqual([
    'Count to 3, please!',
    '1 2 3',
  ]);
  expect((await dataOf(sandbox, 'history', {count: 1})).chats.edges[0].node.chatId).toBe(chatId);
});

test('a second message in a chat does not change its title', async () => {
  const {live, send, replied} = await openConversation();
  const {chat} = await send('Sandbox-Count', 'count to 2');
  await replied();
  const second = await send('Sandbox-Count', 'count to 1', {chatId: chat.chatId});
  await live.until((events) => events.filter(({name}) => name === 'jobUpdated').length === 2);
  expect(second.chat).toMatchObject({chatId: chat.chatId, title: 'Count to 2'});
  expect(live.events.filter(({name}) => name === 'chatTitleUpdated')).toHaveLength(1);
});

test.each([
  ['2x2?', '2 × 2 = 4'],
  ['what is the result of 2x2?', '2 × 2 = 4'],
  ['3+4*2', '3 + 4 × 2 = 11'],
  ['(3 + 4) * 2 = ?', '(3 + 4) × 2 = 14'],
  ['10/4 - 0.5', '10 ÷ 4 − 0.5 = 2'],
])('an ordinary bot calculates %s', async (query, result) => {
  const {live, send, replied} = await openConversation();
  await send('gemini-2.0-flash', query);
  await replied();
  expect(live.texts().at(-1)).toBe(result);
});

test('an ordinary bot replies to other messages with small talk and suggested replies', async () => {
  const {live, send, replied} = await openConversation();
  await send('GPT-4o-Mini', 'Tell me about 1/0 and the sea');
  await replied();
  expect(live.texts().at(-1)).toBe(
    'You wrote “Tell me about 1/0 and the sea”, the first message of this chat. I am GPT-4o-Mini in the sandbox, and I can do arithmetic: try 2x2.',
  );
  expect(live.events.findLast(({name}) => name === 'messageAdded')?.data.followupActions).toHaveLength(3);
});

test.each([['ü 👋🏽 \u0000 \r\n'], [''], ['  x  '], ['a\ud800b'], ['x'.repeat(100_000)]])(
  'Sandbox-Echo repeats %j',
  async (query) => {
    const {live, send, replied} = await openConversation();
    await send('Sandbox-Echo', query);
    await replied();
    expect(live.texts().at(-1)).toBe(query);
  },
);

test('the sandbox’s own bots do what their descriptions say', async () => {
  const {live, send, replied} = await openConversation();
  const textsOf = async (bot: string) => {
    live.events.length = 0;
    await send(bot, 'hello');
    await replied();
    return live.texts();
  };
  expect((await textsOf('Sandbox-Markdown')).at(-1)?.split('\n').length).toBeGreaterThan(100);
  expect(await textsOf('Sandbox-Rewrite')).toEqual([
    'Searching…',
    'Searching… 3 results found',
    expect.stringMatching(/^The capital of Australia is Sydney/),
    expect.stringMatching(/^The capital of Australia is Sydney. It was/),
    expect.stringMatching(/^The capital of Australia is Canberra. It was/),
    'The capital of Australia is Canberra. It was built for that purpose, and has been the capital since 1927.',
  ]);
  const two = await textsOf('Sandbox-Two');
  expect(two).toContain('This is the first message.');
  expect(two.at(-1)).toBe('And this is the second one.');
  expect((await textsOf('Sandbox-Hostile')).at(-1)).toContain('\u001B]52;c;');
  await textsOf('Sandbox-Fails');
  expect(live.events.findLast(is('messageAdded'))?.data).toMatchObject({
    state: 'error_bot_unavailable',
    messageStateText: expect.any(String),
  });
  await textsOf('Sandbox-Insolvent');
  expect(live.events.findLast(is('messageAdded'))?.data).toMatchObject({
    state: 'error_insufficient_fund',
    messageStateText: null,
    text: '',
  });
  await textsOf('Sandbox-Image');
  expect(live.events.findLast(is('messageAdded'))?.data.attachments).toMatchObject([
    {name: 'picture.png', file: {mimeType: 'image/png'}},
  ]);
});

test('a cancelled reply stops growing', async () => {
  const {sandbox, live, send} = await openConversation({pace: 0.1});
  const {chat} = await send('Sandbox-Slow', 'hello');
  await live.until(() => live.texts().length >= 3);
  expect(await dataOf(sandbox, 'cancelJobs', {chatId: chat.chatId})).toEqual({
    cancelViewerActiveJobs: expect.any(Object),
  });
  await live.until(has('messageCancelled'));
  const cancelled = live.events.find(is('messageCancelled'));
  expect(cancelled?.subject).toBe(String(chat.chatId));
  const text = live.texts().at(-1);
  const answer = sandbox.world.chat(chat.chatId)?.messages.at(-1);
  expect(answer).toMatchObject({state: 'cancelled', text, cancelledAt: text?.length});
  expect(await dataOf(sandbox, 'cancelJobs', {chatId: chat.chatId})).not.toBeNull();
  expect(await dataOf(sandbox, 'cancelJobs', {chatId: 1})).toBeNull();
});

test('a listener that reconnects receives what it missed, once', async () => {
  const {sandbox, settings, live, send} = await openConversation({pace: 0.1});
  sandbox.faults.dropSocketAfter(2);
  await send('Sandbox-Count', 'count to 8');
  await live.untilClosed();
  expect(live.texts()).toEqual(['1', '1 2']);
  const second = await listen(sandbox, {...settings, minSeq: live.seq()});
  await second.until(has('chatTitleUpdated'));
  expect(second.texts()).toEqual(['1 2 3', '1 2 3 4', '1 2 3 4 5', '1 2 3 4 5 6', '1 2 3 4 5 6 7', '1 2 3 4 5 6 7 8']);
  const fromTheStart = await listen(sandbox, settings);
  await fromTheStart.until(has('chatTitleUpdated'));
  expect(fromTheStart.texts()).toHaveLength(8);
});

test('a listener that was away for too long receives missed_messages', async () => {
  const {sandbox, settings, live, send} = await openConversation();
  await send('Sandbox-Count', 'count to 600');
  await live.until(has('chatTitleUpdated'));
  const second = await listen(sandbox, settings);
  await second.until(() => second.frames.length > 0);
  expect(second.frames).toEqual(['{"error":"missed_messages"}']);
});

test('events are published only for subscriptions, and only for sends with a live channel', async () => {
  const sandbox = await openSandbox();
  const titles = await openChannel(sandbox, ['chatTitleUpdated']);
  const live = await listen(sandbox, titles);
  for (const channel of ['', 'poe-chan1-8888-unknown']) {
    const sent = await dataOf(sandbox, 'sendMessage', sendVariables('Sandbox-Echo', 'unpublished'), {
      'Poe-Tchannel': channel,
    });
    expect(sent.messageEdgeCreate.status).toBe('success');
  }
  await dataOf(sandbox, 'sendMessage', sendVariables('Sandbox-Echo', 'published'), {'Poe-Tchannel': titles.channel});
  await live.until(has('chatTitleUpdated'));
  expect(live.events.map(({name, data}) => [name, data.title])).toEqual([['chatTitleUpdated', 'Published']]);
});

test('subscribing requires a live channel and valid names and hashes', async () => {
  const sandbox = await openSandbox();
  const {channel} = await openChannel(sandbox, []);
  const valid = {
    subscriptionName: 'messageAdded',
    query: null,
    queryHash: '9bc4af8951e2f446fdd00399a4823b9b73c96a767b86a92078269e64725aa934',
  };
  const subscribe = (subscription: object, name: string) =>
    dataOf(sandbox, 'subscribe', {subscriptions: [subscription]}, {'Poe-Tchannel': name});
  expect(await subscribe(valid, channel)).toEqual({autoSubscribe: {viewer: {id: 'Vmlld2VyOjA='}}});
  expect(await subscribe(valid, 'poe-chan1-8888-unknown')).toBeNull();
  expect(await subscribe({...valid, queryHash: '0'.repeat(64)}, channel)).toBeNull();
  expect(await subscribe({...valid, subscriptionName: 'messageEaten'}, channel)).toBeNull();
});

test('a socket requires the right host, path and secret, and no cookies', async () => {
  const sandbox = await openSandbox();
  const settings = await openChannel(sandbox);
  const path = livePath(settings);
  const host = liveHost(settings);
  const {port} = new URL(sandbox.url);
  const attempts: [number, string, string, Record<string, string | string[]>?][] = [
    [404, path, `127.0.0.1:${port}`],
    [404, path, `tch.localhost:${port}`],
    [404, path, `tch0.tch.localhost:${port}`],
    [404, path, `tch1000001.tch.localhost:${port}`],
    [404, path, 'tch5.tch.localhost'],
    [404, path.replace('/updates', '/'), host],
    [404, path.replace(settings.boxName, 'chan1-8888'), host],
    [404, path.replace(settings.channel, 'poe-chan1-8888-unknown'), host],
    [403, path.replace(settings.channelHash, '1'), host],
    [403, path.replace(settings.minSeq, 'x'), host],
    [403, path, host, {Origin: 'https://poe.com'}],
    [400, path, host, {Cookie: `p-b=${sandbox.tokens.pB}`}],
    [101, path, host],
    [101, path, `tch1000000.tch.localhost:${port}`, {Origin: sandbox.url}],
    [403, path, host, {Origin: [sandbox.url, 'https://poe.com']}],
    [101, path, host, {Origin: [sandbox.url, sandbox.url]}],
    [101, `${path}&generation=1`, host],
  ];
  for (const [expected, address, at, headers] of attempts) {
    expect({address, at, headers, status: await statusOf(sandbox, address, at, headers)}).toEqual({
      address,
      at,
      headers,
      status: expected,
    });
  }
  sandbox.faults.refuseSockets();
  expect(await statusOf(sandbox, path, host)).toBe(503);
  expect(sandbox.requests.at(-1)).toMatchObject({path, status: 503});
});

test('pings are answered, and idle sockets are closed', async () => {
  const sandbox = await openSandbox();
  const live = await listen(sandbox, await openChannel(sandbox));
  live.socket.send('{"type":"ping"}');
  await live.until(() => live.frames.includes('{"type":"pong"}'));
  sandbox.faults.idleLimitMs(20);
  const idle = await listen(sandbox, await openChannel(sandbox));
  await idle.untilClosed();
  expect(live.socket.readyState).toBe(WebSocket.OPEN);
});

test('with silentAfter no end is published, but the reply completes on the site', async () => {
  const {sandbox, live, send} = await openConversation();
  sandbox.faults.silentAfter(2);
  const {chat} = await send('Sandbox-Count', 'count to 4');
  await isTitled(sandbox, chat.chatId);
  sandbox.faults.clear();
  await send('Sandbox-Echo', 'audible again', {chatId: chat.chatId});
  await live.until(has('jobUpdated'));
  expect(live.texts().slice(0, 3)).toEqual(['1', '1 2', expect.stringContaining('aud')]);
  expect(sandbox.world.chat(chat.chatId)?.messages[1]).toMatchObject({text: '1 2 3 4', state: 'complete'});
});

test('malformed frames are mixed with the correct ones', async () => {
  const {sandbox, live, send} = await openConversation();
  sandbox.faults.malformedFrames();
  let binaries = 0;
  live.socket.on('message', (_data, isBinary) => (binaries += Number(isBinary)));
  await send('Sandbox-Count', 'count to 9');
  await live.until(() => live.frames.some((frame) => frame.includes('chatTitleUpdated')));
  expect(binaries).toBeGreaterThan(0);
  expect(live.frames).toContain('{"messages":["{');
  expect(live.frames.some((frame) => frame.includes('somethingNew') && frame.includes('1 2 3'))).toBe(true);
  expect(live.texts().at(-1)).toBe('1 2 3 4 5 6 7 8 9');
});

test.each<[string, (faults: Faults) => void, string[]]>([
  ['jobBeforeText', (faults) => faults.jobBeforeText(), ['question', '1', 'jobUpdated', '1 2', 'chatTitleUpdated']],
  ['lateEcho', (faults) => faults.lateEcho(), ['1', 'question', '1 2', 'jobUpdated', 'chatTitleUpdated']],
  ['noTitle', (faults) => faults.noTitle(), ['question', '1', '1 2', 'jobUpdated']],
  ['titleDelayMs', (faults) => faults.titleDelayMs(5), ['question', '1', '1 2', 'jobUpdated', 'chatTitleUpdated']],
])('with %s the events have a different order', async (_name, setFault, expected) => {
  const {sandbox, live, send} = await openConversation();
  setFault(sandbox.faults);
  await send('Sandbox-Count', 'count to 2');
  await live.until((events) => events.length >= expected.length + 1);
  const events = live.events.filter(({name}) => name !== 'viewerStateUpdated');
  expect(
    events.map(({name, data}) =>
      name !== 'messageAdded' ? name : data.sourceType === 'chat_input' ? 'question' : data.text,
    ),
  ).toEqual(expected);
});

test('with eventsBeforeAnswer all events are published before the response', async () => {
  const {sandbox, live, send} = await openConversation();
  sandbox.faults.eventsBeforeAnswer();
  const answered = send('Sandbox-Count', 'count to 2').then(() => live.events.length);
  await live.until(has('chatTitleUpdated'));
  expect(sandbox.requests.at(-1)).toMatchObject({queryName: 'sendMessageMutation'});
  expect(await answered).toBe(live.events.length);
});

test('an operation whose response is lost is executed', async () => {
  const {sandbox, live, send} = await openConversation();
  sandbox.faults.loseResponseOnce('sendMessage', 'drop');
  await expect(send('Sandbox-Count', 'count to 2')).rejects.toThrow('socket hang up');
  await live.until(has('chatTitleUpdated'));
  expect(live.texts().at(-1)).toBe('1 2');
  sandbox.faults.loseResponseOnce('sendMessage', 'silence');
  const neverAnswered = send('Sandbox-Count', 'count to 3').catch(() => 'closed');
  await live.until(() => live.texts().at(-1) === '1 2 3');
  await sandbox.close();
  expect(await neverAnswered).toBe('closed');
});

test('foreign events are mixed with those of the reply', async () => {
  const {sandbox, live, send} = await openConversation();
  sandbox.faults.foreignEvents();
  const {chat} = await send('Sandbox-Count', 'count to 8');
  await live.until((events) =>
    events.some(({name, subject}) => name === 'chatTitleUpdated' && subject === String(chat.chatId)),
  );
  const foreign = live.events.filter(({subject}) => subject !== String(chat.chatId)).map(({name}) => name);
  expect(foreign).toEqual(
    expect.arrayContaining(['messageAdded', 'jobUpdated', 'messageCancelled', 'chatTitleUpdated']),
  );
  expect(live.texts()).toContain('A late update of an older message');
});

test.each([
  [
    'missedMessages',
    (faults: Faults) => faults.missedMessages(2),
    (frames: string[]) => frames.includes('{"error":"missed_messages"}'),
  ],
  [
    'refetchChannel',
    (faults: Faults) => faults.refetchChannel(2),
    (frames: string[]) => frames.some((frame) => frame.includes('refetchChannel')),
  ],
])('after %s the channel stops working, and a new one receives later events', async (_name, setFault, wasSent) => {
  const {sandbox, settings, live, send} = await openConversation({pace: 0.1});
  setFault(sandbox.faults);
  const {chat} = await send('Sandbox-Slow', 'hello');
  await live.until(() => wasSent(live.frames));
  expect(live.texts()).toEqual(['One', 'One word']);
  expect(await statusOf(sandbox, livePath(settings), liveHost(settings))).toBe(404);
  const next = await listen(sandbox, await openChannel(sandbox));
  await dataOf(sandbox, 'cancelJobs', {chatId: chat.chatId});
  await next.until(has('messageCancelled'));
  expect(next.events.at(-1)?.subject).toBe(String(chat.chatId));
  expect(live.texts()).toEqual(['One', 'One word']);
});

test('closing ends sockets, bots and pending requests at once', async () => {
  const {sandbox, live, send} = await openConversation({pace: 100});
  await send('Sandbox-Slow', 'hello');
  sandbox.faults.respondOnce({operation: 'settings'}, 'silence');
  const waiting = post(sandbox, 'settings', {}).catch(() => 'closed');
  await sandbox.close();
  await live.untilClosed();
  expect(await waiting).toBe('closed');
});

const is =
  (expected: string) =>
  ({name}: {name: string}) =>
    name === expected;

/** The status of an attempt to open a socket. */
async function statusOf(
  sandbox: TestSandbox,
  path: string,
  host: string,
  headers: Record<string, string | string[]> = {},
): Promise<number> {
  const {port} = new URL(sandbox.url);
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, {headers: {Host: host, ...headers}});
  return new Promise((resolve) => {
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', () => {});
  });
}

/** Waits until the first reply of a chat has ended. */
async function isTitled(sandbox: TestSandbox, chatId: number): Promise<void> {
  while (sandbox.world.chat(chatId)?.title === null) await new Promise((resolve) => setImmediate(resolve));
}
