import {expect, test} from 'vitest';
import {connect} from '../../src/index.js';
import {scriptedSite} from '../support/servers/scripted-site.js';

/* IDs above 2^53, of which a JavaScript number loses digits. The scripted site sends `#…` as a number. */

const chatId = '9007199254740993';
const questionId = '9223372036854775801';
const replyId = '9223372036854775803';
const chat = {chatId: `#${chatId}`, chatCode: 'abc', title: 'T'};
const question = {messageId: `#${questionId}`, text: 'q', state: 'complete', author: 'human'};
const reply = {messageId: `#${replyId}`, text: '', state: 'incomplete', author: 'capybara'};
const capy = {botId: '#9007199254740995', handle: 'Capy', displayName: 'Capy'};

/** A site with one chat, to which each message is a reply. */
const site = () =>
  scriptedSite({
    answer({queryName}, emit) {
      switch (queryName) {
        case 'HandleBotLandingPageQuery':
          return {bot: capy};
        case 'SendMessageMutation':
          setImmediate(() => {
            const uniqueId = `messageAdded:${chatId}`;
            emit('messageAdded', {...reply, messageId: '#9223372036854775799', text: 'older'}, {uniqueId});
            emit('messageAdded', {...reply, text: '1234567890123456789, "9999999999999999"'}, {uniqueId, raw: true});
            const [minSeq, next] = ['#9007199254740997', '#9007199254740999'];
            emit('messageAdded', {...reply, text: 'Hel'}, {uniqueId, minSeq});
            emit(
              'messageAdded',
              {...reply, text: 'Hello', state: 'complete'},
              {uniqueId: 'messageAdded', minSeq: next},
            );
          });
          return {messageEdgeCreate: {status: 'success', message: {node: question}, chat, botMessage: {node: reply}}};
        case 'ChatHistoryListPaginationQuery':
          return {chats: {edges: [{node: chat}], pageInfo: {endCursor: null, hasNextPage: false}}};
        case 'ChatPageQuery': {
          const edges = [question, {...reply, state: 'complete', text: 'Hello'}].map((node) => ({node}));
          return {
            chatOfCode: {
              ...chat,
              defaultBotObject: capy,
              messagesConnection: {edges, pageInfo: {hasPreviousPage: false}},
            },
          };
        }
        default:
          return {
            sharePreviewFromMessage: {sharedPreview: null},
            messagesDelete: {},
            deleteChat: {},
            poeUserSetFollow: {status: 'success'},
            poeSetDefaultBot: null,
          };
      }
    },
  });

test('a reply whose IDs are above 2^53 is followed, and --json prints them exactly, as text', async () => {
  const {run} = await site();
  const {code, out} = await run('send', '--json', '-b', 'capy', 'q');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    text: 'Hello',
    chat: {chatId},
    userMessage: {messageId: questionId},
    botMessage: {messageId: replyId},
  });
});

test('IDs above 2^53 on the command line are sent to Poe exactly, as numbers', async () => {
  const {run, bodies} = await site();
  expect(await run('delete-messages', '--yes', chatId, questionId, replyId)).toMatchObject({code: 0});
  expect(bodies.at(-1)).toContain(`"messageIds":[${questionId},${replyId}]`);
  expect(await run('delete-chat', '--yes', chatId)).toMatchObject({code: 0});
  expect(bodies.at(-1)).toContain(`"chatId":${chatId}`);
  expect(await run('follow', replyId)).toMatchObject({code: 0});
  expect(bodies.at(-1)).toContain(`"targetUid":${replyId}`);
  await run('previews', replyId);
  expect(bodies.join('\n')).toContain(`"messageId":${replyId}`);
});

test('a chat whose ID is above 2^53 is listed, found and shown', async () => {
  const {run} = await site();
  const {out} = await run('history', '--json');
  expect(JSON.parse(out)).toMatchObject({chatId, chatCode: 'abc'});
  const {out: shown, err} = await run('history', 'show', '--json', chatId);
  expect(err).toBe('');
  expect(shown).toContain(`"messageId":"${replyId}"`);
  expect(await run('history', 'show', '9007199254740992')).toMatchObject({
    code: 3,
    err: expect.stringContaining('No chat 9007199254740992 in this account'),
  });
});

test('the library accepts the IDs that it returns', async () => {
  const {url, tokens, bodies} = await site();
  await using poe = await connect({...tokens, baseUrl: url});
  const sent = await (await poe.send('q', {bot: 'capy', chat: chatId})).result();
  expect(sent.botMessage.messageId).toBe(replyId);
  expect(bodies.at(-1)).toContain(`"chatId":${chatId},`);
  await poe.messages.previews(sent.botMessage.messageId ?? '');
  expect(bodies.at(-1)).toContain(`"messageId":${replyId}`);
});
