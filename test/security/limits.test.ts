import {createServer, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {PassThrough} from 'node:stream';
import {gzipSync} from 'node:zlib';
import {expect, onTestFinished, test} from 'vitest';
import {runMain, temporaryFolder, withSandbox} from '../support/harness.js';
import {scriptedApi} from '../support/scripted-api.js';
import {scriptedSite} from '../support/scripted-site.js';
import {findLeak, payloads} from '../support/hostile-text.js';
import {withKey} from '../support/with-key.js';

/* Whatever a site sends, it is read up to a limit, ends in a clear error, and costs no more memory than that limit. */

const MiB = 1024 * 1024;

/** An answer without end: what comes first, and what comes again and again. */
interface Endless {
  status?: number;
  type: string;
  first?: string;
  again: string;
}

type Answer = Endless | object;

const isEndless = (answer: Answer): answer is Endless => 'again' in answer;

/** A site and an API on this machine that answer so at each path, and how much of an answer was taken at most. */
async function floods(answers: Record<string, Answer>) {
  let taken = 0;
  const flood = (response: ServerResponse, {status = 200, type, first = '', again}: Endless) => {
    response.writeHead(status, {'Content-Type': type});
    const {socket} = response;
    const start = socket?.bytesWritten ?? 0;
    const piece = again.repeat(Math.ceil((MiB / 16) * (1 / again.length)));
    const pour = () => {
      taken = Math.max(taken, (socket?.bytesWritten ?? 0) - start);
      while (!response.destroyed && response.write(piece));
    };
    response.write(first);
    response.on('drain', pour).on('error', () => {});
    pour();
  };
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const answer = answers[(request.url ?? '').replace(/\?.*/, '')];
      if (answer === undefined) response.writeHead(404).end();
      else if (isEndless(answer)) flood(response, answer);
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
  return {url, env, mostTaken: () => taken, run: (...argv: string[]) => runMain(argv, {env})};
}

/** What systems hold between two processes. */
const onTheWay = 16 * MiB;
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

test.each([
  ['the API’s list of bots', ['explore', '--via', 'api'], {'/v1/models': endlessText}],
  ['the API’s balance', ['settings', '--via', 'api'], {'/usage/current_balance': endlessText}],
  ['the API’s list of what was spent', ['usage'], {'/usage/points_history': endlessText}],
  ['an answer of the API in one piece', send, {...model, '/v1/chat/completions': endlessText}],
  ['what the API says of a file', [...send, ...file], {'/upload': endlessText}],
  ['the home page', ['whoami', '--via', 'web'], {'/': {type: 'text/html', again: '<p>'}}],
  ['the answer to an operation', ['whoami', '--via', 'web'], {'/api/gql_POST': endlessText}],
])('%s is read up to 32 MiB', async (_what, argv, answers: Record<string, Answer>) => {
  const {run, env, mostTaken} = await floods(answers);
  if ('/' in answers) env.POE_FORMKEY = '';
  const {code, out, err} = await run(...argv);
  expect({code, out}).toEqual({code: 1, out: ''});
  expect(err).toMatch(/is larger than 32 MiB/);
  expect(err).toMatch(/^poe: .+\n {5}\S.+\n$/);
  expect(mostTaken()).toBeGreaterThan(32 * MiB - 1);
  expect(mostTaken()).toBeLessThan(32 * MiB + onTheWay);
});

test('an answer that is packed small is read up to 32 MiB of what is in it', async () => {
  const packed = gzipSync(Buffer.alloc(256 * MiB, ' '));
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

test('what Poe says to a login is read up to 32 MiB', async () => {
  const {env, mostTaken} = await floods({'/token': endlessText});
  const stdin = new PassThrough();
  let asked = '';
  const onErr = (text: string) => {
    const [before, at] = [asked, 'redirect_uri='];
    asked += text;
    if (before.includes(at) || !asked.includes(at)) return;
    const {searchParams} = new URL(/http:\S+authorize\S+/.exec(asked)?.[0] ?? '');
    void fetch(`${searchParams.get('redirect_uri')}?code=x&state=${searchParams.get('state')}`);
  };
  const loginEnv = {...env, POE_API_KEY: '', POE_CLIENT_ID: 'client'};
  const {code, err} = await runMain(['login', '--api-key'], {stdin, env: loginEnv, onErr});
  expect(code).toBe(1);
  expect(err).toContain('is larger than 32 MiB');
  expect(mostTaken()).toBeLessThan(32 * MiB + onTheWay);
});

const event = (data: object) => `data: ${JSON.stringify(data)}\n\n`;
const content = (text: string) => event({choices: [{delta: {content: text}}]});

test.each([
  ['an answer', 8, model, '/v1/chat/completions', {first: content('hi'), again: content('a'.repeat(100_000))}],
  [
    'an answer in small pieces',
    8,
    model,
    '/v1/chat/completions',
    {first: content('hi'), again: content('a'.repeat(1000))},
  ],
  ['an answer of comments', 64, model, '/v1/chat/completions', {first: content('hi'), again: ': tick\n\n'}],
  ['an event', 8, model, '/v1/chat/completions', {first: `${content('hi')}data: `, again: 'a'}],
  ['an event of many lines', 8, model, '/v1/chat/completions', {first: content('hi'), again: 'data: aaaaaaaaaaaa\n'}],
  [
    'an answer of a bot that is not listed',
    8,
    unlisted,
    '/bot/Bot',
    {first: 'event: text\ndata: {"text":"hi"}\n\n', again: `event: text\ndata: {"text":"${'a'.repeat(100_000)}"}\n\n`},
  ],
  [
    'an event of a bot that is not listed',
    8,
    unlisted,
    '/bot/Bot',
    {first: 'event: text\ndata: {"text":"hi"}\n\nevent: text\ndata: {"text":"', again: 'a'},
  ],
])('%s that streams in is read up to %d MiB, and what came is kept', async (_what, _most, list, path, told) => {
  const {run, mostTaken} = await floods({...list, [path]: {type: 'text/event-stream', ...told}});
  const {code, out, err} = await run(...send);
  expect({code, out: out.slice(0, 2)}).toEqual({code: 7, out: 'hi'});
  expect(err).toContain('larger than any reply');
  // What comes while an event is looked at is taken too, up to the limit of the whole.
  expect(mostTaken()).toBeLessThan(64 * MiB + onTheWay);
  expect((await run('history', 'show', 'last')).out).toContain('hi');
});

test.each([
  ['a text without end', {type: 'text/plain', again: 'broken '}],
  ['a web page', {type: 'text/html', first: '<!doctype html>', again: '<p>broken</p>'}],
  ['JSON that breaks off', {type: 'application/json', first: '{"error": {"message": "', again: 'broken '}],
])('an error of the API that is %s is told in one line', async (_what, told) => {
  for (const [status, code] of [
    [400, 1],
    [401, 4],
    [500, 6],
    [503, 6],
  ] as const) {
    const {run, mostTaken} = await floods({...model, '/v1/chat/completions': {...told, status}});
    const outcome = await run(...send);
    expect({status, code: outcome.code, out: outcome.out}).toEqual({status, code, out: ''});
    expect(outcome.err).toMatch(/^poe: .{1,700}\n {5}\S.+\n$/);
    expect(mostTaken()).toBeLessThan(32 * MiB + onTheWay);
  }
});

test('an error of the API brings no control character to the terminal, in whatever form it comes', async () => {
  for (const poison of Object.values(payloads)) {
    for (const [type, text] of [
      ['text/plain', poison],
      ['application/json', JSON.stringify({error: {message: poison}})],
      ['application/json', `{"error": ${poison}`],
      ['text/html', `<p>${poison}`],
    ] as const) {
      const {run} = await scriptedApi({...model, '/v1/chat/completions': {type, text, status: 400}});
      const {code, err} = await run(...send);
      expect({text, code, leak: findLeak(err), lines: err.split('\n').length}).toEqual({text, code: 1, lines: 3});
    }
  }
});

test('a frame of the live channel is read up to 32 MiB; then the connection is made anew, and the reply asked for', async () => {
  let connections = 0;
  let again = () => {};
  const connectedAgain = new Promise<void>((resolve) => (again = resolve));
  const chat = {chatId: 77, id: 'Q2hhdDo3Nw==', chatCode: 'abc', title: 'T'};
  const botMessage = {messageId: 12, text: '', state: 'incomplete', author: 'bot'};
  const human = {messageId: 11, text: 'hello', state: 'complete', author: 'human'};
  const {run} = await scriptedSite({
    async answer({queryName}, emit) {
      if (queryName === 'HandleBotLandingPageQuery') return {bot: {botId: 1, handle: 'Bot'}};
      if (queryName !== 'SendMessageMutation') return null;
      await connectedAgain;
      setImmediate(() => emit('messageAdded', {...botMessage, text: 'Hello', state: 'complete'}));
      const edge = {status: 'success', message: {node: human}, chat, botMessage: {node: botMessage}};
      return {messageEdgeCreate: edge};
    },
    onConnect(socket) {
      connections++;
      socket.on('error', () => {});
      // With the answer that opens the socket, so that nobody can have prepared for it.
      if (connections === 1) socket.send(JSON.stringify({messages: [], min_seq: 1, more: 'x'.repeat(33 * MiB)}));
      else again();
    },
  });
  expect(await run('send', '-b', 'Bot', 'hello')).toEqual({code: 0, out: 'Hello\n', err: ''});
  expect(connections).toBe(2);
});

test('headers of 40 KB are none too many', async () => {
  const {run, sandbox} = await withKey();
  sandbox.faults.respondAlways(
    {path: '/v1/models'},
    {status: 200, body: '{"data":[]}', headers: {'x-csp': 'x'.repeat(40_000)}},
  );
  expect(await run('explore')).toEqual({code: 0, out: '', err: 'No bots match.\n'});
});

test('a status that HTTP has not is told as it came', async () => {
  const {run, sandbox} = await withSandbox();
  sandbox.faults.respondAlways({path: '/'}, {status: 999});
  expect(await run('whoami')).toMatchObject({code: 6, err: expect.stringContaining('home page (HTTP 999)')});
});
