import {expect, test} from 'vitest';
import {
  request,
  cookieOf,
  dataOf,
  has,
  newNonce,
  openSandbox,
  openConversation,
  post,
  serverError,
} from '../support/raw-client.js';

test('renaming a chat changes it everywhere and publishes an event', async () => {
  const {sandbox, live, call, sendAndWait} = await openConversation();
  const {chatId, chatCode} = await sendAndWait('Sandbox-Count', 'count to 1');
  live.events.length = 0;
  const title = 'Grüße 👋 "q"\n';
  expect((await call('setChatTitle', {chatId, title})).chatSetTitle).toMatchObject({
    status: 'success',
    statusMessage: '',
    chat: {chatId, title},
  });
  await live.until(has('chatTitleUpdated'));
  expect(live.events).toMatchObject([
    {subject: String(chatId), data: {title, id: Buffer.from(`Chat:${chatId}`).toString('base64')}},
  ]);
  expect((await call('chatPage', {chatCode})).chatOfCode.title).toBe(title);
  expect((await call('history', {count: 1})).chats.edges).toMatchObject([{node: {chatId, title}}]);
  await sendAndWait('Sandbox-Count', 'count to 2', {chatId});
  expect(sandbox.world.chat(chatId)?.title).toBe(title);
});

test('a title must have 1 to 150 characters', async () => {
  const {sandbox, call} = await openConversation();
  const [chat] = sandbox.world.chats;
  const {title: before, chatId} = chat ?? {};
  for (const title of ['', ' \n', 'x'.repeat(151)]) {
    expect((await call('setChatTitle', {chatId, title})).chatSetTitle).toEqual({
      status: 'invalid',
      statusMessage: 'A title must have 1 to 150 characters.',
    });
  }
  expect(chat?.title).toBe(before);
  expect((await call('setChatTitle', {chatId, title: '👋'.repeat(150)})).chatSetTitle.status).toBe('success');
});

test('a deleted chat is not found anywhere', async () => {
  const {sandbox, call, sendAndWait} = await openConversation();
  const {chatId, chatCode, answer} = await sendAndWait('Sandbox-Count', 'count to 2');
  expect((await call('deleteChat', {chatId})).deleteChat).toMatchObject({chatId, viewer: {uid: 659168979}});
  expect(await call('chatPage', {chatCode})).toEqual({chatOfCode: null});
  expect(await call('olderMessages', {count: 5, cursor: null, id: idOf(chatId)})).toEqual({node: null});
  expect(await call('messageInfo', {messageCode: answer.messageCode})).toEqual({messageOfCode: null});
  const remaining = (await call('history', {count: 300})).chats.edges;
  expect(remaining).toHaveLength(200);
  expect(remaining.some(({node}: {node: {chatId: number}}) => node.chatId === chatId)).toBe(false);
  expect((await call('historyOfBot', {count: 5, handle: 'Sandbox-Count', cursor: null})).filteredChats.edges).toEqual(
    [],
  );
  const failing: Parameters<typeof call>[] = [
    ['deleteChat', {chatId}],
    ['setChatTitle', {chatId, title: 'Back'}],
    ['setContextOptimization', {chatId, isContextOptimizationOn: true}],
    ['breakChat', {chatId, clientNonce: newNonce()}],
    ['cancelJobs', {chatId}],
    ['shareMessages', {chatId, messageIds: [answer.messageId]}],
    ['retryMessage', {messageId: answer.messageId}],
    ['sharePreview', {messageId: answer.messageId, index: 0}],
  ];
  for (const [key, variables] of failing) {
    expect({key, text: (await post(sandbox, key, variables)).text}).toEqual({key, text: serverError});
  }
});

test('deleting a chat stops a bot that is writing in it', async () => {
  const {call, live, send} = await openConversation({pace: 0.1});
  const {chat, botMessage} = await send('Sandbox-Slow', 'hello');
  await live.until(() => live.texts().length >= 2);
  await call('deleteChat', {chatId: chat.chatId});
  await live.until(has('messageCancelled'));
  expect(live.events.find(({name}) => name === 'messageCancelled')?.data.messageId).toBe(botMessage.node.messageId);
  const before = live.texts().length;
  const other = await send('Sandbox-Count', 'count to 3');
  await live.until((events) =>
    events.some(({name, subject}) => name === 'chatTitleUpdated' && subject === String(other.chat.chatId)),
  );
  expect(live.texts().slice(before)).toEqual(['1', '1 2', '1 2 3']);
});

test('deleting all chats leaves none, and new chats can be started', async () => {
  const {sandbox, call, sendAndWait} = await openConversation();
  expect((await call('deleteAllChats', {})).deleteUserMessages.viewer).toMatchObject({
    uid: 659168979,
    id: 'Vmlld2VyOjA=',
  });
  expect((await call('history', {count: 10})).chats).toMatchObject({edges: [], pageInfo: {hasNextPage: false}});
  expect(sandbox.world.chats).toEqual([]);
  const {chatId} = await sendAndWait('Sandbox-Count', 'count to 1');
  expect(sandbox.world.chats.map((chat) => chat.chatId)).toEqual([chatId]);
});

test('a chat stores its context optimization', async () => {
  const {sandbox, call} = await openConversation();
  const {chatId, code: chatCode} = sandbox.world.chats[3] ?? {};
  for (const isContextOptimizationOn of [false, true]) {
    const answer = await call('setContextOptimization', {chatId, isContextOptimizationOn});
    expect(answer.chatSetContextOptimization.chat).toMatchObject({chatId, isContextOptimizationOn});
    expect((await call('chatPage', {chatCode})).chatOfCode).toMatchObject({isContextOptimizationOn});
  }
});

test('after a context break bots do not see earlier messages', async () => {
  const {sandbox, call, live, sendAndWait, messages} = await openConversation();
  const {chatId, chatCode} = await sendAndWait('GPT-4o-Mini', 'one');
  live.events.length = 0;
  const clientNonce = newNonce();
  const edge = (await call('breakChat', {chatId, clientNonce})).messageBreakEdgeCreate.message;
  expect(edge.node).toMatchObject({
    sourceType: 'chat_break',
    text: '',
    state: 'complete',
    clientNonce,
    authorUser: null,
  });
  await live.until(has('messageAdded'));
  expect(live.events).toMatchObject([{subject: String(chatId), data: {messageId: edge.node.messageId}}]);
  await sendAndWait('GPT-4o-Mini', 'two', {chatId});
  expect(live.texts().at(-1)).toContain('the first message of this chat');
  await sendAndWait('GPT-4o-Mini', 'three', {chatId});
  expect(live.texts().at(-1)).toContain('message 3 of this chat');
  expect((await messages(chatCode)).map(({sourceType}) => sourceType)).toEqual([
    'chat_input',
    'bot_response',
    'chat_break',
    'chat_input',
    'bot_response',
    'chat_input',
    'bot_response',
  ]);
  expect((await post(sandbox, 'breakChat', {chatId, clientNonce})).text).toBe(serverError);
});

test('pages of older messages are complete, without gaps or overlaps, oldest first', async () => {
  const {sandbox, call, sendAndWait} = await openConversation();
  const {chatId} = await sendAndWait('Sandbox-Count', 'count to 1');
  for (let turn = 0; turn < 6; turn++) await sendAndWait('Sandbox-Count', 'count to 1', {chatId});
  const all = sandbox.world.chat(chatId)?.messages.map(({messageId}) => messageId) ?? [];
  const found: number[] = [];
  let cursor: string | null = null;
  for (;;) {
    const {edges, pageInfo}: Messages = (await call('olderMessages', {count: 4, cursor, id: idOf(chatId)})).node
      .messagesConnection;
    found.unshift(...edges.map(({node}) => node.messageId));
    expect(pageInfo.startCursor).toBe(String(edges[0]?.node.messageId));
    if (!pageInfo.hasPreviousPage) break;
    cursor = pageInfo.startCursor;
  }
  expect(found).toEqual(all);
  const newest = await call('olderMessages', {count: 4, cursor: '0', id: idOf(chatId)});
  expect(newest.node.messagesConnection.edges.at(-1).node.messageId).toBe(all.at(-1));
  expect(await call('olderMessages', {count: 4, cursor: null, id: idOf(1)})).toEqual({node: null});
  for (const wrong of [{id: 'nothing'}, {id: Buffer.from('Bot:1').toString('base64')}, {cursor: 'x'}, {count: 0}]) {
    const variables = {count: 4, cursor: null, id: idOf(chatId), ...wrong};
    expect((await post(sandbox, 'olderMessages', variables)).text).toBe(serverError);
  }
});

test('the page of a chat shows its 25 newest messages', async () => {
  const {sandbox, call, sendAndWait} = await openConversation();
  const {chatId, chatCode} = await sendAndWait('Sandbox-Count', 'count to 1');
  for (let turn = 0; turn < 13; turn++) await sendAndWait('Sandbox-Count', 'count to 1', {chatId});
  const {chatOfCode, viewer} = await call('chatPage', {chatCode});
  const all = sandbox.world.chat(chatId)?.messages.map(({messageId}) => messageId) ?? [];
  expect(chatOfCode.messagesConnection).toMatchObject({
    edges: all.slice(-25).map((messageId) => ({cursor: String(messageId), node: {messageId}})),
    pageInfo: {startCursor: String(all.at(-25)), hasPreviousPage: true},
  });
  expect(viewer.uid).toBe(659168979);
});

test('the chats with one bot are listed in pages', async () => {
  const sandbox = await openSandbox();
  const expected = sandbox.world.chats.filter(({bot}) => bot.handle === 'Claude-3.7-Sonnet').map(({chatId}) => chatId);
  expect(expected.length).toBeGreaterThan(3);
  const found: number[] = [];
  let cursor: string | null = null;
  do {
    const {edges, pageInfo}: Chats = (
      await dataOf(sandbox, 'historyOfBot', {count: 3, handle: 'CLAUDE-3.7-sonnet', cursor})
    ).filteredChats;
    found.push(...edges.map(({node}) => node.chatId));
    cursor = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (cursor);
  expect(found).toEqual(expected);
  const unknownBot = {count: 3, handle: 'no-such-bot', cursor: null};
  expect((await post(sandbox, 'historyOfBot', unknownBot)).text).toBe(serverError);
});

test('only its owner can open the page of a chat', async () => {
  const sandbox = await openSandbox();
  const [chat] = sandbox.world.chats;
  const path = `/chat/${chat?.code}`;
  const own = await request(sandbox, path, {headers: {Cookie: cookieOf(sandbox)}});
  expect(own).toMatchObject({status: 200, text: expect.stringContaining(chat?.messages[0]?.text ?? '-')});
  const anonymous = await request(sandbox, path);
  expect(anonymous).toMatchObject({
    status: 307,
    headers: {location: `/login?redirect_url=${encodeURIComponent(path)}`},
  });
  expect((await request(sandbox, '/chat/none', {headers: {Cookie: cookieOf(sandbox)}})).status).toBe(404);
});

const idOf = (chatId: number): string => Buffer.from(`Chat:${chatId}`).toString('base64');

interface Messages {
  edges: {node: {messageId: number}}[];
  pageInfo: {startCursor: string; hasPreviousPage: boolean};
}

interface Chats {
  edges: {node: {chatId: number}}[];
  pageInfo: {endCursor: string; hasNextPage: boolean};
}

test('cursors may be numbers', async () => {
  const {sandbox, call, sendAndWait} = await openConversation();
  const {chatId} = await sendAndWait('Sandbox-Count', 'count to 2');
  const {node} = await call('olderMessages', {count: 1, cursor: null, id: idOf(chatId)});
  const cursor = Number(node.messagesConnection.pageInfo.startCursor);
  const older = await call('olderMessages', {count: 5, cursor, id: idOf(chatId)});
  expect(older.node.messagesConnection.edges).toHaveLength(1);
  const [newest] = sandbox.world.chats;
  const history = await call('history', {count: 1, cursor: newest?.lastUs});
  expect(history.chats.edges[0].node.chatId).toBe(sandbox.world.chats[1]?.chatId);
  const bots = await call('exploreBots', {categoryName: 'Official', count: 2, cursor: 2});
  expect(bots.exploreBotsConnection.pageInfo.endCursor).toBe('4');
  for (const invalid of [1.5, -1, true]) {
    expect((await post(sandbox, 'history', {count: 1, cursor: invalid})).text).toBe(serverError);
  }
});

test('a sandbox can start with other chats, which are listed in their order', async () => {
  const chats = Array.from({length: 120}, (_, index) => ({title: `Chat ${index}`, texts: ['Hi', `Hello ${index}`]}));
  const sandbox = await openSandbox({chats});
  const titles: (string | null)[] = [];
  for (let cursor: string | undefined; ;) {
    const page = (await dataOf(sandbox, 'history', {count: 50, ...(cursor && {cursor})})).chats;
    titles.push(...page.edges.map(({node}: {node: {title: string}}) => node.title));
    if (!page.pageInfo.hasNextPage) break;
    cursor = page.pageInfo.endCursor;
  }
  expect(titles).toEqual(chats.map(({title}) => title));
  const chatCode = sandbox.world.chats[7]?.code;
  const {chatOfCode} = await dataOf(sandbox, 'chatPage', {chatCode});
  expect(chatOfCode.messagesConnection.edges).toMatchObject([{node: {text: 'Hi'}}, {node: {text: 'Hello 7'}}]);
});
