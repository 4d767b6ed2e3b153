import {execFileSync} from 'node:child_process';
import {mkdirSync, readdirSync, truncateSync, writeFileSync} from 'node:fs';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test, vi} from 'vitest';
import {openAttachments} from '../../src/core/files/attachments.js';
import {temporaryFolder} from '../support/harness.js';

/* Opening files and URLs before a message is sent. */

const open = (sources: string[], {timeoutMs = 5_000, signal}: {timeoutMs?: number; signal?: AbortSignal} = {}) =>
  openAttachments(sources, {timeoutMs, signal, log: () => {}});

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it did not fail',
    (error: unknown) => error,
  );

async function site(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function fileOf(name: string, content: string | Uint8Array = 'x'): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

async function contentOf(source: string): Promise<Buffer> {
  const {files, close} = await open([source]);
  const chunks: Uint8Array[] = [];
  for (const file of files) for await (const chunk of file.stream()) chunks.push(chunk);
  await close();
  return Buffer.concat(chunks);
}

/** Use a temporary folder of its own: other tests write to the system's at the same time. */
function useOwnTemporaryFolder(): void {
  vi.stubEnv('TMPDIR', temporaryFolder());
  onTestFinished(() => void vi.unstubAllEnvs());
}

const downloads = () => readdirSync(tmpdir()).filter((name) => /^poe-(?!test-)/.test(name));

test('the media type comes from the content, and for text from the file name', async () => {
  const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
  const kinds: [name: string, content: string | Uint8Array, type: string][] = [
    ['a.png', hex('89504e470d0a1a0a 0000000d49484452 0000000100000001 0806000000 1f15c489'), 'image/png'],
    ['actually-a-jpeg.png', hex('ffd8ffe000104a46494600010100000100010000'), 'image/jpeg'],
    ['a.pdf', '%PDF-1.7\n', 'application/pdf'],
    ['a.gif', 'GIF89a', 'image/gif'],
    ['a.json', '{}', 'application/json'],
    ['a.csv', 'a,b\n', 'text/csv'],
    ['a.md', '# Grüße\n', 'text/markdown'],
    ['a.html', '<!doctype html>', 'text/html'],
    ['a.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'],
    ['video-or-code.ts', 'export const a = 1;\n', 'text/plain'],
    ['a.py', 'print(1)\n', 'text/plain'],
    ['a.png', 'not a picture', 'text/plain'],
    ['noname', 'just text', 'text/plain'],
    ['a.txt', hex('00010203'), 'application/octet-stream'],
    ['a.txt', hex('c32841'), 'application/octet-stream'],
  ];
  for (const [name, content, type] of kinds) {
    const {files} = await open([fileOf(name, content)]);
    expect(files.map(({name, mimeType, size}) => ({name, mimeType, size}))).toEqual([
      {name, mimeType: type, size: Buffer.byteLength(content)},
    ]);
  }
});

test('an error names the file that cannot be sent', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'a'));
  for (const [source, words] of [
    [join(folder, 'nothing'), 'File not found'],
    [join(folder, 'a'), 'Not a file, but a folder'],
    [fileOf('empty', ''), 'The file is empty'],
    [join(fileOf('file'), 'below'), 'File not found'],
    ['http://', 'Invalid URL'],
  ] as const) {
    expect(await failureOf(open([source]))).toMatchObject({code: 'file', message: `${words}: ${source}`});
  }
});

test('more than 350 MB in total are rejected before anything is downloaded', async () => {
  const requests: string[] = [];
  const url = await site((request, response) => {
    requests.push(request.url ?? '');
    response.end('x');
  });
  const [one, other] = [fileOf('one'), fileOf('other')];
  truncateSync(one, 200_000_000);
  truncateSync(other, 151_000_000);
  expect(await failureOf(open([one, `${url}/a`, other]))).toMatchObject({
    code: 'too_large',
    message: 'The files are larger than the 350 MB that Poe accepts at once',
  });
  expect(requests).toEqual([]);
});

test('a download that is too large is stopped, whether or not its size was announced, and leaves no file', async () => {
  useOwnTemporaryFolder();
  const before = downloads();
  const url = await site((request, response) => {
    if (request.url === '/announced') response.writeHead(200, {'Content-Length': '999999999'}).write('x');
    else {
      const more = () => {
        while (response.write(Buffer.alloc(1_000_000)));
        response.once('drain', more);
      };
      more();
    }
  });
  const big = fileOf('big');
  truncateSync(big, 340_000_000);
  for (const path of ['/announced', '/unannounced']) {
    expect(await failureOf(open([big, url + path]))).toMatchObject({code: 'too_large'});
  }
  expect(downloads()).toEqual(before);
});

test('a URL is downloaded without Poe’s headers, follows redirects, and names the file itself', async () => {
  const headers: object[] = [];
  const url = await site((request, response) => {
    headers.push(request.headers);
    if (request.url === '/from') response.writeHead(302, {Location: '/to?secret=1'}).end();
    else if (request.url === '/named') {
      response
        .writeHead(200, {'Content-Disposition': 'attachment; filename="b"; filename*=UTF-8\'\'gr%C3%BC%C3%9Fe.txt'})
        .end('x');
    } else if (request.url === '/') response.end('%PDF-1.7');
    else response.end('hello');
  });
  const {files, close} = await open([`${url}/from`, `${url}/named`, `${url}/`, `${url}/a%2F..%2Fb.txt`]);
  expect(files.map(({name, size}) => [name, size])).toEqual([
    ['to', 5],
    ['grüße.txt', 1],
    ['file.pdf', 8],
    ['a_.._b.txt', 5],
  ]);
  await close();
  for (const each of headers) {
    expect(Object.keys(each).toSorted()).not.toEqual(expect.arrayContaining(['cookie']));
    expect(each).toMatchObject({'user-agent': 'poe-cli'});
    for (const name of ['cookie', 'origin', 'referer', 'poe-formkey']) expect(each).not.toHaveProperty(name);
  }
});

test('an error about a URL leaves out its query, which may be secret', async () => {
  const url = await site((request, response) => {
    if (request.url?.startsWith('/round')) response.writeHead(302, {Location: '/round'}).end();
    else if (request.url === '/away') response.writeHead(302, {Location: 'ftp://example.org/'}).end();
    else response.writeHead(403).end();
  });
  const error = await failureOf(open([`${url}/a.png?token=secret`]));
  expect(error).toMatchObject({code: 'file', message: `Could not download ${url}/a.png: HTTP 403`});
  expect(await failureOf(open([`${url}/round`]))).toMatchObject({code: 'file'});
  expect(await failureOf(open([`${url}/away`]))).toMatchObject({code: 'file'});
  expect(await failureOf(open(['http://127.0.0.1:9/x']))).toMatchObject({code: 'network'});
});

test('a download that stalls times out, and Ctrl-C stops a download at once', async () => {
  useOwnTemporaryFolder();
  const before = downloads();
  const stop = new AbortController();
  const url = await site((request, response) => {
    if (request.url === '/stop') stop.abort();
    else response.writeHead(200).write('x');
  });
  expect(await failureOf(open([`${url}/silent`], {timeoutMs: 200}))).toMatchObject({code: 'timeout'});
  expect(await failureOf(open([`${url}/stop`], {signal: stop.signal}))).toMatchObject({code: 'interrupted'});
  expect(downloads()).toEqual(before);
});

test('a named pipe can be sent as a file', async () => {
  const path = join(temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [path]);
  const written = import('node:fs/promises').then(({writeFile}) => writeFile(path, 'through a pipe'));
  expect((await contentOf(path)).toString()).toBe('through a pipe');
  await written;
});

test('a file that changes before it is sent is an error', async () => {
  for (const change of ['longer than before', 'x']) {
    const path = fileOf('a.txt', 'as it was');
    const {files} = await open([path]);
    writeFileSync(path, change);
    const read = async () => {
      for (const file of files) for await (const chunk of file.stream()) expect(chunk).toBeDefined();
    };
    expect(await failureOf(read())).toMatchObject({
      code: 'file',
      message: expect.stringContaining('changed while it was sent'),
    });
  }
});
