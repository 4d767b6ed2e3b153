import {createServer, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {PassThrough} from 'node:stream';
import {gzipSync} from 'node:zlib';
import {expect, onTestFinished, test} from 'vitest';
import {runMain, temporaryFolder, withSandbox} from '../support/harness.js';
import {scriptedApi} from '../support/servers/scripted-api.js';
import {scriptedSite} from '../support/servers/scripted-site.js';
import {findLeak, payloads} from '../support/hostile-text.js';
import {withKey} from '../support/with-key.js';

/* Every response is read up to a limit, and a larger one ends with a clear error. */

const MiB = 1024 * 1024;

/** An endless response: `first`, followed by `again` repeated forever. */
interface EndlessResponse {
  status?: number;
  type: string;
  first?: string;
  again: string;
}

type Answer = EndlessResponse | object;

const isEndlessResponse = (answer: Answer): answer is EndlessResponse => 'again' in answer;

/** Starts a site and an API with these responses by path. `maxBytesRead` returns the most bytes that were read of a response. */
async function floods(answers: Record<string, Answer>) {
  let mostRead = 0;
  const flood = (response: ServerResponse, {status = 200, type, first = '', again}: EndlessResponse) => {
    response.writeHead(status, {'Content-Type': type});
    const {socket} = response;
    const start = socket?.bytesWritten ?? 0;
    const piece = again.repeat(Math.ceil((MiB / 16) * (1 / again.length)));
    const writeMore = () => {
      mostRead = Math.max(mostRead, (socket?.bytesWritten ?? 0) - start);
      while (!response.destroyed && response.write(piece));
    };
    response.write(first);
    response.on('drain', writeMore).on('error', () => {});
    writeMore();
  };
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const answer = answers[(request.url ?? '').replace(/\?.*/, '')];
      if (answer === undefined) response.writeHead(404).end();
      else if (isEndlessResponse(answer)) flood(response, answer);
      else response.writeHead(200, {'Content-Type': 'application/json'}).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = {
    POE_BASE_URL: url,
    POE_P_B: 'b',
    POE_P_LAT: 'l',
    POE_FORMKEY: 'f'.repeat(32),
    POE_API_URL: url,
    POE_UPLOAD_URL: `${url}/upload`,
    POE_API_KEY: 'key',
    POE_CONFIG_DIR: temporaryFolder(),
  };
  return {url, env, maxBytesRead: () => mostRead, run: (...argv: string[]) => runMain(argv, {env})};
}

/** The most that the operating system buffers between two processes. */
const systemBuffers = 16 * MiB;
const endlessText = {type: 'application/json', first: '{"data":[{"id":"', again: 'x'};
const bot = {
  id: 'Bot',
  object: 'model',
  created: 1,
  owned_by: 'x',
  architecture: {input_modalities: ['text'], output_modalities: ['text']},
  supported_endpoints: ['/v1/chat/completions'],
};
const model = {'/v1/models': {object: 'list', data: [bot]}};
const unlisted = {'/v1/models': {object: 'list', data: []}};
const send = ['send', '--via', 'api', '-b', 'Bot', 'hello'];
const file = ['-f', 'test/fixtures/tag-vectors.json'];

test.each<[string, string[], Record<string, Answer>, number?]>([
  ['the API’s list of bots', ['explore', '--via', 'api'], {'/v1/models': endlessText}],
  ['the API’s balance', ['settings', '--via', 'api'], {'/usage/current_balance': endlessText}],
  ['the API’s points history', ['usage'], {'/usage/points_history': endlessText}],
  ['an API response that is not streamed', send, {...model, '/v1/chat/completions': endlessText}, 7],
  ['the response to an upload', [...send, ...file], {'/upload': endlessText}],
  ['the home page', ['whoami', '--via', 'web'], {'/': {type: 'text/html', again: '<p>'}}],
  ['the response to an operation', ['whoami', '--via', 'web'], {'/api/gql_POST': endlessText}],
])('%s is read up to 32 MiB', async (_what, argv, answers: Record<string, Answer>, expected = 1) => {
  const {run, env, maxBytesRead} = await floods(answers);
  if ('/' in answers) env.POE_FORMKEY = '';
  const {code, out, err} = await run(...argv);
  expect({code, out}).toEqual({code: expected, out: ''});
  expect(err).toMatch(/is larger than 32 MiB/);
  expect(err).toMatch(/^poe: .+\n {5}\S.+\n$/);
  expect(maxBytesRead()).toBeGreaterThan(32 * MiB - 1);
  expect(maxBytesRead()).toBeLessThan(32 * MiB + systemBuffers);
});

test('a compressed response is decompressed up to 32 MiB', async () => {
  const packed = gzipSync(Buffer.alloc(64 * MiB, ' '));
  expect(packed.byteLength).toBeLessThan(MiB);
  const server = createServer((_request, response) =>
    response.writeHead(200, {'Content-Encoding': 'gzip'}).end(packed),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = {
    POE_BASE_URL: url,
    POE_API_URL: url,
    POE_P_B: 'b',
    POE_API_KEY: 'key',
    POE_CONFIG_DIR: temporaryFolder(),
  };
  for (const argv of [
    ['explore', '--via', 'api'],
    ['whoami', '--via', 'web'],
    ['whoami', '--via', 'web', '--formkey', 'f'.repeat(32)],
  ]) {
    const {code, err} = await runMain(argv, {env});
    expect({argv, code}).toEqual({argv, code: 1});
    expect(err).toContain('is larger than 32 MiB');
  }
});

test('the response to a login is read up to 32 MiB', async () => {
  const {env, maxBytesRead} = await floods({'/token': endlessText});
  const stdin = new PassThrough();
  let shown = '';
  const onErr = (text: string) => {
    const [before, parameter] = [shown, 'redirect_uri='];
    shown += text;
    if (before.includes(parameter) || !shown.includes(parameter)) return;
    const {searchParams} = new URL(/http:\S+authorize\S+/.exec(shown)?.[0] ?? '');
    void fetch(`${searchParams.get('redirect_uri')}?code=x&state=${searchParams.get('state')}`);
  };
  const loginEnv = {...env, POE_API_KEY: '', POE_CLIENT_ID: 'client'};
  const {code, err} = await runMain(['login', '--api-key'], {stdin, env: loginEnv, onErr});
  expect(code).toBe(1);
  expect(err).toContain('is larger than 32 MiB');
  expect(maxBytesRead()).toBeLessThan(32 * MiB + systemBuffers);
});

const event = (data: object) => `data: ${JSON.stringify(data)}\n\n`;
const content = (text: string) => event({choices: [{delta: {content: text}}]});

test.each([
  ['a response', 64, model, '/v1/chat/completions', {first: content('hi'), again: content('a'.repeat(100_000))}],
  [
    'a response in small chunks',
    64,
    model,
    '/v1/chat/completions',
    {first: content('hi'), again: content('a'.repeat(1000))},
  ],
  ['a response of comments', 64, model, '/v1/chat/completions', {first: content('hi'), again: ': tick\n\n'}],
  ['an event', 64, model, '/v1/chat/completions', {first: `${content('hi')}data: `, again: 'a'}],
  [
    'an event with many lines',
    64,
    model,
    '/v1/chat/completions',
    {first: content('hi'), again: 'data: aaaaaaaaaaaa\n'},
  ],
  [
    'a response of an unlisted bot',
    64,
    unlisted,
    '/bot/Bot',
    {first: 'event: text\ndata: {"text":"hi"}\n\n', again: `event: text\ndata: {"text":"${'a'.repeat(100_000)}"}\n\n`},
  ],
  [
    'an event of an unlisted bot',
    64,
    unlisted,
    '/bot/Bot',
    {first: 'event: text\ndata: {"text":"hi"}\n\nevent: text\ndata: {"text":"', again: 'a'},
  ],
])('%s is streamed up to %d MiB, and its beginning is stored', async (_what, _most, list, path, response) => {
  const {run, maxBytesRead} = await floods({...list, [path]: {type: 'text/event-stream', ...response}});
  const {code, out, err} = await run(...send);
  expect({code, out: out.slice(0, 2)}).toEqual({code: 7, out: 'hi'});
  expect(err).toContain('larger than any reply');
  // Data that arrives while an event is processed is read too.
  expect(maxBytesRead()).toBeLessThan(80 * MiB + systemBuffers);
  expect((await run('history', 'show', 'last')).out).toContain('hi');
});

test.each([
  ['an endless text', {type: 'text/plain', again: 'broken '}],
  ['a web page', {type: 'text/html', first: '<!doctype html>', again: '<p>broken</p>'}],
  ['incomplete JSON', {type: 'application/json', first: '{"error": {"message": "', again: 'broken '}],
])('an API error that is %s is reported in one line', async (_what, response) => {
  for (const [status, code] of [
    [400, 1],
    [401, 4],
    [500, 7],
    [503, 6],
  ] as const) {
    const {run, maxBytesRead} = await floods({...model, '/v1/chat/completions': {...response, status}});
    const outcome = await run(...send);
    expect({status, code: outcome.code, out: outcome.out}).toEqual({status, code, out: ''});
    expect(outcome.err).toMatch(/^poe: .{1,700}\n {5}\S.+\n$/);
    expect(maxBytesRead()).toBeLessThan(32 * MiB + systemBuffers);
  }
});

test('an API error of any content type is sanitized', async () => {
  for (const payload of Object.values(payloads)) {
    for (const [type, text] of [
      ['text/plain', payload],
      ['application/json', JSON.stringify({error: {message: payload}})],
      ['application/json', `{"error": ${payload}`],
      ['text/html', `<p>${payload}`],
    ] as const) {
      const {run} = await scriptedApi({...model, '/v1/chat/completions': {type, text, status: 400}});
      const {code, err} = await run(...send);
      expect({text, code, leak: findLeak(err), lines: err.split('\n').length}).toEqual({text, code: 1, lines: 3});
    }
  }
});

test('a frame larger than 128 MiB closes the live channel, and the reply is read over a new one', async () => {
  let connections = 0;
  let again = () => {};
  const reconnected = new Promise<void>((resolve) => (again = resolve));
  const chat = {chatId: 77, id: 'Q2hhdDo3Nw==', chatCode: 'abc', title: 'T'};
  const botMessage = {messageId: 12, text: '', state: 'incomplete', author: 'bot'};
  const human = {messageId: 11, text: 'hello', state: 'complete', author: 'human'};
  const {run} = await scriptedSite({
    async answer({queryName}, emit) {
      if (queryName === 'HandleBotLandingPageQuery') return {bot: {botId: 1, handle: 'Bot'}};
      if (queryName !== 'SendMessageMutation') return null;
      await reconnected;
      setImmediate(() => emit('messageAdded', {...botMessage, text: 'Hello', state: 'complete'}));
      const edge = {status: 'success', message: {node: human}, chat, botMessage: {node: botMessage}};
      return {messageEdgeCreate: edge};
    },
    onConnect(socket) {
      connections++;
      socket.on('error', () => {});
      // The frame arrives together with the response that opens the socket.
      if (connections === 1) socket.send(JSON.stringify({messages: [], min_seq: 1, more: 'x'.repeat(129 * MiB)}));
      else again();
    },
  });
  expect(await run('send', '-b', 'Bot', 'hello')).toEqual({code: 0, out: 'Hello\n', err: ''});
  expect(connections).toBe(2);
});

test('response headers of 40 KB are accepted', async () => {
  const {run, sandbox} = await withKey();
  sandbox.faults.respondAlways(
    {path: '/v1/models'},
    {status: 200, body: '{"data":[]}', headers: {'x-csp': 'x'.repeat(40_000)}},
  );
  expect(await run('explore')).toEqual({code: 0, out: '', err: 'No bots match.\n'});
});

test('an error shows a status that HTTP does not define', async () => {
  const {run, sandbox} = await withSandbox();
  sandbox.faults.respondAlways({path: '/'}, {status: 999});
  expect(await run('whoami')).toMatchObject({code: 6, err: expect.stringContaining('home page (HTTP 999)')});
});
