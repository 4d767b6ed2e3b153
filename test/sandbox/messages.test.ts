import {expect, test} from 'vitest';
import type {TestSandbox} from '../../src/sandbox/faults/test-sandbox.js';
import {
  request,
  dataOf,
  has,
  openSandbox,
  openConversation,
  post,
  type Sent,
  serverError,
} from '../support/raw-client.js';

const balanceOf = ({world}: TestSandbox): number => world.viewer.points;

const deletion = ({chatCode}: Pick<Sent, 'chatCode'>, ...messageIds: number[]) => ({
  connections: `client:${chatCode}:__ChatMessagesView_chat_messagesConnection_connection`,
  messageIds,
});

test('deleting messages removes them and publishes events', async () => {
  const {sandbox, live, call, sendAndWait, messages} = await openConversation();
  const first = await sendAndWait('Sandbox-Count', 'count to 1');
  const second = await sendAndWait('Sandbox-Count', 'count to 2', {chatId: first.chatId});
  const deleted = [first.question.messageId, first.answer.messageId];
  live.events.length = 0;
  expect((await call('deleteMessages', deletion(first, ...deleted))).messagesDelete.edgeIds).toHaveLength(2);
  await live.until(has('messageDeleted'));
  expect(live.events.map(({name, subject, data}) => [name, subject, data.messageId])).toEqual(
    deleted.map((messageId) => ['messageDeleted', String(first.chatId), messageId]),
  );
  expect(live.events[0]?.data.id).toBe(Buffer.from(`Message:${deleted[0]}`).toString('base64'));
  expect((await messages(first.chatCode)).map(({text}) => text)).toEqual(['count to 2', '1 2']);
  expect(await call('messageInfo', {messageCode: first.answer.messageCode})).toEqual({messageOfCode: null});
  for (const [key, variables] of [
    ['deleteMessages', deletion(first, ...deleted)],
    ['shareMessages', {chatId: first.chatId, messageIds: [second.answer.messageId, ...deleted]}],
    ['retryMessage', {messageId: first.answer.messageId}],
    ['sharePreview', {index: 0, messageId: first.answer.messageId}],
  ] as const) {
    expect({key, text: (await post(sandbox, key, variables)).text}).toEqual({key, text: serverError});
  }
});

test('messages can be deleted only from one chat at a time, with its connection id', async () => {
  const {sandbox, sendAndWait} = await openConversation();
  const one = await sendAndWait('Sandbox-Count', 'count to 1');
  const other = await sendAndWait('Sandbox-Count', 'count to 1');
  const {messageId} = one.answer;
  const valid = deletion(one, messageId);
  const invalid: object[] = [
    {...valid, connections: ''},
    {...valid, connections: [valid.connections]},
    {...valid, connections: valid.connections.replace(one.chatCode, String(one.chatId))},
    deletion(other, messageId),
    deletion(one, messageId, other.answer.messageId),
    deletion(one, messageId, 1),
    deletion(one, 1),
    deletion(one),
  ];
  for (const variables of invalid) {
    expect({variables, text: (await post(sandbox, 'deleteMessages', variables)).text}).toEqual({
      variables,
      text: serverError,
    });
  }
  expect(sandbox.world.chat(one.chatId)?.messages).toHaveLength(2);
  expect(sandbox.world.chat(other.chatId)?.messages).toHaveLength(2);
});

test('deleting a message stops the bot that is writing it', async () => {
  const {sandbox, live, call, send} = await openConversation({pace: 0.1});
  const {chat, message, botMessage} = await send('Sandbox-Slow', 'hello');
  const {messageId} = botMessage.node;
  await live.until(() => live.texts().length >= 2);
  await call('deleteMessages', deletion(chat, messageId));
  await live.until(has('messageDeleted'));
  expect(live.events.slice(-4).map(({name}) => name)).toEqual([
    'messageCancelled',
    'jobUpdated',
    'chatTitleUpdated',
    'messageDeleted',
  ]);
  expect(sandbox.world.chat(chat.chatId)?.messages.map((message) => message.messageId)).toEqual([
    message.node.messageId,
  ]);
  expect(balanceOf(sandbox)).toBe(1825);
});

test('shared messages have a public page that outlives their chat', async () => {
  const {sandbox, call, sendAndWait} = await openConversation();
  const sent = await sendAndWait('TranslatorPro', 'Is </script> "nickname":"no" a word?');
  const {messagesShare} = await call('shareMessages', {
    chatId: sent.chatId,
    messageIds: [sent.answer.messageId, sent.question.messageId],
  });
  expect(messagesShare.shareCode).toMatch(/^[a-z0-9]{20}$/);
  await call('deleteAllChats', {});
  const {status, headers, text} = await request(sandbox, `/s/${messagesShare.shareCode}`);
  expect({status, type: headers['content-type']}).toEqual({status: 200, type: 'text/html; charset=utf-8'});
  expect(/"nickname":"([^"]+)"/.exec(text)?.[1]).toBe('translatorpro');
  const data = JSON.parse(/<script id="__NEXT_DATA__" type="application\/json">(.*?)<\/script>/s.exec(text)?.[1] ?? '');
  expect(data.props.pageProps.data.mainQuery.chatShare).toMatchObject({
    bot: {nickname: 'translatorpro', handle: 'TranslatorPro', displayName: 'Translator Pro'},
    messages: [
      {text: 'Is </script> "nickname":"no" a word?', sourceType: 'chat_input'},
      {text: expect.stringContaining('I am Translator Pro'), sourceType: 'bot_response'},
    ],
  });
  expect((await request(sandbox, '/s/none')).status).toBe(404);
});

test('only messages of one chat can be shared, and at least one', async () => {
  const {sandbox, sendAndWait} = await openConversation();
  const {chatId, answer} = await sendAndWait('Sandbox-Count', 'count to 1');
  const other = await sendAndWait('Sandbox-Count', 'count to 1');
  for (const messageIds of [[], [1], [other.answer.messageId], [answer.messageId, other.answer.messageId]]) {
    expect((await post(sandbox, 'shareMessages', {chatId, messageIds})).text).toBe(serverError);
  }
});

test.each(['translatorpro', 'TRANSLATORPRO', 'TranslatorPro'])(
  'a shared chat is continued with the bot %s',
  async (name) => {
    const {sandbox, call, sendAndWait, live} = await openConversation();
    const original = await sendAndWait('TranslatorPro', 'one');
    const messageIds = [original.question.messageId, original.answer.messageId];
    const {shareCode} = (await call('shareMessages', {chatId: original.chatId, messageIds})).messagesShare;
    await call('setChatTitle', {chatId: original.chatId, title: 'Another'});
    const points = balanceOf(sandbox);
    const answer = (await call('importChat', {shareCode, botName: name, postId: null})).continueChatFromPoeShare;
    expect(answer).toMatchObject({status: 'success', statusMessage: ''});
    const nodes: (Sent['answer'] & {chat: {chatId: number; chatCode: string}})[] = answer.messages.map(
      ({node}: {node: object}) => node,
    );
    const {chat} = nodes[0] ?? {};
    expect(chat).toMatchObject({title: 'One', defaultBotObject: {displayName: 'Translator Pro'}});
    expect(chat?.chatId).not.toBe(original.chatId);
    expect(nodes.map(({text}) => text)).toEqual(['one', expect.stringContaining('You wrote “one”')]);
    expect(nodes.some(({messageId}) => messageIds.includes(messageId))).toBe(false);
    expect(balanceOf(sandbox)).toBe(points);
    await sendAndWait('TranslatorPro', 'two', {chatId: chat?.chatId});
    expect(live.texts().at(-1)).toContain('message 3 of this chat');
    expect(sandbox.world.chat(original.chatId)?.messages).toHaveLength(2);
  },
);

test('importing a chat requires its code and the name of its bot', async () => {
  const {sandbox, call, sendAndWait} = await openConversation();
  const {chatId, answer} = await sendAndWait('TranslatorPro', 'one');
  const {shareCode} = (await call('shareMessages', {chatId, messageIds: [answer.messageId]})).messagesShare;
  expect(await call('importChat', {shareCode: 'none', botName: 'translatorpro', postId: null})).toEqual({
    continueChatFromPoeShare: {
      status: 'not_found',
      statusMessage: 'This shared chat does not exist.',
      messages: [],
    },
  });
  for (const botName of ['Translator Pro', 'Assistant', 'no-such-bot', '']) {
    expect((await post(sandbox, 'importChat', {shareCode, botName, postId: null})).text).toBe(serverError);
  }
});

test('the cost of a message is null until it is known', async () => {
  const {sandbox, call, sendAndWait, messages} = await openConversation();
  const {chatCode, chatId} = await sendAndWait('GPT-4o-Mini', 'one');
  const costOf = async (messageCode: string | undefined) => (await call('messageInfo', {messageCode})).messageOfCode;
  const [question, answer] = await messages(chatCode);
  sandbox.faults.delayCosts(2);
  expect((await costOf(question?.messageCode)).responsibleJob).toBeNull();
  expect((await costOf(answer?.messageCode)).responsibleJob.totalCostPoints).toBeNull();
  expect((await costOf(answer?.messageCode)).responsibleJob.totalCostPoints).toBeNull();
  expect((await costOf(answer?.messageCode)).responsibleJob.totalCostPoints).toBe(15);
  expect(await costOf('none')).toBeNull();
  const failed = await sendAndWait('Sandbox-Fails', 'two', {chatId});
  expect((await costOf(failed.answer.messageCode)).responsibleJob.totalCostPoints).toBe(0);
  expect(balanceOf(sandbox)).toBe(1812);
});

test('a retried message is rewritten and charged again', async () => {
  const {sandbox, live, call, sendAndWait, messages} = await openConversation();
  const {chatCode, question, answer} = await sendAndWait('Sandbox-Count', 'count to 3');
  live.events.length = 0;
  const {messageId} = answer;
  const retried = (await call('retryMessage', {messageId})).messageRegenerate;
  expect(retried).toMatchObject({
    status: 'success',
    statusMessage: '',
    message: {node: {messageId, text: '', state: 'incomplete'}},
  });
  await live.until(has('jobUpdated'));
  const updates = live.events.filter(({name}) => name === 'messageAdded');
  expect(updates.map(({data}) => [data.messageId, data.state, data.text])).toEqual([
    [messageId, 'incomplete', ''],
    [messageId, 'incomplete', '1'],
    [messageId, 'incomplete', '1 2'],
    [messageId, 'complete', '1 2 3'],
  ]);
  expect((await messages(chatCode)).map((message) => message.messageId)).toEqual([question.messageId, messageId]);
  expect(balanceOf(sandbox)).toBe(1823);
});

test('with retryAsNewMessage a new message replaces the old one', async () => {
  const {sandbox, live, call, sendAndWait, messages} = await openConversation();
  sandbox.faults.retryAsNewMessage();
  const {chatCode, question, answer} = await sendAndWait('Sandbox-Count', 'count to 2');
  live.events.length = 0;
  const {messageId} = answer;
  const retried = (await call('retryMessage', {messageId})).messageRegenerate;
  expect(retried).toMatchObject({status: 'success', message: null});
  await live.until(has('jobUpdated'));
  const [, newer] = await messages(chatCode);
  expect(newer?.messageId).toBeGreaterThan(messageId);
  expect(
    live.events.filter(({name}) => name.startsWith('message')).map(({name, data}) => [name, data.messageId, data.text]),
  ).toEqual([
    ['messageDeleted', messageId, undefined],
    ['messageAdded', newer?.messageId, ''],
    ['messageAdded', newer?.messageId, '1'],
    ['messageAdded', newer?.messageId, '1 2'],
  ]);
  expect((await messages(chatCode)).map((message) => message.messageId)).toEqual([
    question.messageId,
    newer?.messageId,
  ]);
});

test('a cancelled message and the last message of a reply can be retried', async () => {
  const {sandbox, live, call, send, sendAndWait, messages} = await openConversation({pace: 0.1});
  const {chat, botMessage} = await send('Sandbox-Slow', 'hello');
  await live.until(() => live.texts().length >= 2);
  const {messageId} = botMessage.node;
  const retry = async (id: number | undefined) => {
    live.events.length = 0;
    const answer = await call('retryMessage', {messageId: id});
    return answer?.messageRegenerate.status ?? null;
  };
  expect(await retry(messageId)).toBeNull();
  await call('cancelJobs', {chatId: chat.chatId});
  expect(await retry(messageId)).toBe('success');
  expect(await retry(messageId)).toBeNull();
  await call('cancelJobs', {chatId: chat.chatId});

  const two = await sendAndWait('Sandbox-Two', 'hello');
  const [, first, second] = await messages(two.chatCode);
  expect(await retry(first?.messageId)).toBeNull();
  expect(await retry(second?.messageId)).toBe('success');
  await live.until(has('jobUpdated'));
  expect((await messages(two.chatCode)).map(({messageId: id, text}) => [id, text])).toEqual([
    [two.question.messageId, 'hello'],
    [first?.messageId, 'This is the first message.'],
    [second?.messageId, 'And this is the second one.'],
  ]);
  expect((await post(sandbox, 'retryMessage', {messageId: two.question.messageId})).text).toBe(serverError);
});

test('cancelling a retry publishes one cancellation, even while the title is pending', async () => {
  const {sandbox, live, call, sendAndWait} = await openConversation({pace: 0.02});
  sandbox.faults.titleDelayMs(60_000);
  const {chatId, answer} = await sendAndWait('Sandbox-Slow', 'hello');
  live.events.length = 0;
  await call('retryMessage', {messageId: answer.messageId});
  await live.until(() => live.texts().length >= 3);
  await call('cancelJobs', {chatId});
  await live.until(has('jobUpdated'));
  expect(live.events.filter(({name}) => name === 'messageCancelled')).toHaveLength(1);
  expect(live.events.filter(({name}) => name === 'viewerStateUpdated')).toHaveLength(1);
  expect(balanceOf(sandbox)).toBe(1823);
  sandbox.faults.clear();
  expect((await sendAndWait('Sandbox-Count', 'count to 1', {chatId})).answer.state).toBe('incomplete');
  expect(sandbox.world.chat(chatId)?.messages[1]?.state).toBe('cancelled');
});

test('a retry without enough points fails with the state of the bot’s message', async () => {
  const {sandbox, live, call, sendAndWait} = await openConversation();
  const {answer} = await sendAndWait('Sandbox-Count', 'count to 2');
  sandbox.world.viewer.points = 1;
  live.events.length = 0;
  const retried = await call('retryMessage', {messageId: answer.messageId});
  expect(retried.messageRegenerate.status).toBe('success');
  await live.until(has('jobUpdated'));
  expect(live.events.findLast(({name}) => name === 'messageAdded')?.data).toMatchObject({
    state: 'error_insufficient_fund',
    text: '',
  });
  expect(balanceOf(sandbox)).toBe(1);
});

test('each app in a message has one permanent link', async () => {
  const {sandbox, call, sendAndWait} = await openConversation();
  const {answer, question} = await sendAndWait('Sandbox-App', 'make an app');
  const preview = async (index: number, messageId = answer.messageId) =>
    (await call('sharePreview', {index, messageId}))?.sharePreviewFromMessage;
  const urls: string[] = [];
  for (const index of [0, 1, 0]) urls.push((await preview(index)).sharedPreview.shareUrl);
  expect(urls[0]).toMatch(new RegExp(`^${sandbox.url}/preview/[a-z0-9]{20}$`));
  expect(urls[1]).not.toBe(urls[0]);
  expect(urls[2]).toBe(urls[0]);
  expect(await preview(2)).toBeNull();
  expect(await preview(0, question.messageId)).toBeNull();
  expect(await call('sharePreview', {index: 0, messageId: 1})).toBeNull();
  expect(await call('sharePreview', {index: -1, messageId: answer.messageId})).toBeNull();
  await call('deleteAllChats', {});
  const pages = await Promise.all(urls.map((url) => request(sandbox, new URL(url).pathname)));
  expect(pages.map(({text}) => /^<!DOCTYPE html>[\s\S]*<title>(.*)<\/title>/.exec(text)?.[1])).toEqual([
    'Counter',
    'Clock',
    'Counter',
  ]);
  expect((await request(sandbox, '/preview/none')).status).toBe(404);
});

test('Sandbox-Code writes code in two languages, with text around it', async () => {
  const {live, sendAndWait, call} = await openConversation();
  const {answer} = await sendAndWait('Sandbox-Code', 'some code');
  const text = live.texts().at(-1) ?? '';
  const fences = [...text.matchAll(/^```(\w*)$/gm)].map(([, language]) => language);
  expect(fences).toEqual(['python', '', 'js', '']);
  expect(text).toMatch(/^In Python[\s\S]*And in JavaScript[\s\S]*Both print 42\.$/);
  expect(await call('sharePreview', {index: 0, messageId: answer.messageId})).toEqual({sharePreviewFromMessage: null});
});

test('a sandbox does not know what another sandbox shares', async () => {
  const [one, other] = [await openConversation(), await openSandbox()];
  const {chatId, answer} = await one.sendAndWait('Sandbox-Count', 'count to 1');
  const {shareCode} = (await one.call('shareMessages', {chatId, messageIds: [answer.messageId]})).messagesShare;
  expect((await request(other, `/s/${shareCode}`)).status).toBe(404);
  const imported = await dataOf(other, 'importChat', {shareCode, botName: 'sandbox_count', postId: null});
  expect(imported.continueChatFromPoeShare.status).toBe('not_found');
});
