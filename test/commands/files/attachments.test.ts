import {execFileSync} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, readdirSync, renameSync, truncateSync, utimesSync, writeFileSync} from 'node:fs';
import {open as openFile} from 'node:fs/promises';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import {type AddressInfo, createServer as createNetServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Readable} from 'node:stream';
import {pathToFileURL} from 'node:url';
import {expect, onTestFinished, test, vi} from 'vitest';
import {openAttachments} from '../../../src/core/files/attachments.js';
import type {OutgoingFile} from '../../../src/core/files/outgoing-file.js';
import type {FileSource} from '../../../src/core/options.js';
import {temporaryFolder} from '../../support/harness.js';

/* Opening local files and URLs to send them. attachment-types.test.ts has their media types. */

const open = (sources: FileSource[], {timeoutMs = 5_000, signal}: {timeoutMs?: number; signal?: AbortSignal} = {}) =>
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

async function contentOf(source: FileSource): Promise<Buffer> {
  const {files, close} = await open([source]);
  const chunks: Uint8Array[] = [];
  for (const file of files) for await (const chunk of file.stream()) chunks.push(chunk);
  await close();
  return Buffer.concat(chunks);
}

/** Other tests use the system's folder for temporary files at the same time. */
function useOwnTemporaryFolder(): void {
  vi.stubEnv('TMPDIR', temporaryFolder());
  onTestFinished(() => void vi.unstubAllEnvs());
}

const downloaded = () => readdirSync(tmpdir()).filter((name) => /^poe-(?!test-)/.test(name));

test('a file that cannot be sent is reported with its name', async () => {
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

test('files larger than 350 MB in total are rejected before anything is downloaded', async () => {
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

test('a download that is too large stops and leaves no file behind', async () => {
  useOwnTemporaryFolder();
  const before = downloaded();
  const url = await site((request, response) => {
    if (request.url === '/with-length') response.writeHead(200, {'Content-Length': '999999999'}).write('x');
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
  for (const path of ['/with-length', '/without-length']) {
    expect(await failureOf(open([big, url + path]))).toMatchObject({code: 'too_large'});
  }
  expect(downloaded()).toEqual(before);
});

test('a download sends no headers of Poe, follows redirects and keeps the name that the server gives', async () => {
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

test('the error of a failed download omits the query of the URL', async () => {
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

test('a download without data times out, and an interrupted one stops at once', async () => {
  useOwnTemporaryFolder();
  const before = downloaded();
  const stop = new AbortController();
  const url = await site((request, response) => {
    if (request.url === '/stop') stop.abort();
    else response.writeHead(200).write('x');
  });
  expect(await failureOf(open([`${url}/silent`], {timeoutMs: 200}))).toMatchObject({code: 'timeout'});
  expect(await failureOf(open([`${url}/stop`], {signal: stop.signal}))).toMatchObject({code: 'interrupted'});
  expect(downloaded()).toEqual(before);
});

function pipe(): string {
  const path = join(temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [path]);
  return path;
}

test('a named pipe is read to its end', async () => {
  const path = pipe();
  const content = contentOf(path);
  const writer = await openFile(path, 'w');
  await writer.write('through ');
  await writer.write('a pipe');
  await writer.close();
  expect((await content).toString()).toBe('through a pipe');
});

test('a file that a shell passes by number is named after its type', async () => {
  const file = await openFile(fileOf('a.pdf', '%PDF-1.7'));
  onTestFinished(() => file.close());
  const {files} = await open([`/proc/self/fd/${file.fd}`]);
  expect(files).toMatchObject([{name: 'file.pdf', mimeType: 'application/pdf'}]);
});

test('a named pipe that no program writes to times out', async () => {
  const path = pipe();
  expect(await failureOf(open([path], {timeoutMs: 100}))).toMatchObject({
    code: 'file',
    message: `No program wrote to the pipe for 0.1 seconds: ${path}`,
  });
});

test('reading a named pipe stops when it is interrupted', async () => {
  const stop = new AbortController();
  const opened = failureOf(open([pipe()], {signal: stop.signal}));
  stop.abort();
  expect(await opened).toMatchObject({code: 'interrupted'});
});

test('a file whose content the system computes is sent', async () => {
  expect(await contentOf('/proc/self/status')).toMatchObject({length: expect.toSatisfy((length) => length > 500)});
  expect((await contentOf('/proc/sys/kernel/ostype')).toString()).toBe('Linux\n');
});

test('a device is not a file to send', async () => {
  for (const source of ['/dev/zero', '/dev/null']) {
    expect(await failureOf(open([source]))).toMatchObject({code: 'file', message: `Not a regular file: ${source}`});
  }
});

test('a socket is not a file to send', async () => {
  const path = join(temporaryFolder(), 'socket');
  const server = createNetServer().listen(path);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  expect(await failureOf(open([path]))).toMatchObject({code: 'file', message: `Not a regular file: ${path}`});
});

test('a file URL is decoded, and an invalid one is a usage error', async () => {
  const path = fileOf('a b.txt', 'content');
  expect((await contentOf(pathToFileURL(path))).toString()).toBe('content');
  for (const url of ['file:///%zz', 'file://host/a.txt', 'file:///a%2Fb']) {
    expect(await failureOf(open([url]))).toMatchObject({code: 'usage', message: `Invalid file URL: ${url}`});
  }
});

test('content is sent under the given name, and its failure is reported', async () => {
  const content = Readable.from([Buffer.from('a,b\n'), Buffer.from('1,2\n')]);
  const {files, size, close} = await open([{name: 'table.csv', content}]);
  expect(files).toMatchObject([{name: 'table.csv', mimeType: 'text/csv', size: 8}]);
  expect(size).toBe(8);
  await close();
  const broken = Readable.from(
    (function* () {
      yield Buffer.from('x');
      throw new Error('broken');
    })(),
  );
  expect(await failureOf(open([{content: broken, label: 'stdin'}]))).toMatchObject({
    code: 'file',
    message: 'Could not read the file: stdin',
  });
});

test('without the folder that TMPDIR names, another one is used', async () => {
  vi.stubEnv('TMPDIR', '/nonexistent/folder');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect((await contentOf({content: Readable.from([Buffer.from('x')])})).toString()).toBe('x');
});

/** A file that was last changed long ago: changes within the precision of the file system's clock are not visible. */
function oldFileOf(content: string): string {
  const path = fileOf('a.txt', content);
  utimesSync(path, 1, 1);
  return path;
}

test('a file that changes before it is sent is reported', async () => {
  const changes: ((path: string) => void)[] = [
    (path) => writeFileSync(path, 'longer than before'),
    (path) => writeFileSync(path, 'x'),
    (path) => writeFileSync(path, 'BEFORE'),
    (path) => renameSync(oldFileOf('before'), path),
  ];
  for (const change of changes) {
    const path = oldFileOf('before');
    const {files} = await open([path]);
    change(path);
    expect(await failureOf(readAll(files))).toMatchObject({
      code: 'file',
      message: `The file changed while it was being sent: ${path}`,
      hint: 'The message was not sent. Send it again when nothing writes to the file.',
    });
  }
});

test('a file that changes while it is sent is reported before its last part is sent', async () => {
  for (const length of [300_000, 100_000, 200_000]) {
    const path = oldFileOf('x'.repeat(200_000));
    const {files} = await open([path]);
    let sent = 0;
    const onChunk = (chunk: Uint8Array) => {
      if (sent === 0) writeFileSync(path, 'y'.repeat(length));
      sent += chunk.byteLength;
    };
    expect(await failureOf(readAll(files, onChunk))).toMatchObject({code: 'file'});
    expect(sent).toBeLessThan(200_000);
  }
});

async function readAll(files: readonly OutgoingFile[], onChunk: (chunk: Uint8Array) => void = () => {}) {
  for (const file of files) for await (const chunk of file.stream()) onChunk(chunk);
}
