import {createHash} from 'node:crypto';
import {expect, test} from 'vitest';
import {
  ask,
  bodyOf,
  filePart,
  has,
  listen,
  openChannel,
  openSandbox,
  type Part,
  queryPart,
  sendVariables,
  signedHeaders,
  upload,
} from '../support/raw-client.js';

const queryWith = (attachments: string[], bot = 'Sandbox-Echo'): string =>
  bodyOf('sendMessage', sendVariables(bot, 'look', {attachments}));

test('files travel in the parts that the message names', async () => {
  const sandbox = await openSandbox();
  const query = queryWith(['file1', 'file2']);
  const {status, text} = await upload(sandbox, query, [
    queryPart(query),
    filePart('file1', 'one ü', 'größe %22a%22.txt'),
    filePart('file2', '', 'b.bin', 'application/octet-stream'),
  ]);
  expect(status).toBe(200);
  expect(JSON.parse(text).data.messageEdgeCreate.message.node.attachments).toMatchObject([
    {name: 'größe "a".txt', file: {mimeType: 'text/plain', size: 6}},
    {name: 'b.bin', file: {mimeType: 'application/octet-stream', size: 0}},
  ]);
  expect(sandbox.world.uploads.map(({bytes}) => Buffer.from(bytes).toString('utf8'))).toEqual(['one ü', '']);
  expect(sandbox.requests.at(-1)).toMatchObject({
    path: '/api/gql_upload_POST',
    queryName: 'SendMessageMutation',
    body: query,
    status: 200,
  });
});

test('Sandbox-Files says what reached it, byte for byte', async () => {
  const sandbox = await openSandbox();
  const settings = await openChannel(sandbox);
  const live = await listen(sandbox, settings);
  const large = Buffer.alloc(12_000_000, '\r\n--a-boundarx\r\n\0\xff', 'latin1');
  const query = queryWith(['file1', 'file2'], 'Sandbox-Files');
  const parts = [
    queryPart(query),
    filePart('file1', large, 'large.bin', 'image/x-nothing'),
    filePart('file2', 'abc', 'small.txt'),
  ];
  await upload(sandbox, query, parts, {'Poe-Tchannel': settings.channel});
  await live.until(has('jobUpdated'));
  const digest = createHash('sha256').update(large).digest('hex');
  expect(live.texts().at(-1)?.split('\n')).toEqual([
    `large.bin, image/x-nothing, 12000000, ${digest}`,
    'small.txt, text/plain, 3, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  ]);
  const nothing = bodyOf('sendMessage', sendVariables('Sandbox-Files', 'look'));
  const headers = {...signedHeaders(sandbox, nothing), 'Poe-Tchannel': settings.channel};
  await ask(sandbox, '/api/gql_POST', {method: 'POST', headers, body: nothing});
  await live.until(() => live.texts().at(-1) === 'No files came.');
});

test('a body whose length is not announced is read too', async () => {
  const sandbox = await openSandbox();
  const query = queryWith(['file1']);
  const parts = [queryPart(query), filePart('file1', Buffer.alloc(300_000, 'x'))];
  expect((await upload(sandbox, query, parts, {'Transfer-Encoding': 'chunked'})).status).toBe(200);
  expect(sandbox.world.uploads[0]?.bytes).toHaveLength(300_000);
});

test('a multipart form that is not the site’s is refused with an empty answer', async () => {
  const sandbox = await openSandbox();
  const query = queryWith(['file1', 'file2']);
  const [info, one, two] = [queryPart(query), filePart('file1', 'one'), filePart('file2', 'two')];
  const headless = (part: Part, head: string): Part => ({...part, head});
  const wrong: readonly (readonly Part[])[] = [
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
    [info, one, headless(two, 'Content-Disposition: form-data; name="file2"\r\nContent-Type: text/plain')],
    [info, one, headless(two, 'Content-Disposition: form-data; name="file2"; filename="two.txt"')],
    [info, one, headless(two, 'Content-Disposition: form-data; name="file2"; filename=""\r\nContent-Type: text/plain')],
    [info, one, headless(two, 'Content-Disposition: attachment; name="file2"; filename="x"\r\nContent-Type: a/b')],
    [info, one, headless(two, 'Content-Type: text/plain')],
  ];
  for (const [turn, parts] of wrong.entries()) {
    const {status, text} = await upload(sandbox, query, parts);
    expect({turn, status, text}).toEqual({turn, status: 400, text: ''});
  }
  const headers: Record<string, string>[] = [
    {'Content-Type': 'multipart/form-data; boundary=another'},
    {'Content-Type': 'multipart/form-data'},
    {'Content-Type': 'application/json'},
  ];
  for (const change of headers) {
    expect({change, ...(await upload(sandbox, query, [info, one, two], change))}).toMatchObject({
      change,
      status: 400,
      text: '',
    });
  }
  expect(await upload(sandbox, query, [info, one, two], {'poe-tag-id': 'no'})).toMatchObject({
    status: 400,
    text: '{"success":false,"message":"Bad Request"}',
  });
  expect((await upload(sandbox, query, [info, one, two])).status).toBe(200);
});

test('a body that ends too early is refused with an empty answer', async () => {
  const sandbox = await openSandbox();
  const query = queryWith(['file1']);
  const whole = `--b\r\n${queryPart(query).head}\r\n\r\n${query}\r\n--b\r\n${filePart('file1', '').head}\r\n\r\none\r\n--b--\r\n`;
  const headers = {...signedHeaders(sandbox, query), 'Content-Type': 'multipart/form-data; boundary="b"'};
  const statusOf = async (body: string) =>
    (await ask(sandbox, '/api/gql_upload_POST', {method: 'POST', headers, body})).status;
  for (const body of ['', whole.slice(2), `\r\n${whole}`, whole.slice(0, -4), whole.slice(0, -12), `${whole}more`]) {
    expect({body, status: await statusOf(body)}).toEqual({body, status: 400});
  }
  expect(await statusOf(whole)).toBe(200);
});

test('form data as Node and browsers write it is taken', async () => {
  const sandbox = await openSandbox();
  const query = queryWith(['file1']);
  const form = new FormData();
  form.append('queryInfo', query);
  form.append('file1', new Blob(['one'], {type: 'text/plain'}), 'a "quoted" name.txt');
  const encoded = new Response(form);
  const headers = {
    ...signedHeaders(sandbox, query),
    'Content-Type': encoded.headers.get('Content-Type') ?? '',
  };
  const body = Buffer.from(await encoded.arrayBuffer());
  expect((await ask(sandbox, '/api/gql_upload_POST', {method: 'POST', headers, body})).status).toBe(200);
  expect(sandbox.world.uploads).toMatchObject([{name: 'a "quoted" name.txt', mimeType: 'text/plain'}]);
});
