import {createHash} from 'node:crypto';
import {expect, test} from 'vitest';
import type {TestSandbox} from '../../src/sandbox/faults/test-sandbox.js';
import {cookieOf, filePart, newNonce, openSandbox, queryPart, request, serverError} from '../support/raw-client.js';

/* Site version 2026-08 as clients of 2026 implement it, with the hash and the signature written out. */

const hash = '5fabca615d673d8ed3f075ad35080e9658878e5d7779d2b8e7193f740e1d0e88';

const variables = (more: object = {}) => ({
  chatId: null,
  bot: 'Sandbox-Echo',
  query: 'text',
  source: {sourceType: 'chat_input', chatInputMetadata: {useVoiceRecord: false}},
  clientNonce: newNonce(),
  sdid: 'c3e6b781-97bd-4f65-8e8e-86ac7a57eeca',
  attachments: [],
  chatNonce: newNonce(),
  existingMessageAttachmentsIds: [],
  shouldFetchChat: true,
  referencedMessageId: null,
  parameters: null,
  fileHashJwts: [],
  isTemporary: false,
  ...more,
});

const bodyWith = (vars: object) =>
  JSON.stringify({queryName: 'sendMessageMutation', variables: vars, extensions: {hash}});

function swapped(body: string, formKey: string): string {
  const digest = createHash('md5').update(`${body}${formKey}4LxgHM6KpFqokX0Ox`).digest('hex').split('');
  [digest[20], digest[24]] = [digest[24] ?? '', digest[20] ?? ''];
  return digest.join('');
}

const open = () => openSandbox({site: '2026-08'});

const headers = (sandbox: TestSandbox, signed: string, change: Record<string, string> = {}) => {
  const all: Record<string, string> = {
    'Content-Type': 'application/json',
    Cookie: cookieOf(sandbox),
    'Poe-Formkey': sandbox.formKey,
    'poe-tag-id': swapped(signed, sandbox.formKey),
    'poe-queryname': 'sendMessageMutation',
    poegraphql: '1',
    'poe-revision': '118ed515209a69eb123c780f0365b39d6fae9c1b',
    ...change,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
};

const send = (sandbox: TestSandbox, body: string, change?: Record<string, string>) =>
  request(sandbox, '/api/gql_POST', {method: 'POST', headers: headers(sandbox, body, change), body});

test('a complete request is accepted', async () => {
  const sandbox = await open();
  const {status, text} = await send(sandbox, bodyWith(variables()));
  expect({status, data: JSON.parse(text).data.messageEdgeCreate}).toMatchObject({
    status: 200,
    data: {status: 'success'},
  });
  expect(text).not.toContain('displayMessagePointPrice');
});

test.each(['poe-queryname', 'poegraphql', 'poe-revision', 'poe-tag-id', 'Poe-Formkey'])(
  'a request without %s is rejected',
  async (name) => {
    const sandbox = await open();
    const {status, text} = await send(sandbox, bodyWith(variables()), {[name]: ''});
    expect({status, text}).toEqual({status: 400, text: '{"success":false,"message":"Bad Request"}'});
  },
);

test('a tag id without swapped characters and a wrong poe-queryname are rejected', async () => {
  const sandbox = await open();
  const body = bodyWith(variables());
  const plain = createHash('md5').update(`${body}${sandbox.formKey}4LxgHM6KpFqokX0Ox`).digest('hex');
  const tag = plain === swapped(body, sandbox.formKey) ? 'f'.repeat(32) : plain;
  expect(await send(sandbox, body, {'poe-tag-id': tag})).toMatchObject({status: 400});
  expect(await send(sandbox, body, {'poe-queryname': 'settingsPageQuery'})).toMatchObject({status: 400});
});

test.each([{messagePointsDisplayPrice: 2}, {chatNonce: undefined}, {sdid: ''}])(
  'variables of another site version are rejected: %o',
  async (more) => {
    const sandbox = await open();
    expect((await send(sandbox, bodyWith(variables(more)))).text).toBe(serverError);
    expect(sandbox.world.chats.flatMap(({messages}) => messages).map(({text}) => text)).not.toContain('text');
  },
);

test('files follow the parts operations and map; the older format is rejected with an empty response', async () => {
  const sandbox = await open();
  const upload = (body: string, parts: {head: string; bytes: string | Buffer}[]) => {
    const all = parts.flatMap(({head, bytes}) => ['--a-boundary\r\n', head, '\r\n\r\n', bytes, '\r\n']);
    return request(sandbox, '/api/gql_upload_POST', {
      method: 'POST',
      headers: headers(sandbox, body, {'Content-Type': 'multipart/form-data; boundary=a-boundary'}),
      body: Buffer.concat([...all, '--a-boundary--\r\n'].map((piece) => Buffer.from(piece))),
    });
  };
  const old = bodyWith(variables({attachments: ['file1']}));
  expect(await upload(old, [queryPart(old), filePart('file1', 'abc')])).toMatchObject({status: 400, text: ''});
  const body = bodyWith(variables({attachments: [null]}));
  const map = queryPart('{"0":["variables.attachments.0"]}', 'map');
  const {status, text} = await upload(body, [queryPart(body, 'operations'), map, filePart('0', 'abc', 'a.txt')]);
  expect({status, text}).toEqual({status: 200, text: expect.stringContaining('"a.txt"')});
});

test('the page contains a live channel and passes a seed to the decoder of the form key', async () => {
  const sandbox = await open();
  const {text} = await request(sandbox, '/', {headers: {Cookie: cookieOf(sandbox)}});
  expect(text).toMatch(/window\.\w+\("[0-9a-f]{64}"\)/);
  expect(text).toMatch(/"tchannelData":\{"minSeq":"\d+","channel":"poe-chan/);
  expect(text).not.toContain(sandbox.formKey);
});
