import {connect, type Socket} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import {expect, onTestFinished, test} from 'vitest';
import {memoryLedger} from '../../src/core/spending/memory-ledger.js';
import type {ServedRequest} from '../../src/serve/activity.js';
import type {Limits} from '../../src/serve/http/limits.js';
import type {ServeBackend} from '../../src/serve/serve-backend.js';
import {startServer} from '../../src/serve/server.js';
import {hashToken, newToken} from '../../src/serve/tokens/token-hash.js';
import {serving} from './support.js';

/** Starts a server whose bots answer at once, and counts the requests that reach them. */
async function started(limits: Partial<Limits> = {}, origins: string[] = [], answer?: ServeBackend['answer']) {
  const token = newToken();
  let asked = 0;
  const backend: ServeBackend = {
    via: 'api',
    models: async () => [],
    answer: async (request, reply) => {
      asked += 1;
      if (answer) await answer(request, reply);
      else reply.json({answered: true});
    },
    close() {},
  };
  const stored = {name: 'editor', hash: hashToken(token), createdTime: '', budget: null, bots: null};
  const log: ServedRequest[] = [];
  const options = {backend, tokens: () => [stored], ledger: memoryLedger(), limits: {graceMs: 100, ...limits}, origins};
  const server = await startServer({...options, log: (request) => void log.push(request)});
  onTestFinished(() => server.close());
  const post = (headers: Record<string, string>, body: string | ReadableStream = '{"model":"a"}') =>
    fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers},
      body,
      // Required for a body without a length.
      ...({duplex: 'half'} as object),
    });
  return {
    server,
    token,
    log,
    asked: () => asked,
    post,
    raw: (text: string, options?: RawOptions) => rawRequest(server.port, text, options),
  };
}

interface RawOptions {
  /** Sent when an event has arrived. */
  afterEvent?: string;
}

/** Sends bytes on a connection of its own. @returns everything that is received until the server closes it */
function rawRequest(port: number, text: string, {afterEvent}: RawOptions = {}): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let received = '';
    socket.on('data', (chunk) => {
      const hadEvent = received.includes('data: ');
      received += chunk.toString();
      if (afterEvent !== undefined && !hadEvent && received.includes('data: ')) socket.write(afterEvent);
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(received));
  });
}

const statusOf = (received: string): string => /^HTTP\/1\.1 (\d+)/.exec(received)?.[1] ?? '(closed)';

test('without the right token nothing is read, answered or sent to Poe, in the format of the program', async () => {
  const {addToken, fetchJson, request, sandbox, run} = await serving();
  const token = await addToken('editor');
  const before = sandbox.requests.length;
  const wrong = [
    undefined,
    '',
    'wrong',
    token.slice(0, -1),
    `${token}a`,
    token.toUpperCase(),
    'sandbox-key-5f2b8c1d9e',
  ];
  for (const each of wrong) {
    const {status, body} = await fetchJson('/v1/chat/completions', {token: each, body: {model: 'Sandbox-Echo'}});
    expect({status, type: body.error.type}).toEqual({status: 401, type: 'authentication_error'});
  }
  const anthropic = await fetchJson('/v1/messages', {body: {}, headers: {'x-api-key': 'wrong'}});
  expect(anthropic).toMatchObject({status: 401, body: {type: 'error', error: {type: 'authentication_error'}}});
  for (const path of ['/v1/models', '/v1/models/Sandbox-Echo']) expect((await request(path)).status).toBe(401);
  await run('serve', 'token', 'revoke', 'editor');
  expect((await request('/v1/models', {token})).status).toBe(401);
  expect(sandbox.requests).toHaveLength(before);
});

test("another user's process learns only that a server is running", async () => {
  const {request} = await serving();
  const health = await (await request('/health')).json();
  expect(health).toEqual({status: 'ok', id: expect.stringMatching(/^[\da-f]{16}$/)});
  expect((await request('/v1/unknown')).status).toBe(404);
});

test('a host name that leads to this machine is refused (DNS rebinding)', async () => {
  const {raw, asked, token} = await started();
  const get = (head: string) =>
    raw(`GET /v1/models HTTP/1.1\r\n${head}Authorization: Bearer ${token}\r\nConnection: close\r\n\r\n`);
  for (const host of [
    'evil.example',
    'evil.example:80',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '192.168.1.2',
  ])
    expect([host, statusOf(await get(`Host: ${host}\r\n`))]).toEqual([host, '421']);
  for (const head of ['', 'Host: localhost\r\nHost: evil.example\r\n', 'Host: \r\n'])
    expect(['400', '421']).toContain(statusOf(await get(head)));
  expect(
    statusOf(await raw('GET http://evil.example/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')),
  ).toBe('400');
  for (const host of ['localhost', 'localhost:1234', '127.0.0.1', '[::1]:80', 'poe.localhost', 'LOCALHOST.'])
    expect([host, statusOf(await get(`Host: ${host}\r\n`))]).toEqual([host, '200']);
  expect(asked()).toBe(0);
});

test('a web page cannot use the server, unless its origin is allowed', async () => {
  const page = await started();
  const foreign = {Origin: 'https://evil.example'};
  const refused = await page.post(foreign);
  expect(refused.status).toBe(403);
  expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  expect(await refused.json()).toMatchObject({error: {code: 'origin_not_allowed'}});
  const preflight = await fetch(`${page.server.url}/v1/chat/completions`, {
    method: 'OPTIONS',
    headers: {...foreign, 'Access-Control-Request-Method': 'POST'},
  });
  expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([403, null]);
  // What a form or an image can send without asking.
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=a', ''])
    expect((await page.post({'Content-Type': type})).status).toBe(415);
  expect((await page.post({Origin: 'null'})).status).toBe(403);
  expect((await page.post({'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors'})).status).toBe(403);
  expect(page.asked()).toBe(0);

  const allowed = await started({}, ['https://app.example']);
  const answer = await allowed.post({Origin: 'https://app.example'});
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, 'https://app.example']);
  expect(answer.headers.get('access-control-expose-headers')).toMatch(/mcp-session-id.*retry-after.*x-should-retry/);
  expect((await allowed.post(foreign)).status).toBe(403);
  const asks = await fetch(`${allowed.server.url}/v1/messages`, {
    method: 'OPTIONS',
    headers: {
      Origin: 'https://app.example',
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'authorization,content-type',
    },
  });
  expect([asks.status, asks.headers.get('access-control-allow-headers')]).toEqual([204, 'authorization,content-type']);
});

test('a request that two programs could read in different ways is refused, and the connection closed', async () => {
  const {raw, asked, token, log} = await started();
  const head = `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`;
  const smuggled = 'GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
  const lengths = [
    'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n',
    'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n',
    'Content-Length: 13\r\nContent-Length: 4\r\n',
    'Content-Length: 4, 13\r\n',
    'Content-Length: +4\r\n',
    'Content-Length: 0x4\r\n',
    'Content-Length : 4\r\n',
    'Transfer-Encoding: xchunked\r\n',
    'Transfer-Encoding: chunked, identity\r\n',
    'Transfer-Encoding : chunked\r\n',
    'Transfer-Encoding:\r\n chunked\r\nContent-Length: 4\r\n',
    'X: a\rContent-Length: 4\r\n',
    'X: a\0b\r\n',
  ];
  for (const length of lengths) {
    const received = await raw(`${head}${length}\r\n0\r\n\r\n${smuggled}`);
    expect([length, statusOf(received), received.includes('"status":"ok"')]).toEqual([length, '400', false]);
  }
  // Of one, the fault is in its body, after the head was accepted.
  expect({asked: asked(), answered: log.filter(({status}) => status !== null)}).toEqual({asked: 0, answered: []});
});

test('huge bodies and headers are refused before they are in memory', async () => {
  const {post, raw, asked, token} = await started({bodyBytes: 1_000});
  const tooLarge = {status: 413};
  expect(await post({}, JSON.stringify({model: 'a', text: 'x'.repeat(2_000)}))).toMatchObject(tooLarge);
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent += 500;
      if (sent > 20_000_000) controller.close();
      else controller.enqueue(new TextEncoder().encode('x'.repeat(500)));
    },
  });
  // The program may see the closed connection before the response.
  const outcome = await post({}, endless).then(
    ({status}) => status,
    () => 413,
  );
  expect(outcome).toBe(413);
  const announced = `POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\nExpect: 100-continue\r\n`;
  expect(statusOf(await raw(`${announced}Authorization: Bearer ${token}\r\n\r\n`))).toBe('413');
  // Without a token, the body is not even asked for.
  expect(statusOf(await raw(`${announced}\r\n`))).toBe('401');
  expect(statusOf(await raw(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`))).toBe('431');
  expect((await post({'Content-Encoding': 'gzip'})).status).toBe(415);
  expect((await post({}, '{"model":"a"')).status).toBe(400);
  expect((await post({}, '[]')).status).toBe(400);
  expect((await post({}, '['.repeat(900))).status).toBe(400);
  expect(asked()).toBe(0);
});

test('what follows a request on its connection cannot become a part of its answer', async () => {
  const {raw, token} = await started({headersMs: 200}, [], async (_request, reply) => {
    reply.startEvents();
    await reply.write('data: 1\n\n');
    await new Promise(() => {});
  });
  const ask = (body: string) =>
    `POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  // Neither what is not HTTP, nor a request that never ends.
  for (const next of ['garbage\r\n\r\n', 'POST /v1/mess']) {
    const received = await raw(ask('{"model":"a"}'), {afterEvent: next});
    expect(received).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*data: 1\n\n\r\n$/);
  }
});

test('slow headers and slow bodies are cut off', async () => {
  const {raw, asked, token} = await started({headersMs: 200, requestMs: 300});
  const head = `POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n`;
  const received = await Promise.all([
    raw(''),
    raw('POST /v1/mess'),
    raw(head),
    raw(`${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"model":`),
  ]);
  expect(received.map(statusOf)).toEqual(['408', '408', '408', '408']);
  expect(asked()).toBe(0);
});

test('thousands of idle connections do not keep a program from connecting', async () => {
  const {server, post} = await started({idleConnections: 50});
  const sockets: Socket[] = [];
  onTestFinished(() => sockets.forEach((socket) => void socket.destroy()));
  let closed = 0;
  for (let batch = 0; batch < 10; batch++) {
    await Promise.all(
      Array.from({length: 100}, () => {
        const socket = connect(server.port, '127.0.0.1');
        sockets.push(socket.on('error', () => {}).on('close', () => void (closed += 1)));
        return new Promise((resolve) => void socket.once('connect', resolve));
      }),
    );
    expect((await post({})).status).toBe(200);
  }
  while (sockets.length - closed > 50) await sleep(5);
});

test('too many requests at the same time are refused, and those that do not end are ended with an error when the server stops', async () => {
  const endless: ServeBackend['answer'] = async ({signal}, reply) => {
    reply.startEvents();
    void reply.write('data: {}\n\n');
    await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
  const {server, post} = await started({requests: 2}, [], endless);
  const replies = [await post({}), await post({})];
  const refused = await post({});
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  const texts = replies.map(async (reply) => reply.text());
  await server.close();
  for (const text of texts) expect(await text).toContain('"message":"The server has been stopped."');
});
