import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {connect, PoeError} from '../../src/index.js';
import type {Journal} from '../../src/core/journal/journal.js';
import {operationsOf, temporaryFolder, withSandbox} from '../support/harness.js';

/* Every function of poe-api-rust, as a library call. */

async function connected(pace = 0.02) {
  const {sandbox} = await withSandbox({pace});
  const poe = await connect({...sandbox.tokens, baseUrl: sandbox.url, timeoutMs: 5_000});
  onTestFinished(() => poe.close());
  return {sandbox, poe, world: sandbox.world};
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

test('no message of a temporary chat is recorded in the journal', async () => {
  const {sandbox} = await withSandbox({pace: 0.02});
  const recorded: unknown[] = [];
  const journal: Journal = {
    add(message) {
      recorded.push(message);
      return {update() {}, flush() {}, remove() {}};
    },
    unfinished: () => [],
    remove() {},
    removeChat() {},
  };
  const poe = await connect({...sandbox.tokens, baseUrl: sandbox.url, journal});
  onTestFinished(() => poe.close());
  const reply = await poe.send('count to 3', {bot: 'Sandbox-Count', isTemporary: true});
  await reply.result();
  await (await reply.chat.send('count to 2')).result();
  await (await reply.retry()).result();
  expect(recorded).toEqual([]);
  await (await poe.send('count to 2', {bot: 'Sandbox-Count'})).result();
  expect(recorded).toHaveLength(1);
});

test('a reply can be regenerated, shared, priced and deleted', async () => {
  const {poe, world, sandbox} = await connected();
  const reply = await poe.send('count to 3', {bot: 'Sandbox-Count'});
  await reply.result();
  const regenerated = await reply.retry();
  expect((await regenerated.result()).text).toBe('1 2 3');
  expect(await regenerated.share()).toMatch(new RegExp(`^${sandbox.url}/s/`));
  expect(await regenerated.cost()).toEqual({points: 2, isEstimate: false});
  expect(await regenerated.previews()).toEqual([]);
  const messages = () => world.chat(reply.chat.chatId)?.messages.length;
  await regenerated.delete('bot');
  expect(messages()).toBe(1);
  await regenerated.delete('user');
  expect(messages()).toBe(0);
  const other = await reply.chat.send('count to 2');
  await other.result();
  await other.delete();
  expect(messages()).toBe(0);
});

test('a chat can be continued, renamed, cleared and deleted', async () => {
  const {poe, world} = await connected();
  const reply = await poe.send('count to 3', {bot: 'Sandbox-Count'});
  expect((await reply.result()).text).toBe('1 2 3');
  const {chat} = reply;
  const next = await chat.send('count to 2');
  expect((await next.result()).chat.chatId).toBe(chat.chatId);
  const other = await chat.send('hello', {bot: 'Sandbox-Echo'});
  expect(await other.result()).toMatchObject({text: 'hello', bot: 'Sandbox-Echo', chat: {chatId: chat.chatId}});
  await chat.setTitle('Counting');
  expect(chat.title).toBe('Counting');
  expect(world.chat(chat.chatId)?.title).toBe('Counting');
  await chat.clearContext();
  await chat.setContextOptimization(false);
  expect(JSON.parse(JSON.stringify(chat))).toMatchObject({
    chatId: chat.chatId,
    title: 'Counting',
    bot: 'Sandbox-Count',
  });
  await chat.delete();
  expect(world.chat(chat.chatId)).toBeUndefined();
});

test('a message named by its chat or number can be cancelled, attached, regenerated, shared, priced and deleted', async () => {
  const {poe, world} = await connected(0.2);
  const slow = await poe.send('slowly', {bot: 'Sandbox-Slow'});
  const {chatId} = slow.chat;
  for await (const _event of slow) break;
  await poe.messages.cancel({chatId});
  expect(await (await poe.messages.attach({chatId})).result()).toMatchObject({state: 'cancelled', text: slow.text});
  const counted = await poe.send('count to 2', {bot: 'Sandbox-App'});
  const {chat, botMessage} = await counted.result();
  expect((await (await poe.messages.retry(chat)).result()).state).toBe('complete');
  expect(await poe.messages.cost(botMessage.messageCode ?? '')).toEqual({points: 2, isEstimate: false});
  expect(await poe.messages.previews(botMessage.messageId ?? 0)).toHaveLength(2);
  expect(await poe.messages.share(chat)).toContain('/s/');
  await poe.messages.delete(chat, [botMessage.messageId ?? 0]);
  expect(world.chat(chat.chatId)?.messages).toHaveLength(1);
});

test('chats can be listed, read, searched, renamed, imported and deleted', async () => {
  const {poe, world} = await connected();
  const [newest] = await all(poe.chats.history({limit: 1}));
  if (!newest) throw new Error('there is no chat');
  expect((await all(poe.chats.history())).length).toBe(world.chats.length);
  expect((await all(poe.chats.byBot(newest.bot ?? '', {limit: 2}))).map(({bot}) => bot)).toEqual([
    newest.bot,
    newest.bot,
  ]);
  const messages = await all((await poe.chats.read(newest)).messages);
  expect(messages.map(({messageId}) => messageId)).toEqual(
    world
      .chat(newest.chatId)
      ?.messages.map(({messageId}) => messageId)
      .toReversed(),
  );
  expect(await poe.chats.setTitle({chatId: newest.chatId}, 'Else')).toMatchObject({title: 'Else'});
  expect((await all(poe.chats.search('else', {among: 3}))).map(({chatId}) => chatId)).toContain(newest.chatId);
  await poe.chats.clearContext(newest);
  await poe.chats.setContextOptimization(newest, true);
  const imported = await poe.chats.import(await poe.messages.share(newest));
  expect(world.chat(imported.chatId)).toBeDefined();
  await poe.chats.delete(imported);
  expect(world.chat(imported.chatId)).toBeUndefined();
  await poe.chats.purge();
  expect(await all(poe.chats.history())).toEqual([]);
});

test('bots and users can be found, looked up and followed', async () => {
  const {poe, world} = await connected();
  expect((await all(poe.bots.search('deepseek', {limit: 1})))[0]?.handle).toContain('DeepSeek');
  expect(await all(poe.bots.explore('Reasoning', {limit: 3}))).toHaveLength(3);
  expect(await poe.bots.categories()).toEqual([...world.categories]);
  expect((await poe.bots.info('gpt-4o-mini')).displayMessagePointPrice).toBeNull();
  const user = await poe.users.info('openai');
  expect((await all(poe.users.search('openai', {limit: 1})))[0]).toEqual(user);
  await poe.users.follow(user.uid);
  expect((await poe.users.info('openai')).followerCount).toBe((user.followerCount ?? 0) + 1);
  await poe.users.unfollow('openai');
  expect((await poe.users.info('openai')).followerCount).toBe(user.followerCount);
});

test('the settings of an account can be read, and its default bot and point limit changed', async () => {
  const {poe} = await connected();
  await poe.account.setDefaultBot('sandbox-echo');
  await poe.account.setPointLimit(77);
  expect(await poe.account.settings()).toMatchObject({
    defaultBot: {displayName: 'Sandbox-Echo'},
    messagePointInfo: {
      allChatDefaultPointPriceThresholdPerMessage: 77,
      messagePointResetTime: '2025-03-25T00:04:39.000Z',
    },
  });
  await expect(poe.account.setPointLimit(-1)).rejects.toMatchObject({code: 'usage'});
});

test('a list requests only the pages that are read', async () => {
  const {poe, sandbox} = await connected();
  for await (const _chat of poe.chats.history()) break;
  for await (const _bot of poe.bots.explore()) break;
  const operations = operationsOf(sandbox);
  expect(operations.filter((name) => name === 'ChatHistoryListPaginationQuery')).toHaveLength(1);
  expect(operations.filter((name) => name === 'ExploreBotsListPaginationQuery')).toHaveLength(1);
});

test('files are sent with a message, and the progress is reported', async () => {
  const {poe} = await connected();
  const file = join(temporaryFolder(), 'big.bin');
  writeFileSync(file, Buffer.alloc(3_000_000, 7));
  const progress: number[] = [];
  const reply = await poe.send('what is it?', {
    bot: 'Sandbox-Files',
    files: [file],
    onUpload: ({sent, total}) => progress.push(sent / total),
  });
  expect((await reply.result()).text).toContain('big.bin, application/octet-stream, 3000000');
  expect(progress.length).toBeGreaterThan(1);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  expect(progress.at(-1)).toBe(1);
});

test('an empty response to a change is an error, not a success', async () => {
  const {poe, sandbox} = await connected();
  const [chat] = await all(poe.chats.history({limit: 1}));
  if (!chat) throw new Error('there is no chat');
  const answers = {
    setChatTitle: {chatSetTitle: null},
    setContextOptimization: {chatSetContextOptimization: null},
    breakChat: {messageBreakEdgeCreate: null},
    deleteChat: {deleteChat: null},
    deleteAllChats: {deleteUserMessages: null},
    deleteMessages: {messagesDelete: null},
    shareMessages: {messagesShare: {}},
    cancelJobs: {cancelViewerActiveJobs: null},
    setFollow: {poeUserSetFollow: {}},
    setDefaultBot: {poeSetDefaultBot: null},
    setPointLimit: {setAllChatDefaultMessagePointPriceThreshold: null},
    exploreIndex: {},
  } as const;
  for (const [operation, data] of Object.entries(answers) as [keyof typeof answers, object][]) {
    sandbox.faults.respondOnce({operation}, {status: 200, body: JSON.stringify({data})});
  }
  const calls = {
    setChatTitle: () => poe.chats.setTitle(chat, 'x'),
    setContextOptimization: () => poe.chats.setContextOptimization(chat, true),
    breakChat: () => poe.chats.clearContext(chat),
    deleteChat: () => poe.chats.delete(chat),
    deleteAllChats: () => poe.chats.purge(),
    deleteMessages: () => poe.messages.delete(chat, [1]),
    shareMessages: () => poe.messages.share(chat, [1]),
    cancelJobs: () => poe.messages.cancel(chat),
    setFollow: () => poe.users.follow(1),
    setDefaultBot: () => poe.account.setDefaultBot(1),
    setPointLimit: () => poe.account.setPointLimit(1),
    exploreIndex: () => poe.bots.categories(),
  };
  for (const [operation, call] of Object.entries(calls)) {
    const error: unknown = await call().then(
      () => 'done',
      (thrown: unknown) => thrown,
    );
    expect({operation, error}).toEqual({operation, error: expect.any(PoeError)});
    expect({operation, error}).toMatchObject({
      error: {code: 'not_understood', message: expect.stringMatching(/its response to \w+ is empty/)},
    });
  }
});
