import {createHash} from 'node:crypto';
import {expect, test} from 'vitest';
import {
  bodyOf,
  cookieOf,
  dataOf,
  filePart,
  newNonce,
  openConversation,
  openSandbox,
  type Part,
  post,
  queryPart,
  request,
  sendVariables,
  serverError,
  upload,
} from '../support/raw-client.js';

/* What the sandbox does differently when it serves site version 2025-03. */

const site = '2025-03';

const sendWith = (more: object, bot = 'Sandbox-Echo') => sendVariables(bot, 'hello', more, site);

test('the tag id is the plain digest, and no further headers are required', async () => {
  const sandbox = await openSandbox({site});
  const body =
    '{"queryName":"settingsPageQuery","variables":{},"extensions":{"hash":"19f7f75aa4cc48a0a10c85f5be0190885659aeeb535507f6fa7e26485a069902"}}';
  const digest = createHash('md5').update(`${body}${sandbox.formKey}4LxgHM6KpFqokX0Ox`).digest('hex');
  const headers = {
    'Content-Type': 'application/json',
    Cookie: cookieOf(sandbox),
    'Poe-Formkey': sandbox.formKey,
    'poe-tag-id': digest,
  };
  const {status, text} = await request(sandbox, '/api/gql_POST', {method: 'POST', headers, body});
  expect({status, text}).toEqual({status: 200, text: expect.stringContaining('"uid":659168979')});
});

test('bots and chat pages have a price', async () => {
  const {sandbox, call, sendAndWait} = await openConversation({site});
  const {bot} = await dataOf(sandbox, 'botInfo', {botHandle: 'claude-3.7-SONNET-reasoning'});
  expect(bot.messagePointLimit).toMatchObject({displayMessagePointPrice: 123});
  const {chatCode} = await sendAndWait('Sandbox-Count', 'count to 1');
  const {chatOfCode} = await call('chatPage', {chatCode});
  expect(chatOfCode.defaultBotObject.messagePointLimit.displayMessagePointPrice).toBe(2);
});

test('messages name their author', async () => {
  const {call, sendAndWait} = await openConversation({site});
  const {chatId, chatCode} = await sendAndWait('GPT-4o-Mini', 'one', {messagePointsDisplayPrice: 15});
  await call('breakChat', {chatId, clientNonce: newNonce()});
  const {edges} = (await call('chatPage', {chatCode})).chatOfCode.messagesConnection;
  expect(edges.map(({node}: {node: {author: string}}) => node.author)).toEqual(['human', 'gpt_4o_mini', 'chat_break']);
});

test('a send with another price or without enough points is refused with a status', async () => {
  const sandbox = await openSandbox({site});
  const wrongPrice = await dataOf(sandbox, 'sendMessage', sendWith({}, 'GPT-4o-Mini'));
  expect(wrongPrice.messageEdgeCreate).toMatchObject({
    status: 'message_points_display_price_mismatch',
    message: null,
    bot: {messagePointLimit: {displayMessagePointPrice: 15}},
  });
  const tooExpensive = await dataOf(
    sandbox,
    'sendMessage',
    sendWith({messagePointsDisplayPrice: 1_000_000}, 'Sandbox-Broke'),
  );
  expect(tooExpensive.messageEdgeCreate).toMatchObject({
    status: 'reached_limit',
    statusMessage: expect.stringContaining('points'),
  });
  expect(sandbox.world.chats).toHaveLength(200);
});

test('a retry with another price or without enough points is refused with a status', async () => {
  const {sandbox, call, sendAndWait} = await openConversation({site});
  const {chatCode, answer} = await sendAndWait('Sandbox-Count', 'count to 2');
  for (const price of [{}, {messagePointsDisplayPrice: 3}]) {
    expect((await call('retryMessage', {messageId: answer.messageId, ...price})).messageRegenerate).toMatchObject({
      status: 'message_points_display_price_mismatch',
      message: null,
      bot: {messagePointLimit: {displayMessagePointPrice: 2}},
    });
  }
  sandbox.world.viewer.points = 1;
  const refused = await call('retryMessage', {messageId: answer.messageId, messagePointsDisplayPrice: 2});
  expect(refused.messageRegenerate).toMatchObject({
    status: 'reached_limit',
    statusMessage: expect.stringContaining('points'),
    message: null,
  });
  expect(sandbox.world.chatByCode(chatCode)?.messages.at(-1)?.text).toBe('1 2');
});

test('a send with variables of 2026-08 or a malformed price is a server error', async () => {
  const sandbox = await openSandbox({site});
  const invalid = [{messagePointsDisplayPrice: '2'}, {chatNonce: 'nonce-0000000001'}, {isTemporary: false}];
  for (const more of invalid) {
    expect({more, text: (await post(sandbox, 'sendMessage', sendWith(more))).text}).toEqual({more, text: serverError});
  }
  expect((await dataOf(sandbox, 'sendMessage', sendWith({}))).messageEdgeCreate.status).toBe('success');
});

test('the page has no live channel and no seed for the decoder of the form key', async () => {
  const sandbox = await openSandbox({site});
  const {text} = await request(sandbox, '/', {headers: {Cookie: cookieOf(sandbox)}});
  expect(text).not.toContain('tchannelData":{');
  expect(text).not.toMatch(/window\.\w+\("[0-9a-f]{64}"\)/);
});

test('files follow the part queryInfo, and other formats are rejected with an empty response', async () => {
  const sandbox = await openSandbox({site});
  const query = bodyOf('sendMessage', sendWith({attachments: ['file1', 'file2']}), site);
  const [info, one, two] = [queryPart(query), filePart('file1', 'one', 'a.txt'), filePart('file2', 'two')];
  const invalid: readonly (readonly Part[])[] = [
    [],
    [info],
    [info, one],
    [one, two],
    [info, two, one],
    [one, two, info],
    [info, info, one, two],
    [info, one, one],
    [info, one, two, filePart('file3', 'three')],
    [info, filePart('file0', 'zero'), one],
    [queryPart(query, 'operations'), one, two],
    [filePart('queryInfo', query), one, two],
  ];
  for (const [index, parts] of invalid.entries()) {
    const {status, text} = await upload(sandbox, query, parts);
    expect({index, status, text}).toEqual({index, status: 400, text: ''});
  }
  const {status, text} = await upload(sandbox, query, [info, one, two]);
  expect({status, text}).toEqual({status: 200, text: expect.stringContaining('"a.txt"')});
});
