import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {PassThrough} from 'node:stream';
import {expect, onTestFinished, test} from 'vitest';
import {WebSocketServer} from 'ws';
import {isAllowedUrl} from '../../src/core/files/receive/download.js';
import {clientId} from '../../src/sandbox/api/sign-in.js';
import type {RequestMatch} from '../../src/sandbox/faults/faults.js';
import {temporaryFolder, withSandbox} from '../support/harness.js';
import {scriptedSite} from '../support/servers/scripted-site.js';
import {seconds} from '../support/patience.js';

/* Redirects to other hosts are not followed, so that no session, key or file reaches them. */

/** Starts another host, which records the requests it receives. */
async function startOtherHost() {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
    request.resume().on('end', () => response.end('{}'));
  });
  const live = new WebSocketServer({server});
  live.on('connection', (_socket, request) => seen.push(`socket ${request.url} ${JSON.stringify(request.headers)}`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {seen, port: (server.address() as AddressInfo).port};
}

const statuses = [301, 302, 303, 307, 308] as const;
const send = ['send', '-b', 'Sandbox-Count', 'count to 2'];
const byKey = [...send, '--via', 'api'];

test.each<[string, RequestMatch, string[]]>([
  ['the home page', {path: '/'}, ['whoami']],
  ['a script of the site', {path: '/assets/*'}, ['doctor']],
  ['the settings', {path: '/api/settings'}, send],
  ['a query', {operation: 'botInfo'}, send],
  ['a message', {operation: 'sendMessage'}, send],
  ['a message with a file', {path: '/api/gql_upload_POST'}, [...send, '-f', 'test/fixtures/tag-vectors.json']],
  ['a request to share', {operation: 'shareMessages'}, ['share', 'last']],
  ['the API’s list of bots', {path: '/v1/models'}, ['explore', '--via', 'api']],
  ['the API’s balance', {path: '/usage/current_balance'}, ['settings', '--via', 'api']],
  ['a message to the API', {path: '/v1/chat/completions'}, byKey],
  [
    'a message to a bot that the API does not list',
    {path: '/bot/Unlisted'},
    ['send', '--via', 'api', '-b', 'Unlisted', 'x'],
  ],
  [
    'a file to the API',
    {path: '/poe_api/file_upload_3RD_PARTY_POST'},
    [...byKey, '-f', 'test/fixtures/tag-vectors.json'],
  ],
])('a redirect of %s to another host is not followed', async (what, match, argv) => {
  const {seen, port} = await startOtherHost();
  const attempts = statuses.map(async (status, index) => {
    const {sandbox, runWith, configDir} = await withSandbox();
    const apiEnv = argv.includes('api') && {POE_API_KEY: sandbox.apiKey};
    // Without a form key poe reads the page, which also contains the settings.
    const byKey = what === 'the settings' && {POE_FORMKEY: sandbox.formKey};
    await runWith({}, ...send);
    // Without stored facts poe reads the site.
    writeFileSync(join(configDir, 'config.json'), '{}');
    const host = ['localhost', '127.0.0.1', 'elsewhere.localhost'][index % 3];
    sandbox.faults.respondAlways(match, {status, headers: {Location: `http://${host}:${port}/stolen`}});
    const {code, out, err} = await runWith({env: {...apiEnv, ...byKey}}, ...argv);
    const wasRequested = sandbox.requests.some((request) => request.status === status);
    const leaksKey = err.includes(sandbox.apiKey);
    // No command needs a particular script.
    return what === 'a script of the site'
      ? {wasRequested, leaksKey}
      : {wasRequested, leaksKey, hasFailed: code > 0, out};
  });
  const expected = {wasRequested: true, leaksKey: false, hasFailed: true, out: ''};
  for (const result of await Promise.all(attempts)) expect(expected).toMatchObject(result);
  expect(seen).toEqual([]);
});

test('a redirect of the login code to another host is not followed', async () => {
  const {sandbox, runWith} = await withSandbox();
  const {seen, port} = await startOtherHost();
  for (const status of statuses) {
    const headers = {Location: `http://localhost:${port}/stolen`};
    sandbox.faults.clear();
    sandbox.faults.respondAlways({path: '/token'}, {status, headers});
    let shown = '';
    const onErr = (text: string) => {
      const isNew = !shown.includes('state=');
      shown += text;
      const url = /http:\S+authorize\S+/.exec(shown)?.[0];
      if (isNew && url !== undefined) void fetch(url);
    };
    const env = {POE_CLIENT_ID: clientId, POE_P_B: undefined};
    const {code} = await runWith({stdin: new PassThrough(), env, onErr}, 'login', '--api-key');
    expect({status, code, seen}).toEqual({status, code: 1, seen: []});
  }
  expect(sandbox.requests.filter(({path}) => path === '/token')).toHaveLength(statuses.length);
});

test('the live channel opens only on the site’s host and does not follow redirects', async () => {
  const {seen, port} = await startOtherHost();
  let upgrades = 0;
  const redirectingServer = createServer();
  redirectingServer.on('upgrade', (request, socket) => {
    upgrades++;
    expect(request.headers.cookie).toBeUndefined();
    socket.end(`HTTP/1.1 302 Found\r\nLocation: ws://localhost:${port}/stolen\r\nContent-Length: 0\r\n\r\n`);
  });
  await new Promise<void>((resolve) => redirectingServer.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void redirectingServer.close());
  const sendWithChannelHost = async (baseHost: string) => {
    const bot = {botId: 1, handle: 'Bot'};
    const answer = ({queryName}: {queryName: string}) => (queryName === 'HandleBotLandingPageQuery' ? {bot} : null);
    const {run, operations} = await scriptedSite({answer, channel: {baseHost}});
    const {code, out} = await run('send', '-b', 'Bot', '--timeout', seconds(2), 'hello');
    const sends = operations.filter(({queryName}) => queryName === 'SendMessageMutation').length;
    return {hasFailed: code > 0, out, sends, seen};
  };
  const refused = {hasFailed: true, out: '', sends: 0, seen: []};
  expect(await sendWithChannelHost(`localhost:${(redirectingServer.address() as AddressInfo).port}`)).toEqual(refused);
  expect(upgrades).toBeGreaterThan(0);
  for (const host of ['evil.example', 'localhost.evil.example', `user@localhost:${port}`, `localhost:${port}/x#`]) {
    expect({host, ...(await sendWithChannelHost(host))}).toEqual({host, ...refused});
  }
});

test('a redirect within the site is followed', async () => {
  const {sandbox, runWith} = await withSandbox();
  sandbox.faults.respondOnce({path: '/'}, {status: 302, headers: {Location: `${sandbox.url}/?again`}});
  expect((await runWith({}, 'whoami')).code).toBe(0);
});

test('the download of a file to send follows redirects without cookies, and requires https', async () => {
  const {runWith} = await withSandbox();
  const {seen, port} = await startOtherHost();
  const server = createServer((_request, response) =>
    response.writeHead(302, {Location: `http://localhost:${port}/file.txt`}).end(),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const file = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a`;
  expect((await runWith({}, ...send, '-f', file)).code).toBe(0);
  expect(seen).toHaveLength(1);
  expect(seen[0]).not.toMatch(/cookie|authorization|formkey|referer|origin/i);
  for (const address of ['http://example.com/a', 'http://192.0.2.1/a', 'http://localhost.evil.example/a']) {
    const {code, err} = await runWith({}, ...send, '-f', address);
    expect({address, code}).toEqual({address, code: 2});
    expect(err).toBe(
      `poe: Could not download ${address}: http: is not secure\n     Nothing was sent. Use an https: URL.\n`,
    );
  }
});

test.each([
  ['https://a.example/1', 'https://b.example/2', true],
  ['https://a.example/1', 'http://a.example/1', false],
  ['https://a.example/1', 'https://localhost/2', false],
  ['https://a.example/1', 'http://127.0.0.1:631/2', false],
  ['https://a.example/1', 'http://[::1]/2', false],
  ['https://a.example/1', 'http://0.0.0.0/2', false],
  ['https://a.example/1', 'http://2130706433/2', false],
  ['https://a.example/1', 'http://[::ffff:127.0.0.1]/2', false],
  ['https://a.example/1', 'http://x.localhost/2', false],
  ['https://a.example/1', 'file:///etc/passwd', false],
  ['https://a.example/1', 'ftp://a.example/1', false],
  ['http://localhost:1/1', 'http://127.0.0.1:2/2', true],
  ['http://localhost:1/1', 'https://a.example/2', true],
  ['https://localhost:1/1', 'http://localhost:2/2', false],
])('a download that is redirected from %s to %s is followed: %s', (from, to, isFollowed) => {
  expect(isAllowedUrl(new URL(to), new URL(from))).toBe(isFollowed);
});

test('a file of a reply is not downloaded over plain http, or from this machine unless the site is on it', async () => {
  const {runWith, sandbox} = await withSandbox();
  const {seen, port} = await startOtherHost();
  const path = join(temporaryFolder(), 'x');
  const key = {POE_API_KEY: sandbox.apiKey};
  const save = async (url: string, env: Record<string, string> = {}) => {
    await runWith({env: key}, 'send', '-b', 'Sandbox-Echo', `![](${url})`);
    return runWith({env: {...key, ...env}}, 'save', 'last', '1', path);
  };
  // Local chats are read without a request, so that no server is needed here.
  const realPoe = {POE_BASE_URL: 'https://poe.com', POE_API_URL: 'https://api.poe.com'};
  const away = await save('http://example.com/a.png');
  expect(away.err).toContain('Could not download http://example.com/a.png: http: is not secure');
  const here = await save(`http://127.0.0.1:${port}/a.png`, realPoe);
  expect(here).toEqual({
    code: 2,
    out: '',
    err: `poe: Refusing to download from this machine: http://127.0.0.1:${port}/a.png\n     Nothing was saved.\n`,
  });
  expect(seen).toEqual([]);
  expect((await save(`http://127.0.0.1:${port}/b.png`)).code).toBe(0);
  expect(seen).toHaveLength(1);
});
