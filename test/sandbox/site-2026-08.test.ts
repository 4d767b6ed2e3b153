import {createHash} from 'node:crypto';
import {expect, test} from 'vitest';
import {request, cookieOf, filePart, newNonce, openSandbox, queryPart, serverError} from '../support/raw-client.js';

/* The site of 2026-08, by a client that knows only the protocol. */

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

const written = (vars: object) =>
  JSON.stringify({queryName: 'sendMessageMutation', variables: vars, extensions: {hash}});

function swapped(body: string, formKey: string): string {
  const digest = createHash('md5').update(`${body}${formKey}4LxgHM6KpFqokX0Ox`).digest('hex').split('');
  [digest[20], digest[24]] = [digest[24] ?? '', digest[20] ?? ''];
  return digest.join('');
}

const open = () => openSandbox({site: '2026-08'});

type Sandbox = Awaited<ReturnType<typeof open>>;

const headers = (sandbox: Sandbox, signed: string, change: Record<string, string> = {}) => {
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

const send = (sandbox: Sandbox, body: string, change?: Record<string, string>) =>
  request(sandbox, '/api/gql_POST', {method: 'POST', headers: headers(sandbox, body, change), body});

test('a message of that form is taken', async () => {
  const sandbox = await open();
  const {status, text} = await send(sandbox, written(variables()));
  expect({status, data: JSON.parse(text).data.messageEdgeCreate}).toMatchObject({
    status: 200,
    data: {status: 'success'},
  });
  expect(text).not.toContain('displayMessagePointPrice');
});

test.each(['poe-queryname', 'poegraphql', 'poe-revision', 'poe-tag-id', 'Poe-Formkey'])(
  'a request without %s is refused before anything is done',
  async (name) => {
    const sandbox = await open();
    const {status, text} = await send(sandbox, written(variables()), {[name]: ''});
    expect({status, text}).toEqual({status: 400, text: '{"success":false,"message":"Bad Request"}'});
  },
);

test('a tag id whose characters were not exchanged, and another operation\u2019s name, are refused', async () => {
  const sandbox = await open();
  const body = written(variables());
  const plain = createHash('md5').update(`${body}${sandbox.formKey}4LxgHM6KpFqokX0Ox`).digest('hex');
  const tag = plain === swapped(body, sandbox.formKey) ? 'f'.repeat(32) : plain;
  expect(await send(sandbox, body, {'poe-tag-id': tag})).toMatchObject({status: 400});
  expect(await send(sandbox, body, {'poe-queryname': 'settingsPageQuery'})).toMatchObject({status: 400});
});

test.each([{messagePointsDisplayPrice: 2}, {chatNonce: undefined}, {sdid: ''}])(
  'variables of another form are not taken: %o',
  async (more) => {
    const sandbox = await open();
    expect((await send(sandbox, written(variables(more)))).text).toBe(serverError);
    expect(sandbox.world.chats.flatMap(({messages}) => messages).map(({text}) => text)).not.toContain('text');
  },
);

test('files come after operations and map; the older form is refused with an empty answer', async () => {
  const sandbox = await open();
  const upload = (body: string, parts: {head: string; bytes: string | Buffer}[]) => {
    const all = parts.flatMap(({head, bytes}) => ['--a-boundary\r\n', head, '\r\n\r\n', bytes, '\r\n']);
    return request(sandbox, '/api/gql_upload_POST', {
      method: 'POST',
      headers: headers(sandbox, body, {'Content-Type': 'multipart/form-data; boundary=a-boundary'}),
      body: Buffer.concat([...all, '--a-boundary--\r\n'].map((piece) => Buffer.from(piece))),
    });
  };
  const old = written(variables({attachments: ['file1']}));
  expect(await upload(old, [queryPart(old), filePart('file1', 'abc')])).toMatchObject({status: 400, text: ''});
  const body = written(variables({attachments: [null]}));
  const map = queryPart('{"0":["variables.attachments.0"]}', 'map');
  const {status, text} = await upload(body, [queryPart(body, 'operations'), map, filePart('0', 'abc', 'a.txt')]);
  expect({status, text}).toEqual({status: 200, text: expect.stringContaining('"a.txt"')});
});

test('the page names a live channel, and calls the decoder of the form key with a seed', async () => {
  const sandbox = await open();
  const {text} = await request(sandbox, '/', {headers: {Cookie: cookieOf(sandbox)}});
  expect(text).toMatch(/window\.\w+\("[0-9a-f]{64}"\)/);
  expect(text).toMatch(/"tchannelData":\{"minSeq":"\d+","channel":"poe-chan/);
  expect(text).not.toContain(sandbox.formKey);
});
