import {createHash} from 'node:crypto';
import {expect, test} from 'vitest';
import {
  bodyOf,
  filePart,
  has,
  listen,
  openChannel,
  openSandbox,
  type Part,
  queryPart,
  request,
  sendVariables,
  signedHeaders,
  upload,
} from '../support/raw-client.js';

/** A message that has `count` files. */
const queryWith = (count: number, bot = 'Sandbox-Echo'): string =>
  bodyOf('sendMessage', sendVariables(bot, 'look', {attachments: Array.from({length: count}, () => null)}));

/** The part `map`, which assigns the files to the message. */
const mapPart = (count: number): Part => {
  const indexes = Array.from({length: count}, (_, index) => index);
  return queryPart(
    JSON.stringify(Object.fromEntries(indexes.map((index) => [index, [`variables.attachments.${index}`]]))),
    'map',
  );
};

test('files are sent in the parts that the message refers to', async () => {
  const sandbox = await openSandbox();
  const query = queryWith(2);
  const {status, text} = await upload(sandbox, query, [
    queryPart(query, 'operations'),
    mapPart(2),
    filePart('0', 'one ü', 'größe %22a%22.txt'),
    filePart('1', '', 'b.bin', 'application/octet-stream'),
  ]);
  expect(status).toBe(200);
  expect(JSON.parse(text).data.messageEdgeCreate.message.node.attachments).toMatchObject([
    {name: 'größe "a".txt', file: {mimeType: 'text/plain', size: 6}},
    {name: 'b.bin', file: {mimeType: 'application/octet-stream', size: 0}},
  ]);
  expect(sandbox.world.uploads.map(({bytes}) => Buffer.from(bytes).toString('utf8'))).toEqual(['one ü', '']);
  expect(sandbox.requests.at(-1)).toMatchObject({
    path: '/api/gql_upload_POST',
    queryName: 'sendMessageMutation',
    body: query,
    status: 200,
  });
});

test('Sandbox-Files lists the files it receives, byte for byte', async () => {
  const sandbox = await openSandbox();
  const settings = await openChannel(sandbox);
  const live = await listen(sandbox, settings);
  const large = Buffer.alloc(12_000_000, '\r\n--a-boundarx\r\n\0\xff', 'latin1');
  const query = queryWith(2, 'Sandbox-Files');
  const parts = [
    queryPart(query, 'operations'),
    mapPart(2),
    filePart('0', large, 'large.bin', 'image/x-nothing'),
    filePart('1', 'abc', 'small.txt'),
  ];
  await upload(sandbox, query, parts, {'Poe-Tchannel': settings.channel});
  await live.until(has('jobUpdated'));
  const digest = createHash('sha256').update(large).digest('hex');
  expect(live.texts().at(-1)?.split('\n')).toEqual([
    `large.bin, image/x-nothing, 12000000, ${digest}`,
    'small.txt, text/plain, 3, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  ]);
  const noFiles = bodyOf('sendMessage', sendVariables('Sandbox-Files', 'look'));
  const headers = {...signedHeaders(sandbox, noFiles), 'Poe-Tchannel': settings.channel};
  await request(sandbox, '/api/gql_POST', {method: 'POST', headers, body: noFiles});
  await live.until(() => live.texts().at(-1) === 'No files received.');
});

test('a body without a Content-Length is accepted', async () => {
  const sandbox = await openSandbox();
  const query = queryWith(1);
  const parts = [queryPart(query, 'operations'), mapPart(1), filePart('0', Buffer.alloc(300_000, 'x'))];
  expect((await upload(sandbox, query, parts, {'Transfer-Encoding': 'chunked'})).status).toBe(200);
  expect(sandbox.world.uploads[0]?.bytes).toHaveLength(300_000);
});

test('a multipart body in another format is rejected with an empty response', async () => {
  const sandbox = await openSandbox();
  const query = queryWith(2);
  const operations = queryPart(query, 'operations');
  const [map, one, two] = [mapPart(2), filePart('0', 'one'), filePart('1', 'two')];
  const withHead = (head: string): Part => ({...two, head});
  const invalid: readonly (readonly Part[])[] = [
    [],
    [operations],
    [operations, map],
    [operations, map, one],
    [one, two],
    [operations, one, two],
    [map, operations, one, two],
    [operations, map, two, one],
    [one, two, operations, map],
    [operations, map, one, one],
    [operations, map, one, two, filePart('2', 'three')],
    [operations, mapPart(1), one, two],
    [operations, queryPart('{"1":["variables.attachments.0"],"0":["variables.attachments.1"]}', 'map'), one, two],
    [queryPart(query), one, two],
    [filePart('operations', query), map, one, two],
    [operations, map, one, withHead('Content-Disposition: form-data; name="1"\r\nContent-Type: text/plain')],
    [operations, map, one, withHead('Content-Disposition: form-data; name="1"; filename="two.txt"')],
    [operations, map, one, withHead('Content-Disposition: form-data; name="1"; filename=""\r\nContent-Type: a/b')],
    [operations, map, one, withHead('Content-Disposition: attachment; name="1"; filename="x"\r\nContent-Type: a/b')],
    [operations, map, one, withHead('Content-Type: text/plain')],
  ];
  for (const [index, parts] of invalid.entries()) {
    const {status, text} = await upload(sandbox, query, parts);
    expect({index, status, text}).toEqual({index, status: 400, text: ''});
  }
  const headers: Record<string, string>[] = [
    {'Content-Type': 'multipart/form-data; boundary=another'},
    {'Content-Type': 'multipart/form-data'},
    {'Content-Type': 'application/json'},
  ];
  for (const change of headers) {
    expect({change, ...(await upload(sandbox, query, [operations, map, one, two], change))}).toMatchObject({
      change,
      status: 400,
      text: '',
    });
  }
  expect(await upload(sandbox, query, [operations, map, one, two], {'poe-tag-id': 'no'})).toMatchObject({
    status: 400,
    text: '{"success":false,"message":"Bad Request"}',
  });
  expect((await upload(sandbox, query, [operations, map, one, two])).status).toBe(200);
});

test('a truncated body is rejected with an empty response', async () => {
  const sandbox = await openSandbox();
  const query = queryWith(1);
  const parts = [queryPart(query, 'operations'), mapPart(1), filePart('0', 'one')];
  const whole = `${parts.map(({head, bytes}) => `--b\r\n${head}\r\n\r\n${String(bytes)}\r\n`).join('')}--b--\r\n`;
  const headers = {...signedHeaders(sandbox, query), 'Content-Type': 'multipart/form-data; boundary="b"'};
  const statusOf = async (body: string) =>
    (await request(sandbox, '/api/gql_upload_POST', {method: 'POST', headers, body})).status;
  for (const body of ['', whole.slice(2), `\r\n${whole}`, whole.slice(0, -4), whole.slice(0, -12), `${whole}more`]) {
    expect({body, status: await statusOf(body)}).toEqual({body, status: 400});
  }
  expect(await statusOf(whole)).toBe(200);
});

test('form data as Node and browsers write it is accepted', async () => {
  const sandbox = await openSandbox();
  const query = queryWith(1);
  const form = new FormData();
  form.append('operations', query);
  form.append('map', '{"0":["variables.attachments.0"]}');
  form.append('0', new Blob(['one'], {type: 'text/plain'}), 'a "quoted" name.txt');
  const encoded = new Response(form);
  const headers = {
    ...signedHeaders(sandbox, query),
    'Content-Type': encoded.headers.get('Content-Type') ?? '',
  };
  const body = Buffer.from(await encoded.arrayBuffer());
  expect((await request(sandbox, '/api/gql_upload_POST', {method: 'POST', headers, body})).status).toBe(200);
  expect(sandbox.world.uploads).toMatchObject([{name: 'a "quoted" name.txt', mimeType: 'text/plain'}]);
});

test('the upload method of 2025 counts files from 0 or from 1, and from nothing else', async () => {
  const sandbox = await openSandbox({site: '2025-03'});
  const statusOf = async (...fields: string[]) => {
    const query = bodyOf(
      'sendMessage',
      sendVariables('Sandbox-Echo', 'look', {attachments: fields}, '2025-03'),
      '2025-03',
    );
    const parts = [queryPart(query), ...fields.map((field) => filePart(field, 'one'))];
    return (await upload(sandbox, query, parts)).status;
  };
  expect(await statusOf('file0', 'file1')).toBe(200);
  expect(await statusOf('file1', 'file2')).toBe(200);
  for (const fields of [['file2'], ['file1', 'file0'], ['file0', 'file2'], ['0']]) {
    expect({fields, status: await statusOf(...fields)}).toEqual({fields, status: 400});
  }
});
