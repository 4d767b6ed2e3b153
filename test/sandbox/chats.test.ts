import {expect, test} from 'vitest';
import {ask, cookieOf, dataOf, has, newNonce, openSandbox, openTalk, post, serverError} from '../support/raw-client.js';

test('a chat that is renamed is so everywhere, and everybody hears of it', async () => {
  const {sandbox, live, call, say} = await openTalk();
  const {chatId, chatCode} = await say('Sandbox-Count', 'count to 1');
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
  await say('Sandbox-Count', 'count to 2', {chatId});
  expect(sandbox.world.chat(chatId)?.title).toBe(title);
});

test('a title has 1 to 150 characters', async () => {
  const {sandbox, call} = await openTalk();
  const [chat] = sandbox.world.chats;
  const {title: before, chatId} = chat ?? {};
  for (const title of ['', ' \n', 'x'.repeat(151)]) {
    expect((await call('setChatTitle', {chatId, title})).chatSetTitle).toEqual({
      status: 'invalid',
      statusMessage: 'A title has 1 to 150 characters.',
    });
  }
  expect(chat?.title).toBe(before);
  expect((await call('setChatTitle', {chatId, title: '👋'.repeat(150)})).chatSetTitle.status).toBe('success');
});

test('a deleted chat is gone everywhere', async () => {
  const {sandbox, call, say} = await openTalk();
  const {chatId, chatCode, answer} = await say('Sandbox-Count', 'count to 2');
  expect((await call('deleteChat', {chatId})).deleteChat).toMatchObject({chatId, viewer: {uid: 659168979}});
  expect(await call('chatPage', {chatCode})).toEqual({chatOfCode: null});
  expect(await call('olderMessages', {count: 5, cursor: null, id: idOf(chatId)})).toEqual({node: null});
  expect(await call('messageInfo', {messageCode: answer.messageCode})).toEqual({messageOfCode: null});
  const left = (await call('history', {count: 300})).chats.edges;
  expect(left).toHaveLength(200);
  expect(left.some(({node}: {node: {chatId: number}}) => node.chatId === chatId)).toBe(false);
  expect((await call('historyOfBot', {count: 5, handle: 'Sandbox-Count', cursor: null})).filteredChats.edges).toEqual(
    [],
  );
  const refused: Parameters<typeof call>[] = [
    ['deleteChat', {chatId}],
    ['setChatTitle', {chatId, title: 'Back'}],
    ['setContextOptimization', {chatId, isContextOptimizationOn: true}],
    ['breakChat', {chatId, clientNonce: newNonce()}],
    ['cancelJobs', {chatId}],
    ['shareMessages', {chatId, messageIds: [answer.messageId]}],
    ['retryMessage', {messageId: answer.messageId, messagePointsDisplayPrice: 2}],
    ['sharePreview', {messageId: answer.messageId, index: 0}],
  ];
  for (const [key, variables] of refused) {
    expect({key, text: (await post(sandbox, key, variables)).text}).toEqual({key, text: serverError});
  }
});

test('a bot that is writing in a chat stops when the chat is deleted', async () => {
  const {call, live, send} = await openTalk({pace: 0.1});
  const {chat, botMessage} = await send('Sandbox-Slow', 'hello');
  await live.until(() => live.texts().length >= 2);
  await call('deleteChat', {chatId: chat.chatId});
  await live.until(has('messageCancelled'));
  expect(live.events.find(({name}) => name === 'messageCancelled')?.data.messageId).toBe(botMessage.node.messageId);
  const heard = live.texts().length;
  const other = await send('Sandbox-Count', 'count to 3');
  await live.until((events) =>
    events.some(({name, subject}) => name === 'chatTitleUpdated' && subject === String(other.chat.chatId)),
  );
  expect(live.texts().slice(heard)).toEqual(['1', '1 2', '1 2 3']);
});

test('deleting all chats leaves none, and new ones can be begun', async () => {
  const {sandbox, call, say} = await openTalk();
  expect((await call('deleteAllChats', {})).deleteUserMessages.viewer).toMatchObject({
    uid: 659168979,
    id: 'Vmlld2VyOjA=',
  });
  expect((await call('history', {count: 10})).chats).toMatchObject({edges: [], pageInfo: {hasNextPage: false}});
  expect(sandbox.world.chats).toEqual([]);
  const {chatId} = await say('Sandbox-Count', 'count to 1');
  expect(sandbox.world.chats.map((chat) => chat.chatId)).toEqual([chatId]);
});

test('a chat remembers whether its context is optimized', async () => {
  const {sandbox, call} = await openTalk();
  const {chatId, code: chatCode} = sandbox.world.chats[3] ?? {};
  for (const isContextOptimizationOn of [false, true]) {
    const answer = await call('setContextOptimization', {chatId, isContextOptimizationOn});
    expect(answer.chatSetContextOptimization.chat).toMatchObject({chatId, isContextOptimizationOn});
    expect((await call('chatPage', {chatCode})).chatOfCode).toMatchObject({isContextOptimizationOn});
  }
});

test('after a break bots do not see what was before', async () => {
  const {sandbox, call, live, say, messages} = await openTalk();
  const {chatId, chatCode} = await say('GPT-4o-Mini', 'one', {messagePointsDisplayPrice: 15});
  live.events.length = 0;
  const clientNonce = newNonce();
  const edge = (await call('breakChat', {chatId, clientNonce})).messageBreakEdgeCreate.message;
  expect(edge.node).toMatchObject({author: 'chat_break', text: '', state: 'complete', clientNonce, authorUser: null});
  await live.until(has('messageAdded'));
  expect(live.events).toMatchObject([{subject: String(chatId), data: {messageId: edge.node.messageId}}]);
  await say('GPT-4o-Mini', 'two', {chatId, messagePointsDisplayPrice: 15});
  expect(live.texts().at(-1)).toContain('the first message of this chat');
  await say('GPT-4o-Mini', 'three', {chatId, messagePointsDisplayPrice: 15});
  expect(live.texts().at(-1)).toContain('message 3 of this chat');
  expect((await messages(chatCode)).map(({author}) => author)).toEqual([
    'human',
    'gpt_4o_mini',
    'chat_break',
    'human',
    'gpt_4o_mini',
    'human',
    'gpt_4o_mini',
  ]);
  expect((await post(sandbox, 'breakChat', {chatId, clientNonce})).text).toBe(serverError);
});

test('older messages come in pages that meet without a gap, oldest first', async () => {
  const {sandbox, call, say} = await openTalk();
  const {chatId} = await say('Sandbox-Count', 'count to 1');
  for (let turn = 0; turn < 6; turn++) await say('Sandbox-Count', 'count to 1', {chatId});
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

test('the page of a chat shows its newest messages, and what its bot costs', async () => {
  const {sandbox, call, say} = await openTalk();
  const {chatId, chatCode} = await say('Sandbox-Count', 'count to 1');
  for (let turn = 0; turn < 13; turn++) await say('Sandbox-Count', 'count to 1', {chatId});
  const {chatOfCode, viewer} = await call('chatPage', {chatCode});
  const all = sandbox.world.chat(chatId)?.messages.map(({messageId}) => messageId) ?? [];
  expect(chatOfCode.messagesConnection).toMatchObject({
    edges: all.slice(-25).map((messageId) => ({cursor: String(messageId), node: {messageId}})),
    pageInfo: {startCursor: String(all.at(-25)), hasPreviousPage: true},
  });
  expect(chatOfCode.defaultBotObject.messagePointLimit.displayMessagePointPrice).toBe(2);
  expect(viewer.uid).toBe(659168979);
});

test('the chats with one bot are listed apart, in pages', async () => {
  const sandbox = await openSandbox();
  const wanted = sandbox.world.chats.filter(({bot}) => bot.handle === 'Claude-3.7-Sonnet').map(({chatId}) => chatId);
  expect(wanted.length).toBeGreaterThan(3);
  const found: number[] = [];
  let cursor: string | null = null;
  do {
    const {edges, pageInfo}: Chats = (
      await dataOf(sandbox, 'historyOfBot', {count: 3, handle: 'CLAUDE-3.7-sonnet', cursor})
    ).filteredChats;
    found.push(...edges.map(({node}) => node.chatId));
    cursor = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (cursor);
  expect(found).toEqual(wanted);
  const nobody = {count: 3, handle: 'nobody', cursor: null};
  expect((await post(sandbox, 'historyOfBot', nobody)).text).toBe(serverError);
});

test('a chat has a page for its account, and for nobody else', async () => {
  const sandbox = await openSandbox();
  const [chat] = sandbox.world.chats;
  const path = `/chat/${chat?.code}`;
  const own = await ask(sandbox, path, {headers: {Cookie: cookieOf(sandbox)}});
  expect(own).toMatchObject({status: 200, text: expect.stringContaining(chat?.messages[0]?.text ?? '-')});
  const stranger = await ask(sandbox, path);
  expect(stranger).toMatchObject({
    status: 307,
    headers: {location: `/login?redirect_url=${encodeURIComponent(path)}`},
  });
  expect((await ask(sandbox, '/chat/none', {headers: {Cookie: cookieOf(sandbox)}})).status).toBe(404);
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
