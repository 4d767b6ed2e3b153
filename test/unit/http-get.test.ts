import {createServer, type RequestListener} from 'node:http';
import type {AddressInfo} from 'node:net';
import {gzipSync} from 'node:zlib';
import {expect, onTestFinished, test} from 'vitest';
import {get, getText} from '../../src/core/http/ky-client.js';
import {retryHint, safeRetryPolicy} from '../../src/core/http/retry.js';
import type {LogEntry} from '../../src/core/log/log.js';
import {milliseconds} from '../support/patience.js';

/* GET requests through ky, over the same transport as all other requests. */

const retry = {...safeRetryPolicy(2_000), pauseMs: () => 1};

async function serve(listener: RequestListener) {
  const log: LogEntry[] = [];
  const server = createServer(listener);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/a?b#c`);
  const options = {
    name: 'test',
    timeoutMs: milliseconds(2_000),
    log: (entry: LogEntry) => void log.push(entry),
    signal: undefined,
    retry,
  };
  return {url, options, statuses: () => log.map(({status}) => status)};
}

const noHeaders = () => ({});

test('headers are sent in the given order and spelling', async () => {
  let received: string[] = [];
  const {url, options} = await serve(({rawHeaders}, response) => {
    received = rawHeaders.filter((_, index) => index % 2 === 0);
    response.end('ok');
  });
  await getText(url, () => ({'X-First': '1', Accept: '*/*', 'a-LAST': '2'}), options);
  expect(received).toEqual(['X-First', 'Accept', 'a-LAST', 'Accept-Encoding', 'Host', 'Connection']);
});

test('a response has its status, headers and URL, and a decompressed body', async () => {
  const {url, options} = await serve((_request, response) => {
    response.writeHead(201, {'Content-Encoding': 'gzip', 'Set-Cookie': ['a=1', 'b=2'], 'X-Name': 'value'});
    response.end(gzipSync('grüße'));
  });
  const response = await get(url, noHeaders, options);
  expect(response).toBeInstanceOf(Response);
  expect(response).toMatchObject({status: 201, ok: true, url: url.href});
  expect(response.headers.get('x-name')).toBe('value');
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(await response.text()).toBe('grüße');
});

test.each([204, 304, 404, 700, 999])('a response with status %i is returned', async (status) => {
  const {url, options} = await serve((_request, response) => void response.writeHead(status).end());
  expect(await getText(url, noHeaders, options)).toMatchObject({status, text: ''});
  const response = await get(url, noHeaders, options);
  expect(response).toMatchObject({status, ok: status === 204});
  await response.body?.cancel();
});

test('a redirect is returned, not followed', async () => {
  const {url, options, statuses} = await serve((_request, response) => {
    response.writeHead(302, {Location: '/elsewhere'}).end();
  });
  expect((await get(url, noHeaders, options)).headers.get('Location')).toBe('/elsewhere');
  expect(statuses()).toEqual([302]);
});

test('server errors are retried, and the last response is returned', async () => {
  const {url, options, statuses} = await serve((_request, response) => void response.writeHead(503).end('busy'));
  expect(await getText(url, noHeaders, options)).toMatchObject({status: 503, text: 'busy'});
  expect(statuses()).toEqual([503, 503, 503]);
});

test('Retry-After sets the pause, unless it is too long', async () => {
  const pauses = ['0', '1', '3'];
  const {url, options, statuses} = await serve((_request, response) => {
    response.writeHead(429, {'Retry-After': pauses.shift() ?? ''}).end();
  });
  const startedAt = performance.now();
  expect((await getText(url, noHeaders, options)).headers.get('Retry-After')).toBe('3');
  expect(performance.now() - startedAt).toBeGreaterThan(990);
  expect(statuses()).toEqual([429, 429, 429]);
  pauses.push('3');
  await getText(url, noHeaders, options);
  expect(statuses()).toHaveLength(4);
});

test.each([
  ['120', 'Try again in 2 minutes.'],
  ['Sat, 28 Nov 2026 10:02:00 GMT', 'Try again in 2 minutes.'],
  ['Saturday, 28-Nov-26 10:02:00 GMT', 'Try again in 2 minutes.'],
  // Date.parse reads all of these as dates of the past.
  ['-5', undefined],
  ['+5', undefined],
  ['2, 2', undefined],
  ['retry 3', undefined],
])('Retry-After may be seconds or an HTTP date: "%s"', (value, hint) => {
  const headers = new Headers({Date: 'Sat, 28 Nov 2026 10:00:00 GMT', 'Retry-After': value});
  expect(retryHint(headers)).toBe(hint);
});

test('getText retries a response that was cut off', async () => {
  let requests = 0;
  const {url, options} = await serve((_request, response) => {
    requests += 1;
    response.writeHead(200, {'Content-Length': 5});
    if (requests === 3) response.end('whole');
    else response.write('wh', () => response.destroy());
  });
  expect((await getText(url, noHeaders, options)).text).toBe('whole');
  expect(requests).toBe(3);
});

test('get does not retry a response that was cut off; reading it fails', async () => {
  let requests = 0;
  const {url, options} = await serve((_request, response) => {
    requests += 1;
    response.writeHead(200, {'Content-Length': 5}).write('wh', () => response.destroy());
  });
  const response = await get(url, noHeaders, options);
  await expect(response.text()).rejects.toMatchObject({code: 'network', message: `${url.host} closed the connection`});
  expect(requests).toBe(1);
});

test('a compressed response without its end was cut off, unless it is an error or empty', async () => {
  const whole = gzipSync('a page with a text');
  const half = whole.subarray(0, 20);
  let parts = [half, whole];
  let status = 200;
  const {url, options} = await serve((_request, response) => {
    const part = parts.shift();
    response.writeHead(status, {'Content-Encoding': 'gzip', ...(!part && {'Content-Length': 0})}).end(part);
  });
  expect((await getText(url, noHeaders, options)).text).toBe('a page with a text');
  parts = [half];
  const response = await get(url, noHeaders, options);
  await expect(response.text()).rejects.toMatchObject({code: 'network', message: `${url.host} closed the connection`});
  for (status of [200, 204, 404]) expect((await getText(url, noHeaders, options)).text, String(status)).toBe('');
  parts = [half];
  expect((await getText(url, noHeaders, options)).text).toMatch(/^a pa/);
});

test('a body without data for too long ends with a timeout', async () => {
  const {url, options} = await serve((_request, response) => void response.writeHead(200).write('begin'));
  await expect(getText(url, noHeaders, {...options, timeoutMs: milliseconds(100)})).rejects.toMatchObject({
    code: 'timeout',
  });
  const response = await get(url, noHeaders, {...options, timeoutMs: milliseconds(100)});
  await expect(response.text()).rejects.toMatchObject({code: 'timeout'});
});

test('aborting the signal ends requests, pauses and bodies', async () => {
  const stop = new AbortController();
  const {url, options} = await serve((request, response) => {
    if (request.headers.accept === 'pause') response.writeHead(503, {'Retry-After': '2'}).end();
    else response.writeHead(200).write('begin');
  });
  const withSignal = {...options, signal: stop.signal};
  const pausing = getText(url, () => ({Accept: 'pause'}), withSignal);
  const reading = getText(url, noHeaders, withSignal);
  const streaming = (await get(url, noHeaders, withSignal)).text();
  setTimeout(() => stop.abort(), 100);
  await Promise.all(
    [pausing, reading, streaming].map((each) => expect(each).rejects.toMatchObject({code: 'interrupted'})),
  );
  await expect(getText(url, noHeaders, withSignal)).rejects.toMatchObject({code: 'interrupted'});
});

test('cancelling a body closes the connection', async () => {
  let isClosed = false;
  const {url, options} = await serve((_request, response) => {
    response.on('close', () => (isClosed = true));
    response.writeHead(200).write('begin');
  });
  const response = await get(url, noHeaders, options);
  expect(isClosed).toBe(false);
  await response.body?.cancel();
  await expect.poll(() => isClosed).toBe(true);
});

test('user name and password in a URL are sent as basic authentication', async () => {
  let authorization: string | undefined;
  const {url, options} = await serve((request, response) => {
    ({authorization} = request.headers);
    response.end('ok');
  });
  await getText(url, noHeaders, options);
  expect(authorization).toBe(undefined);
  url.username = 'me';
  url.password = 'secret';
  expect((await getText(url, noHeaders, options)).text).toBe('ok');
  expect(authorization).toBe(`Basic ${Buffer.from('me:secret').toString('base64')}`);
});
