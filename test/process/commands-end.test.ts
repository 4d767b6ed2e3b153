import {truncateSync, writeFileSync} from 'node:fs';
import {createServer, type RequestListener} from 'node:http';
import {type AddressInfo, createServer as createTcpServer, type Server, type Socket} from 'node:net';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {temporaryFolder} from '../support/harness.js';
import {runProgram, withProgram} from '../support/program.js';
import {seconds} from '../support/patience.js';

/* A command ends when its work is done or has failed, whatever a server keeps open. */

/** Serves until the test ends, on 127.0.0.1. Connections stay open. */
async function serve(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => void sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const httpServer = (listener: RequestListener) => serve(createServer({keepAliveTimeout: 0}, listener));

const files: Record<string, RequestListener> = {
  '404 with a body that does not end': (_request, response) => void response.writeHead(404).write('missing'),
  '404 with a compressed body that does not end': (_request, response) =>
    void response.writeHead(404, {'Content-Encoding': 'gzip'}).write('missing'),
  '404 on a keep-alive connection': (_request, response) => void response.writeHead(404).end('missing'),
  304: (_request, response) => void response.writeHead(304).end(),
  '302 without Location': (_request, response) => void response.writeHead(302).write('moved'),
  '200 with too large a length': (_request, response) =>
    void response.writeHead(200, {'Content-Length': '999999999999'}).write('x'),
};

test.each(Object.entries(files))('a file whose server answers %s', async (_what, listener) => {
  const {runProgram: run} = await withProgram();
  const url = await httpServer(listener);
  const {code, out, err} = await run(['send', '-b', 'Sandbox-Files', '-f', `${url}/missing.pdf`, 'hello']);
  expect({isFailure: code === 2 || code === 5, out}).toEqual({isFailure: true, out: ''});
  expect(err).toMatch(/^poe: (?:Could not download|The files are larger)/);
});

test('a file whose content does not arrive', async () => {
  const {runProgram: run} = await withProgram();
  const url = await httpServer((_request, response) =>
    response.writeHead(200, {'Content-Length': '10'}).flushHeaders(),
  );
  const {code, err} = await run([
    'send',
    '--timeout',
    seconds(1),
    '-b',
    'Sandbox-Files',
    '-f',
    `${url}/slow.pdf`,
    'hello',
  ]);
  expect({code, err}).toEqual({code: 6, err: expect.stringContaining('No data from')});
});

test.each([
  [413, 5],
  [403, 1],
  [429, 5],
])('an upload that is answered with %i by a server that does not read it', async (status, code) => {
  const url = await httpServer((request, response) => {
    request.pause();
    response.writeHead(status).end('no');
  });
  const file = join(temporaryFolder(), 'large.bin');
  writeFileSync(file, 'x');
  // More than the kernel buffers.
  truncateSync(file, 100_000_000);
  const env = {
    PATH: process.env.PATH,
    POE_CONFIG_DIR: temporaryFolder(),
    POE_API_KEY: 'some-key',
    POE_API_URL: url,
    POE_UPLOAD_URL: `${url}/upload`,
  };
  const outcome = await runProgram(['send', '--via', 'api', '-b', 'Bot', '-f', file, 'hello'], env);
  expect(outcome).toEqual({code, out: '', err: expect.stringContaining(`HTTP ${status}`)});
});

/** A server that answers every request by switching to another protocol. */
const switchingServer = () =>
  serve(
    createTcpServer((socket) => {
      socket.on('data', () => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n');
      });
    }),
  );

test.each([
  ['settings --via web', 6],
  ['history --via web', 6],
  ['send --via web -b Bot hello', 6],
  ['delete-chat abcdefgh --yes --via web', 6],
  ['settings --via api', 6],
  ['explore --via api', 6],
  ['send --via api -b Bot hello', 7],
])('poe %s: HTTP 101 is an error', async (line, code) => {
  const url = await switchingServer();
  const env = {
    PATH: process.env.PATH,
    POE_CONFIG_DIR: temporaryFolder(),
    POE_API_KEY: 'some-key',
    POE_API_URL: url,
    POE_BASE_URL: url,
    POE_P_B: 'b',
    POE_P_LAT: 'l',
    POE_FORMKEY: 'a'.repeat(32),
  };
  const outcome = await runProgram(line.split(' '), env);
  expect(outcome).toEqual({code, out: '', err: expect.stringContaining('HTTP 101')});
});

test('a proxy setting with a raw % is used or reported', async () => {
  const {env} = await withProgram();
  const proxy = await httpServer((_request, response) => response.writeHead(502).end());
  const {code, err} = await runProgram(['send', '--timeout', seconds(2), '-b', 'Bot', 'hello'], {
    ...env,
    POE_BASE_URL: 'https://poe.example',
    HTTPS_PROXY: proxy.replace('://', '://user:pa%ss@'),
  });
  expect(code).toBe(6);
  expect(err).toMatch(/proxy/);
});

test('a command that cannot go on is reported, with an exit code', async () => {
  const {env} = await withProgram();
  const silent = `data:text/javascript,${encodeURIComponent(`
    import http from 'node:http';
    import {Writable} from 'node:stream';
    import {syncBuiltinESMExports} from 'node:module';
    http.request = () => new Writable({write(chunk, encoding, done) { done(); }, destroy() {}});
    syncBuiltinESMExports();`)}`;
  const {code, out, err} = await runProgram(['settings'], env, ['--import', silent]);
  expect({code, out}).toEqual({code: 1, out: ''});
  expect(err).toContain('poe stopped before the command was complete');
});
