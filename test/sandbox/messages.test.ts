import {expect, test} from 'vitest';
import type {Sandbox} from '../../src/sandbox/server/server.js';
import {ask, dataOf, has, openSandbox, openTalk, post, type Said, serverError} from '../support/raw-client.js';

const balanceOf = ({world}: Sandbox): number => world.viewer.points;

const deletion = ({chatCode}: Pick<Said, 'chatCode'>, ...messageIds: number[]) => ({
  connections: `client:${chatCode}:__ChatMessagesView_chat_messagesConnection_connection`,
  messageIds,
});

test('deleted messages are gone, and everybody hears of it', async () => {
  const {sandbox, live, call, say, messages} = await openTalk();
  const said = await say('Sandbox-Count', 'count to 1');
  const next = await say('Sandbox-Count', 'count to 2', {chatId: said.chatId});
  const gone = [said.question.messageId, said.answer.messageId];
  live.events.length = 0;
  expect((await call('deleteMessages', deletion(said, ...gone))).messagesDelete.edgeIds).toHaveLength(2);
  await live.until(has('messageDeleted'));
  expect(live.events.map(({name, subject, data}) => [name, subject, data.messageId])).toEqual(
    gone.map((messageId) => ['messageDeleted', String(said.chatId), messageId]),
  );
  expect(live.events[0]?.data.id).toBe(Buffer.from(`Message:${gone[0]}`).toString('base64'));
  expect((await messages(said.chatCode)).map(({text}) => text)).toEqual(['count to 2', '1 2']);
  expect(await call('messageInfo', {messageCode: said.answer.messageCode})).toEqual({messageOfCode: null});
  for (const [key, variables] of [
    ['deleteMessages', deletion(said, ...gone)],
    ['shareMessages', {chatId: said.chatId, messageIds: [next.answer.messageId, ...gone]}],
    ['retryMessage', {messageId: said.answer.messageId, messagePointsDisplayPrice: 2}],
    ['sharePreview', {index: 0, messageId: said.answer.messageId}],
  ] as const) {
    expect({key, text: (await post(sandbox, key, variables)).text}).toEqual({key, text: serverError});
  }
});

test('messages are deleted only of one chat, and with the name of its list', async () => {
  const {sandbox, say} = await openTalk();
  const one = await say('Sandbox-Count', 'count to 1');
  const other = await say('Sandbox-Count', 'count to 1');
  const {messageId} = one.answer;
  const right = deletion(one, messageId);
  const wrong: object[] = [
    {...right, connections: ''},
    {...right, connections: [right.connections]},
    {...right, connections: right.connections.replace(one.chatCode, String(one.chatId))},
    deletion(other, messageId),
    deletion(one, messageId, other.answer.messageId),
    deletion(one, messageId, 1),
    deletion(one, 1),
    deletion(one),
  ];
  for (const variables of wrong) {
    expect({variables, text: (await post(sandbox, 'deleteMessages', variables)).text}).toEqual({
      variables,
      text: serverError,
    });
  }
  expect(sandbox.world.chat(one.chatId)?.messages).toHaveLength(2);
  expect(sandbox.world.chat(other.chatId)?.messages).toHaveLength(2);
});

test('a bot whose message is deleted stops writing it', async () => {
  const {sandbox, live, call, send} = await openTalk({pace: 0.1});
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
  expect(sandbox.world.chat(chat.chatId)?.messages.map((left) => left.messageId)).toEqual([message.node.messageId]);
  expect(balanceOf(sandbox)).toBe(1825);
});

test('shared messages have a page for everybody, which outlives their chat', async () => {
  const {sandbox, call, say} = await openTalk();
  const said = await say('TranslatorPro', 'Is </script> "nickname":"no" a word?', {messagePointsDisplayPrice: 10});
  const {messagesShare} = await call('shareMessages', {
    chatId: said.chatId,
    messageIds: [said.answer.messageId, said.question.messageId],
  });
  expect(messagesShare.shareCode).toMatch(/^[a-z0-9]{20}$/);
  await call('deleteAllChats', {});
  const {status, headers, text} = await ask(sandbox, `/s/${messagesShare.shareCode}`);
  expect({status, type: headers['content-type']}).toEqual({status: 200, type: 'text/html; charset=utf-8'});
  expect(/"nickname":"([^"]+)"/.exec(text)?.[1]).toBe('translatorpro');
  const data = JSON.parse(/<script id="__NEXT_DATA__" type="application\/json">(.*?)<\/script>/s.exec(text)?.[1] ?? '');
  expect(data.props.pageProps.data.mainQuery.chatShare).toMatchObject({
    bot: {nickname: 'translatorpro', handle: 'TranslatorPro', displayName: 'Translator Pro'},
    messages: [
      {text: 'Is </script> "nickname":"no" a word?', author: 'human'},
      {text: expect.stringContaining('I am Translator Pro'), author: 'translatorpro'},
    ],
  });
  expect((await ask(sandbox, '/s/none')).status).toBe(404);
});

test('only messages of the chat are shared, and at least one', async () => {
  const {sandbox, say} = await openTalk();
  const {chatId, answer} = await say('Sandbox-Count', 'count to 1');
  const other = await say('Sandbox-Count', 'count to 1');
  for (const messageIds of [[], [1], [other.answer.messageId], [answer.messageId, other.answer.messageId]]) {
    expect((await post(sandbox, 'shareMessages', {chatId, messageIds})).text).toBe(serverError);
  }
});

test.each(['translatorpro', 'TRANSLATORPRO', 'TranslatorPro'])('a shared chat is gone on with by %s', async (name) => {
  const {sandbox, call, say, live} = await openTalk();
  const said = await say('TranslatorPro', 'one', {messagePointsDisplayPrice: 10});
  const messageIds = [said.question.messageId, said.answer.messageId];
  const {shareCode} = (await call('shareMessages', {chatId: said.chatId, messageIds})).messagesShare;
  await call('setChatTitle', {chatId: said.chatId, title: 'Another'});
  const points = balanceOf(sandbox);
  const answer = (await call('importChat', {shareCode, botName: name, postId: null})).continueChatFromPoeShare;
  expect(answer).toMatchObject({status: 'success', statusMessage: ''});
  const nodes: (Said['answer'] & {chat: {chatId: number; chatCode: string}})[] = answer.messages.map(
    ({node}: {node: object}) => node,
  );
  const {chat} = nodes[0] ?? {};
  expect(chat).toMatchObject({title: 'One', defaultBotObject: {displayName: 'Translator Pro'}});
  expect(chat?.chatId).not.toBe(said.chatId);
  expect(nodes.map(({text}) => text)).toEqual(['one', expect.stringContaining('You wrote “one”')]);
  expect(nodes.some(({messageId}) => messageIds.includes(messageId))).toBe(false);
  expect(balanceOf(sandbox)).toBe(points);
  await say('TranslatorPro', 'two', {chatId: chat?.chatId, messagePointsDisplayPrice: 10});
  expect(live.texts().at(-1)).toContain('message 3 of this chat');
  expect(sandbox.world.chat(said.chatId)?.messages).toHaveLength(2);
});

test('a chat is imported by its code and the name of its bot', async () => {
  const {sandbox, call, say} = await openTalk();
  const {chatId, answer} = await say('TranslatorPro', 'one', {messagePointsDisplayPrice: 10});
  const {shareCode} = (await call('shareMessages', {chatId, messageIds: [answer.messageId]})).messagesShare;
  expect(await call('importChat', {shareCode: 'none', botName: 'translatorpro', postId: null})).toEqual({
    continueChatFromPoeShare: {
      status: 'not_found',
      statusMessage: 'This shared chat does not exist.',
      messages: [],
    },
  });
  for (const botName of ['Translator Pro', 'Assistant', 'nobody', '']) {
    expect((await post(sandbox, 'importChat', {shareCode, botName, postId: null})).text).toBe(serverError);
  }
});

test('a message tells what it cost, once that is known', async () => {
  const {sandbox, call, say, messages} = await openTalk();
  const {chatCode, chatId} = await say('GPT-4o-Mini', 'one', {messagePointsDisplayPrice: 15});
  const costOf = async (messageCode: string | undefined) => (await call('messageInfo', {messageCode})).messageOfCode;
  const [question, answer] = await messages(chatCode);
  sandbox.faults.costsLate(2);
  expect((await costOf(question?.messageCode)).responsibleJob).toBeNull();
  expect((await costOf(answer?.messageCode)).responsibleJob.totalCostPoints).toBeNull();
  expect((await costOf(answer?.messageCode)).responsibleJob.totalCostPoints).toBeNull();
  expect((await costOf(answer?.messageCode)).responsibleJob.totalCostPoints).toBe(15);
  expect(await costOf('none')).toBeNull();
  const failed = await say('Sandbox-Fails', 'two', {chatId});
  expect((await costOf(failed.answer.messageCode)).responsibleJob.totalCostPoints).toBe(0);
  expect(balanceOf(sandbox)).toBe(1812);
});

test('a retried message is written anew, and paid again', async () => {
  const {sandbox, live, call, say, messages} = await openTalk();
  const {chatCode, question, answer} = await say('Sandbox-Count', 'count to 3');
  live.events.length = 0;
  const {messageId} = answer;
  const again = (await call('retryMessage', {messageId, messagePointsDisplayPrice: 2})).messageRegenerate;
  expect(again).toMatchObject({
    status: 'success',
    statusMessage: '',
    message: {node: {messageId, text: '', state: 'incomplete'}},
  });
  await live.until(has('jobUpdated'));
  const heard = live.events.filter(({name}) => name === 'messageAdded');
  expect(heard.map(({data}) => [data.messageId, data.state, data.text])).toEqual([
    [messageId, 'incomplete', ''],
    [messageId, 'incomplete', '1'],
    [messageId, 'incomplete', '1 2'],
    [messageId, 'complete', '1 2 3'],
  ]);
  expect((await messages(chatCode)).map((message) => message.messageId)).toEqual([question.messageId, messageId]);
  expect(balanceOf(sandbox)).toBe(1823);
});

test('with retryAsNewMessage another message takes the place of the old one', async () => {
  const {sandbox, live, call, say, messages} = await openTalk();
  sandbox.faults.retryAsNewMessage();
  const {chatCode, question, answer} = await say('Sandbox-Count', 'count to 2');
  live.events.length = 0;
  const {messageId} = answer;
  const again = (await call('retryMessage', {messageId, messagePointsDisplayPrice: 2})).messageRegenerate;
  expect(again).toMatchObject({status: 'success', message: null});
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

test('a cancelled or failed message can be retried, and only what is left of an answer is written', async () => {
  const {sandbox, live, call, send, say, messages} = await openTalk({pace: 0.1});
  const {chat, botMessage} = await send('Sandbox-Slow', 'hello');
  await live.until(() => live.texts().length >= 2);
  const {messageId} = botMessage.node;
  const retry = async (id: number | undefined) => {
    live.events.length = 0;
    const answer = await call('retryMessage', {messageId: id, messagePointsDisplayPrice: 2});
    return answer?.messageRegenerate.status ?? null;
  };
  expect(await retry(messageId)).toBeNull();
  await call('cancelJobs', {chatId: chat.chatId});
  expect(await retry(messageId)).toBe('success');
  expect(await retry(messageId)).toBeNull();
  await call('cancelJobs', {chatId: chat.chatId});

  const two = await say('Sandbox-Two', 'hello');
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

test('a retry is cancelled once, though the title of the first answer is still to come', async () => {
  const {sandbox, live, call, say} = await openTalk({pace: 0.02});
  sandbox.faults.titleDelayMs(60_000);
  const {chatId, answer} = await say('Sandbox-Slow', 'hello');
  live.events.length = 0;
  await call('retryMessage', {messageId: answer.messageId, messagePointsDisplayPrice: 2});
  await live.until(() => live.texts().length >= 3);
  await call('cancelJobs', {chatId});
  await live.until(has('jobUpdated'));
  expect(live.events.filter(({name}) => name === 'messageCancelled')).toHaveLength(1);
  expect(live.events.filter(({name}) => name === 'viewerStateUpdated')).toHaveLength(1);
  expect(balanceOf(sandbox)).toBe(1823);
  sandbox.faults.clear();
  expect((await say('Sandbox-Count', 'count to 1', {chatId})).answer.state).toBe('incomplete');
  expect(sandbox.world.chat(chatId)?.messages[1]?.state).toBe('cancelled');
});

test('a retry at another price, or without the points, is refused by its status', async () => {
  const {sandbox, call, say} = await openTalk();
  const {chatCode, answer} = await say('Sandbox-Count', 'count to 2');
  for (const price of [{}, {messagePointsDisplayPrice: 3}]) {
    expect((await call('retryMessage', {messageId: answer.messageId, ...price})).messageRegenerate).toMatchObject({
      status: 'message_points_display_price_mismatch',
      message: null,
      bot: {messagePointLimit: {displayMessagePointPrice: 2}},
    });
  }
  sandbox.world.viewer.points = 1;
  const poor = await call('retryMessage', {messageId: answer.messageId, messagePointsDisplayPrice: 2});
  expect(poor.messageRegenerate).toMatchObject({
    status: 'reached_limit',
    statusMessage: expect.stringContaining('points'),
    message: null,
  });
  expect(sandbox.world.chatOfCode(chatCode)?.messages.at(-1)?.text).toBe('1 2');
});

test('the apps in a message have links, which stay the same', async () => {
  const {sandbox, call, say} = await openTalk();
  const {answer, question} = await say('Sandbox-App', 'make an app');
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
  const pages = await Promise.all(urls.map((url) => ask(sandbox, new URL(url).pathname)));
  expect(pages.map(({text}) => /^<!DOCTYPE html>[\s\S]*<title>(.*)<\/title>/.exec(text)?.[1])).toEqual([
    'Counter',
    'Clock',
    'Counter',
  ]);
  expect((await ask(sandbox, '/preview/none')).status).toBe(404);
});

test('Sandbox-Code writes code in two languages, with words around it', async () => {
  const {live, say, call} = await openTalk();
  const {answer} = await say('Sandbox-Code', 'some code');
  const text = live.texts().at(-1) ?? '';
  const fences = [...text.matchAll(/^```(\w*)$/gm)].map(([, language]) => language);
  expect(fences).toEqual(['python', '', 'js', '']);
  expect(text).toMatch(/^In Python[\s\S]*And in JavaScript[\s\S]*Both print 42\.$/);
  expect(await call('sharePreview', {index: 0, messageId: answer.messageId})).toEqual({sharePreviewFromMessage: null});
});

test('what another sandbox shares is not known here', async () => {
  const [one, other] = [await openTalk(), await openSandbox()];
  const {chatId, answer} = await one.say('Sandbox-Count', 'count to 1');
  const {shareCode} = (await one.call('shareMessages', {chatId, messageIds: [answer.messageId]})).messagesShare;
  expect((await ask(other, `/s/${shareCode}`)).status).toBe(404);
  const imported = await dataOf(other, 'importChat', {shareCode, botName: 'sandbox_count', postId: null});
  expect(imported.continueChatFromPoeShare.status).toBe('not_found');
});
