import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {createHash} from 'node:crypto';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {temporaryFolder} from '../support/harness.js';
import {withKey} from '../support/with-key.js';

/* Files in messages with an API key. */

const uploads = '/poe_api/file_upload_3RD_PARTY_POST';
const native = '/bot/Sandbox-Files';

async function withFile(bytes: string | Buffer = 'hello') {
  const setup = await withKey();
  const file = join(temporaryFolder(), 'a "b".txt');
  writeFileSync(file, bytes);
  const sent = (path: string) => setup.sandbox.requests.filter((request) => request.path === path);
  return {
    ...setup,
    file,
    sent,
    send: (...argv: string[]) => setup.run('send', '-b', 'Sandbox-Files', ...argv, 'what?'),
  };
}

const shaOf = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Serves one file until the test ends. @returns its URL */
async function serve(text: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, {'Content-Type': 'text/csv'}).end(text);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/data.csv?key=secret`;
}

test('a file is uploaded before the message, with the bare key, and its URL is sent to the bot', async () => {
  const {send, file, sent, sandbox} = await withFile(Buffer.alloc(300_000, 'x'));
  const {code, out} = await send('-f', file);
  expect({code, out}).toEqual({
    code: 0,
    out: `a "b".txt, text/plain, 300000, ${shaOf(Buffer.alloc(300_000, 'x'))}\n`,
  });
  const [upload] = sent(uploads);
  expect(upload?.headers.authorization).toBe(sandbox.apiKey);
  expect(upload?.headers['content-length']).toMatch(/^\d+$/);
  const {query} = JSON.parse(sent(native)[0]?.body ?? '');
  expect(query[0].attachments).toEqual([
    {url: expect.stringContaining('/poe_api/files/'), content_type: 'text/plain', name: 'a "b".txt', inline_ref: null},
  ]);
});

test('later messages and a retry send the URL of the file again without another upload', async () => {
  const {run, send, file, sent} = await withFile();
  await send('-f', file);
  const line = `a "b".txt, text/plain, 5, ${shaOf('hello')}\n`;
  expect((await run('send', '-c', 'last', 'and now?')).out).toBe(line);
  expect((await run('retry', 'last')).out).toBe(line);
  expect(sent(uploads)).toHaveLength(1);
  const shown = (await run('history', 'show', 'last', '--json')).out.split('\n')[0] ?? '';
  expect(JSON.parse(shown).attachments).toMatchObject([{name: 'a "b".txt', mimeType: 'text/plain', size: 5}]);
});

test('Poe downloads URLs, and their query is not logged', async () => {
  const {send, sent} = await withFile();
  const address = await serve('a,b\n');
  const {code, out, err} = await send('-v', '-f', address);
  expect({code, out}).toEqual({code: 0, out: `data.csv, text/csv, 4, ${shaOf('a,b\n')}\n`});
  expect(new URLSearchParams(sent(uploads)[0]?.body).get('download_url')).toBe(address);
  expect(err).toContain('upload data.csv: 200');
  expect(err).not.toContain('secret');
});

test('a URL that Poe rejects is downloaded and uploaded as a file', async () => {
  const {send, sandbox, sent} = await withFile();
  sandbox.faults.respondOnce({path: uploads}, {status: 400, body: 'cannot reach that'});
  expect((await send('-f', await serve('a,b\n'))).out).toBe(`data.csv, text/csv, 4, ${shaOf('a,b\n')}\n`);
  expect(sent(uploads).map(({headers}) => headers['content-type']?.split(';')[0])).toEqual([
    'application/x-www-form-urlencoded',
    'multipart/form-data',
  ]);
});

test('a failed upload is repeated once, and then no message is sent', async () => {
  const {send, file, sandbox, sent} = await withFile();
  sandbox.faults.respondOnce({path: uploads}, 'drop');
  expect((await send('-f', file)).code).toBe(0);
  sandbox.faults.respondAlways({path: uploads}, {status: 502, body: '<html>bad gateway</html>'});
  const before = sent(native).length;
  const {code, err} = await send('-f', file);
  expect(code).toBe(6);
  expect(err).toContain('rejected the file a "b".txt');
  expect(err).not.toContain('html');
  expect(sent(uploads)).toHaveLength(4);
  expect(sent(native)).toHaveLength(before);
});

test.each([
  [400, 'plain text', 1, 'Check the file'],
  [401, 'Invalid API key.', 4, 'poe login --api-key'],
  [413, '{"error":"too big"}', 5, 'Send a smaller file'],
])('HTTP %i ends an upload with its own error, without another attempt', async (status, body, code, hint) => {
  const {send, file, sandbox, sent} = await withFile();
  sandbox.faults.respondAlways({path: uploads}, {status, body});
  const outcome = await send('-f', file);
  expect(outcome).toMatchObject({code, out: ''});
  expect(outcome.err).toContain(hint);
  expect(outcome.err).toContain('127.0.0.1');
  expect(sent(uploads)).toHaveLength(1);
  expect(sent(native)).toEqual([]);
});

test('no message is sent if an upload returns no URL or a file does not exist', async () => {
  const {send, file, sandbox, sent} = await withFile();
  sandbox.faults.respondOnce({path: uploads}, {status: 200, body: '{}'});
  expect((await send('-f', file)).code).toBe(1);
  expect((await send('-f', file, '-f', '/nowhere')).code).toBe(2);
  expect(sent(uploads)).toHaveLength(1);
  expect(sent(native)).toEqual([]);
});

test('Ctrl-C aborts an upload', async () => {
  const {runWith, file, sandbox, sent} = await withFile();
  const stop = new AbortController();
  sandbox.faults.respondAlways({path: uploads}, 'silence');
  const run = runWith({signal: stop.signal}, 'send', '-b', 'Sandbox-Files', '-f', file, 'what?');
  await expect.poll(() => sent(uploads).length).toBe(1);
  stop.abort();
  expect((await run).code).toBe(130);
  expect(sent(native)).toEqual([]);
});

test('the key is not sent to a remote http: upload URL', async () => {
  const {runWith, file, sandbox} = await withFile();
  const env = {POE_UPLOAD_URL: 'http://upload.example/'};
  expect((await runWith({env}, 'send', '-b', 'Sandbox-Files', '-f', file, 'x')).code).toBe(2);
  expect(sandbox.requests).toEqual([]);
});

test('with another API, files are not uploaded to Poe unless the user names the URL', async () => {
  const {runWith, file, sandbox} = await withFile();
  const {code, err} = await runWith({env: {POE_UPLOAD_URL: ''}}, 'send', '-b', 'Sandbox-Files', '-f', file, 'x');
  expect({code, err}).toEqual({
    code: 2,
    err: expect.stringContaining(`No upload URL is known for ${new URL(sandbox.apiUrl).host}`),
  });
  expect(err).toContain('POE_UPLOAD_URL');
  expect(sandbox.requests.filter(({method}) => method === 'POST')).toEqual([]);
});

test('the sandbox accepts uploads only with the bare key and the right field name', async () => {
  const {sandbox} = await withKey();
  const post = async (field: string, authorization: string) => {
    const body = new FormData();
    body.append(field, new Blob(['x'], {type: 'text/plain'}), 'x.txt');
    const headers = {Authorization: authorization};
    return (await fetch(sandbox.uploadUrl, {method: 'POST', headers, body})).status;
  };
  expect(await post('file', sandbox.apiKey)).toBe(200);
  expect(await post('file', `Bearer ${sandbox.apiKey}`)).toBe(401);
  expect(await post('upload', sandbox.apiKey)).toBe(400);
});
