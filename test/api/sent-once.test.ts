import {once} from 'node:events';
import {describe, expect, test} from 'vitest';
import {connectWithKey} from '../../src/index.js';
import {
  answering,
  correct,
  cutting,
  cuttingAfter,
  type Fault,
  faultyApi,
  first,
} from '../support/servers/faulty-api.js';
import {seconds} from '../support/patience.js';

/* A message that may have been processed is not sent again: it may be charged. */

const protocols = ['openai', 'native'] as const;
const json = {'Content-Type': 'application/json'};
const stream = {'Content-Type': 'text/event-stream'};

/** A response for either protocol. */
const event = (name: string, data: object) =>
  answering(200, stream, `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
const failed = (allow_retry: boolean, code: number) =>
  event('error', {allow_retry, text: 'Internal server error', error: {message: 'Internal server error', code}});
const text = 'data: {"text":"so far","choices":[{"delta":{"content":"so far"}}]}\n\n';

/** Closes the connection as soon as a part of the request has arrived. */
const cuttingEarly: Fault = async (request) => {
  await once(request, 'readable');
  request.socket.resetAndDestroy();
};

const large = 'x'.repeat(20_000_000);
const charged = /may have been charged.*\n +.*poe usage/;

interface Row {
  fault: string;
  of: Fault;
  /** How often the message is posted. */
  posts: number;
  code: number;
  error: RegExp;
  message?: string;
}

const row = (fault: string, of: Fault, posts: number, code: number, error = charged, message = 'hello'): Row => ({
  fault,
  of,
  posts,
  code,
  error,
  message,
});

const rows: Row[] = [
  row('a connection that is lost while the message is sent', cuttingEarly, 3, 6, /closed the connection/, large),
  row('HTTP 429', answering(429), 3, 5, /Rate limited/),
  row('HTTP 429 with a short pause', answering(429, {'Retry-After': '0'}), 3, 5, /Rate limited/),
  row('HTTP 429 with a long pause', answering(429, {'Retry-After': '60'}), 1, 5, /60 seconds/),
  row('HTTP 503', answering(503), 3, 6, /unavailable/),
  row('HTTP 503 with a long pause', answering(503, {'Retry-After': '60'}), 1, 6, /60 seconds/),
  row('HTTP 529', answering(529), 3, 6, /overloaded/),
  row('a connection that is lost after the message was sent', cutting, 1, 7),
  row('no response', () => {}, 1, 7),
  row(
    'HTTP 101',
    (request) =>
      void request.socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    1,
    7,
  ),
  row('HTTP 302', answering(302, {Location: '/elsewhere'}), 1, 7),
  row('HTTP 408', answering(408), 1, 7),
  row('HTTP 500', answering(500), 1, 7),
  row('HTTP 502', answering(502), 1, 7),
  row('HTTP 504', answering(504), 1, 7),
  row('HTTP 520', answering(520), 1, 7),
  row('headers, then a lost connection', cuttingAfter(''), 1, 7),
  row('a comment, then a lost connection', cuttingAfter(': ping\n\n'), 1, 7),
  row('an empty stream', answering(200, stream), 1, 7),
  row('a web page', answering(200, {'Content-Type': 'text/html'}, '<html>'), 1, 7),
  row('JSON of unknown format', answering(200, json, '{"x":1}'), 1, 7),
  row('a failure of the server in the stream', failed(true, 502), 1, 7),
  row(
    'a part of the reply, then a lost connection',
    cuttingAfter(`event: text\n${text}`),
    1,
    7,
    /ended early.*\n.*may have been charged/,
  ),
  row('a rejection in the stream', failed(false, 400), 1, 1, /Internal server error/),
  ...[400, 403].map((status) => row(`HTTP ${status}`, answering(status), 1, 1, new RegExp(`HTTP ${status}`))),
  row('HTTP 401', answering(401), 1, 4, /rejected the key/),
  row('HTTP 402', answering(402), 1, 5, /Not enough points/),
  row('HTTP 413', answering(413), 1, 5, /too large/),
];

describe.concurrent.each(protocols)('over %s', (protocol) => {
  const send = (test: Parameters<typeof seconds>[1]) => [
    'send',
    '--via',
    'api',
    '--timeout',
    seconds(1, test),
    '-b',
    'bot',
    '--protocol',
    protocol,
  ];

  test.for(rows)(
    '$fault: the message is posted $posts times, and poe exits with $code',
    async (expected, {onTestFinished: onEnd, task}) => {
      const api = await faultyApi(expected.of, onEnd);
      const {code, err} = await api.run(...send(task), expected.message ?? '');
      expect({posts: api.messages, code, err}).toEqual({
        posts: expected.posts,
        code: expected.code,
        err: expect.stringMatching(expected.error),
      });
    },
  );

  test('a message that was not processed is sent again', async ({onTestFinished: onEnd, task}) => {
    for (const fault of [answering(429), answering(503, {'Retry-After': '0'}), answering(529)]) {
      const api = await faultyApi(first(2, fault), onEnd);
      expect(await api.run(...send(task), 'hello')).toEqual({code: 0, out: 'yes\n', err: ''});
      expect(api.messages).toBe(3);
    }
  });

  test('--retries sends it again after failures that leave it open', async ({onTestFinished: onEnd, task}) => {
    for (const fault of [answering(502), cutting, cuttingAfter(''), failed(true, 502), answering(200, stream)]) {
      const api = await faultyApi(first(2, fault), onEnd);
      expect(await api.run(...send(task), '--retries', '2', 'hello')).toEqual({code: 0, out: 'yes\n', err: ''});
      expect(api.messages).toBe(3);
      const failing = await faultyApi(fault, onEnd);
      expect(await failing.run(...send(task), '--retries', '1', 'hello')).toMatchObject({code: 7, out: ''});
      expect(failing.messages).toBe(2);
    }
  });

  test('--retries does not repeat a rejected message or one whose reply has started', async ({
    onTestFinished: onEnd,
    task,
  }) => {
    for (const fault of [answering(400), failed(false, 400), cuttingAfter(`event: text\n${text}`)]) {
      const api = await faultyApi(fault, onEnd);
      await api.run(...send(task), '--retries', '3', 'hello');
      expect(api.messages).toBe(1);
    }
  });

  test('retry has the same rules', async ({onTestFinished: onEnd, task}) => {
    const api = await faultyApi(
      (request, response, count) => (count === 1 ? correct : answering(502))(request, response, count),
      onEnd,
    );
    await api.run(...send(task), 'hello');
    expect(await api.run('retry', 'last', '--protocol', protocol)).toMatchObject({
      code: 7,
      err: expect.stringMatching(charged),
    });
    expect(api.messages).toBe(2);
    await api.run('retry', 'last', '--protocol', protocol, '--retries', '2');
    expect(api.messages).toBe(5);
  });
});

test('an unreachable host is tried three times, and the error does not mention charges', async () => {
  const {code, err} = await (
    await faultyApi(correct)
  ).runWith(
    {env: {POE_API_URL: 'http://127.0.0.1:1'}},
    'send',
    '--via',
    'api',
    '-v',
    '-b',
    'bot',
    '--protocol',
    'native',
    'hello',
  );
  expect(code).toBe(6);
  expect(err.match(/api \/bot\/bot: failed/g)).toHaveLength(3);
  expect(err).not.toContain('charged');
});

test('in the library, such an error has a code of its own and is not retryable', async () => {
  const api = await faultyApi(first(1, answering(502)));
  const poe = await connectWithKey({apiKey: 'some-key', apiUrl: api.url});
  await expect(poe.send('hello', {bot: 'bot'})).rejects.toMatchObject({code: 'delivery_unknown', retryable: false});
  expect((await (await poe.send('hello', {bot: 'bot', retries: 1})).result()).text).toBe('yes');
});

test.each(['x', '-1', '1.5', '21'])('--retries %s is a usage error', async (count) => {
  const api = await faultyApi(correct);
  expect((await api.run('send', '--retries', count, 'hello')).code).toBe(2);
  expect(api.messages).toBe(0);
});
