import {once} from 'node:events';
import {Agent, get} from 'node:http';
import process from 'node:process';
import {expect, onTestFinished, test} from 'vitest';
import {openScriptEngine} from '../../src/core/web/site/script-engine.js';
import type {TestSandbox} from '../../src/sandbox/faults/test-sandbox.js';
import {swappedPositions} from '../../src/sandbox/site/tag-id.js';
import {tagId} from '../../src/sandbox/site/tag-id.js';
import vectors from '../fixtures/tag-vectors.json' with {type: 'json'};
import {
  request,
  bodyOf,
  cookieOf,
  dataOf,
  openSandbox,
  post,
  sendVariables,
  serverError,
  signedHeaders,
} from '../support/raw-client.js';

const badRequest = '{"success":false,"message":"Bad Request"}';

test.each(vectors)('the tag id of $name matches the reference', ({body, formKey, md5, swapped}) => {
  expect(tagId(body, formKey)).toBe(md5);
  expect(tagId(Buffer.from(body), formKey, swappedPositions(20, 24))).toBe(swapped);
});

test('without a session the home page redirects to the login page', async () => {
  const sandbox = await openSandbox();
  const {tokens} = sandbox;
  for (const cookie of [
    '',
    'p-b=wrong; p-lat=wrong',
    `p-b=${tokens.pB}`,
    `p-b=${decodeURIComponent(tokens.pB)}; p-lat=${tokens.pLat}`,
  ]) {
    const {status, headers} = await request(sandbox, '/', {headers: {Cookie: cookie}});
    expect({cookie, status, to: headers.location}).toEqual({cookie, status: 307, to: '/login?redirect_url=%2F'});
  }
  expect((await request(sandbox, '/login?redirect_url=%2F')).text).toContain('Log in to Poe');
  expect((await request(sandbox, '/api/settings')).status).toBe(307);
});

test('answers take longer by the latency that was set', async () => {
  const sandbox = await openSandbox({latencyMs: 100});
  const started = performance.now();
  expect((await request(sandbox, '/login')).status).toBe(200);
  // A timer may fire a little early.
  expect(performance.now() - started).toBeGreaterThan(98);
});

test('a client that offers HTTP/2, as Java and curl --http2 do, gets answers by HTTP/1.1', async () => {
  const sandbox = await openSandbox();
  const offer = {Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAAQAoAAAAAIAAAAA'};
  const models = await request(sandbox, '/v1/models', {headers: offer});
  expect({status: models.status, isList: models.text.includes('claude')}).toEqual({status: 200, isList: true});
  const prompt = 'x'.repeat(200_000);
  const {text} = await request(sandbox, '/v1/chat/completions', {
    method: 'POST',
    headers: {...offer, Authorization: `Bearer ${sandbox.apiKey}`, 'Content-Type': 'application/json'},
    body: JSON.stringify({model: 'Sandbox-Echo', messages: [{role: 'user', content: prompt}]}),
  });
  expect(JSON.parse(text).choices[0].message.content).toBe(prompt);
  const {headers} = await request(sandbox, '/v1/models', {headers: {...offer, Connection: 'Upgrade, close'}});
  expect(headers.connection).toBe('close');
});

test('a client that offers HTTP/2 with each request may use one connection for all, without a warning', async () => {
  const {url} = await openSandbox();
  const agent = new Agent({keepAlive: true, maxSockets: 1});
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => void warnings.push(warning);
  process.on('warning', onWarning);
  onTestFinished(() => {
    agent.destroy();
    process.off('warning', onWarning);
  });
  const ports = new Set<number | undefined>();
  for (let sent = 0; sent < 15; sent++) {
    const outgoing = get(`${url}/login`, {agent, headers: {Connection: 'Upgrade', Upgrade: 'h2c'}});
    const [response] = await once(outgoing, 'response');
    ports.add(outgoing.socket?.localPort);
    await once(response.resume(), 'end');
  }
  expect({connections: ports.size, warnings}).toEqual({connections: 1, warnings: []});
});

test('an unknown URL has a 404 page', async () => {
  const sandbox = await openSandbox();
  const {status, headers, text} = await request(sandbox, '/api/nothing');
  expect(status).toBe(404);
  expect(headers['content-type']).toContain('text/html');
  expect(text).toContain("can't find that page");
  expect((await request(sandbox, '/', {host: 'poe.com'})).status).toBe(404);
  expect((await request(sandbox, '/api/gql_POST')).status).toBe(405);
});

test('the CDN rejects requests with cookies', async () => {
  const sandbox = await openSandbox();
  const {src} = await readPage(sandbox);
  const url = new URL(src[0] ?? '');
  expect(url.hostname).toBe('localhost');
  expect((await request(sandbox, url.pathname, {host: url.host})).status).toBe(200);
  expect((await request(sandbox, url.pathname, {host: url.host, headers: {Cookie: cookieOf(sandbox)}})).status).toBe(
    400,
  );
  expect((await request(sandbox, '/assets/none.js', {host: url.host})).status).toBe(404);
});

const browser = "const window={document:{hack:1},navigator:{userAgent:'safari <3'}};";

test('the page gives a browser the form key', async () => {
  const sandbox = await openSandbox();
  expect(sandbox.formKey).toMatch(/^[0-9a-f]{32}$/);
  expect(await keyOf(sandbox, browser)).toBe(sandbox.formKey);
  const before = sandbox.formKey;
  sandbox.faults.rotateFormKey();
  expect(sandbox.formKey).not.toBe(before);
  expect(await keyOf(sandbox, browser)).toBe(sandbox.formKey);
});

test.each([
  ['a process', `${browser}var process={};`],
  ['a QuickJS', `${browser}var QuickJS={};`],
  ['no document', 'const window={navigator:{}};'],
  ['no navigator', 'const window={document:{}};'],
])('the page silently gives a wrong key if there is %s', async (_what, globals) => {
  const sandbox = await openSandbox();
  const key = await keyOf(sandbox, globals);
  expect(key).toMatch(/^[0-9a-f]{32}$/);
  expect(key).not.toBe(sandbox.formKey);
});

test('the page gives a wrong key if the marker of the app bundle is missing or different', async () => {
  const sandbox = await openSandbox();
  for (const change of [() => '', (marker: string) => marker.replace(/"$/, 'x"')]) {
    const key = await keyOf(sandbox, browser, change);
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(key).not.toBe(sandbox.formKey);
  }
});

test('the form key does not appear in the page or its scripts', async () => {
  const sandbox = await openSandbox();
  const {html, app} = await readPage(sandbox);
  expect(html + app).not.toContain(sandbox.formKey);
});

test('each request for the settings opens a new live channel', async () => {
  const sandbox = await openSandbox();
  const settings = async () =>
    JSON.parse((await request(sandbox, '/api/settings', {headers: {Cookie: cookieOf(sandbox)}})).text).tchannelData;
  const [one, other] = [await settings(), await settings()];
  expect(one).toMatchObject({
    minSeq: expect.stringMatching(/^\d+$/),
    channel: expect.stringMatching(/^poe-chan\d+-8888-[a-z]{20}$/),
    channelHash: expect.stringMatching(/^\d{15,20}$/),
    boxName: expect.stringMatching(/^chan\d+-8888$/),
    baseHost: `localhost:${new URL(sandbox.url).port}`,
    enableWebsocket: true,
  });
  expect(other.channel).not.toBe(one.channel);
  expect(other.channelHash).not.toBe(one.channelHash);
});

test('a request without the session’s signature is a bad request', async () => {
  const sandbox = await openSandbox();
  const changes: Record<string, string>[] = [
    {Cookie: ''},
    {Cookie: `p-b=${sandbox.tokens.pB}`},
    {'Poe-Formkey': 'f'.repeat(32)},
    {'Poe-Formkey': ''},
    {'poe-tag-id': '0'.repeat(32)},
    {'poe-tag-id': ''},
    {'Content-Type': 'text/plain'},
    {Origin: 'https://poe.com'},
    {Referer: 'https://poe.com/'},
  ];
  for (const change of changes) {
    const {status, text} = await post(sandbox, 'settings', {}, change);
    expect({change, status, text}).toEqual({change, status: 400, text: badRequest});
  }
  expect((await post(sandbox, 'settings', {}, {Origin: sandbox.url, Referer: `${sandbox.url}/`})).status).toBe(200);
});

test('the old form key is rejected once the site has a new one', async () => {
  const sandbox = await openSandbox();
  const body = bodyOf('settings', {});
  const headers = signedHeaders(sandbox, body);
  sandbox.faults.rotateFormKey();
  expect((await request(sandbox, '/api/gql_POST', {method: 'POST', headers, body})).text).toBe(badRequest);
});

test('a malformed body is a bad request', async () => {
  const sandbox = await openSandbox();
  for (const body of [
    '',
    '{',
    '{"queryName":"settingsPageQuery","extensions":{"hash":"x"}}',
    bodyOf('settings', null),
    bodyOf('settings', {}).replace('{', '{"more":1,'),
  ]) {
    const {status, text} = await request(sandbox, '/api/gql_POST', {
      method: 'POST',
      headers: signedHeaders(sandbox, body),
      body,
    });
    expect({body, status, text}).toEqual({body, status: 400, text: badRequest});
  }
});

test('an unknown hash and invalid variables have different errors', async () => {
  const sandbox = await openSandbox();
  const hash = sandbox.faults.rotateHash('settings');
  const unknown = await post(sandbox, 'settings', {});
  expect(unknown).toMatchObject({status: 200, text: expect.stringContaining('PersistedQueryNotFound')});
  const body = bodyOf('settings', {}).replace(/[0-9a-f]{64}/, hash);
  const accepted = await request(sandbox, '/api/gql_POST', {
    method: 'POST',
    headers: signedHeaders(sandbox, body),
    body,
  });
  expect(accepted.text).toContain('"uid":659168979');
  expect((await readPage(sandbox)).queries).toContain(`params:{id:"${hash}",metadata:{},name:"settingsPageQuery"`);
  expect(await post(sandbox, 'chatPage', {})).toMatchObject({status: 200, text: serverError});
  expect(await post(sandbox, 'botInfo', {botHandle: 'Assistant', more: 1})).toMatchObject({
    status: 200,
    text: serverError,
  });
});

test('an invalid send is a server error', async () => {
  const sandbox = await openSandbox();
  const sent = sendVariables('Sandbox-Echo', 'hello');
  expect(await dataOf(sandbox, 'sendMessage', sent)).toMatchObject({messageEdgeCreate: {status: 'success'}});
  const [chat] = sandbox.world.chats;
  const invalid: object[] = [
    sent,
    sendVariables('No-Such-Bot', 'hello'),
    sendVariables('Sandbox-Echo', 'hello', {chatId: 1}),
    sendVariables('Sandbox-Echo', 'hello', {chatId: '883120004'}),
    sendVariables('Sandbox-Echo', 'hello', {clientNonce: 'too-short'}),
    sendVariables('Sandbox-Echo', 'hello', {attachments: ['file1']}),
    sendVariables('Sandbox-Echo', 'hello', {isTemporary: 'no'}),
    sendVariables('Sandbox-Echo', 'hello', {referencedMessageId: 1}),
    ...(chat
      ? [
          sendVariables('Sandbox-Echo', 'hello', {chatId: chat.chatId, referencedMessageId: 1}),
          sendVariables('Sandbox-Echo', 'hello', {chatId: chat.chatId, isTemporary: true}),
        ]
      : []),
  ];
  for (const variables of invalid) {
    expect({variables, text: (await post(sandbox, 'sendMessage', variables)).text}).toEqual({
      variables,
      text: serverError,
    });
  }
});

test('the account, its default bot and its points are those of the documentation', async () => {
  const sandbox = await openSandbox();
  expect((await dataOf(sandbox, 'settings', {})).viewer).toMatchObject({
    uid: 659168979,
    defaultBot: {displayName: 'Assistant', botId: 3002, id: 'Qm90OjMwMDI='},
    messagePointInfo: {
      messagePointResetTime: 1742861079000000,
      messagePointBalance: 1827,
      totalMessagePointAllotment: 3000,
    },
    primaryEmail: 'sandbox@poe.example',
    viewerCountryCode: 'NL',
  });
  expect((await dataOf(sandbox, 'botInfo', {botHandle: 'claude-3.7-SONNET-reasoning'})).bot).toMatchObject({
    id: 'Qm90OjEwMjY=',
    botId: 1026,
    model: 'flannel_reasoning',
    translatedBotTags: ['OFFICIAL'],
  });
  expect((await dataOf(sandbox, 'botInfo', {botHandle: 'no-such-bot'})).bot).toBeNull();
  const users = await dataOf(sandbox, 'search', {query: 'openai', entityType: 'user', count: 50});
  expect(users.searchEntityConnection.edges[0].node).toMatchObject({
    id: 'UG9lVXNlcjoyOTEwNDAwODc5',
    uid: 2910400879,
    nullableHandle: 'openai',
    followerCount: 2470,
  });
});

test('search finds bots by part of the name, and tolerates a typo', async () => {
  const sandbox = await openSandbox();
  const search = async (query: string): Promise<string[]> => {
    const data = await dataOf(sandbox, 'search', {query, entityType: 'bot', count: 50});
    return data.searchEntityConnection.edges.map(({node}: {node: {handle: string}}) => node.handle);
  };
  expect(await search('deepseek')).toEqual(expect.arrayContaining(['DeepSeek-R1', 'DeepSeek-V3']));
  expect((await search('gemni-2.0-flash'))[0]).toBe('gemini-2.0-flash');
  expect(await search('qqqqqq')).toEqual([]);
});

test('the pages of a list are complete, without gaps or overlaps', async () => {
  const sandbox = await openSandbox();
  const codes = new Set<string>();
  let cursor: string | null = null;
  do {
    const {edges, pageInfo}: HistoryPage = (await dataOf(sandbox, 'history', {count: 30, cursor})).chats;
    for (const {node} of edges) codes.add(node.chatCode);
    cursor = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (cursor);
  expect(codes.size).toBe(200);

  const first = (await dataOf(sandbox, 'exploreBots', {categoryName: 'Official', count: 20})).exploreBotsConnection;
  const next = (
    await dataOf(sandbox, 'exploreBots', {categoryName: 'Official', count: 90, cursor: first.pageInfo.endCursor})
  )?.exploreBotsConnection;
  expect(first.pageInfo.hasNextPage).toBe(true);
  expect(next.pageInfo.hasNextPage).toBe(false);
  const official = sandbox.world.bots.filter(({categories}) => categories.includes('Official'));
  expect(first.edges.length + next.edges.length).toBe(official.length);
  expect(await post(sandbox, 'history', {count: 10, cursor: 'invalid'})).toMatchObject({text: serverError});
});

test('every category has bots, and a chat is found by its code', async () => {
  const sandbox = await openSandbox();
  expect(sandbox.world.categories).toHaveLength(25);
  for (const categoryName of [...sandbox.world.categories, 'defaultCategory']) {
    const data = await dataOf(sandbox, 'exploreBots', {categoryName, count: 5});
    expect({categoryName, isEmpty: data.exploreBotsConnection.edges.length === 0}).toEqual({
      categoryName,
      isEmpty: false,
    });
  }
  const [chat] = sandbox.world.chats;
  const page = (await dataOf(sandbox, 'chatPage', {chatCode: chat?.code})).chatOfCode;
  expect(page).toMatchObject({chatId: chat?.chatId, title: chat?.title});
  const ids: number[] = page.messagesConnection.edges.map(({node}: {node: {messageId: number}}) => node.messageId);
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  expect(await dataOf(sandbox, 'chatPage', {chatCode: 'none'})).toEqual({chatOfCode: null});
});

test('two sandboxes start with the same world', async () => {
  const [one, other] = [await openSandbox(), await openSandbox()];
  expect(one.world.chats).toEqual(other.world.chats);
  expect(one.formKey).toBe(other.formKey);
});

test('requests are recorded with the status of the response', async () => {
  const sandbox = await openSandbox();
  await post(sandbox, 'botInfo', {botHandle: 'Assistant'});
  await request(sandbox, '/nothing?a=1');
  expect(sandbox.requests).toMatchObject([
    {
      method: 'POST',
      path: '/api/gql_POST',
      queryName: 'HandleBotLandingPageQuery',
      variables: {botHandle: 'Assistant'},
      status: 200,
    },
    {method: 'GET', path: '/nothing?a=1', status: 404},
  ]);
});

test.each([
  ['html', {status: 200, text: expect.stringContaining('<html')}],
  [
    'cloudflare',
    {
      status: 403,
      headers: expect.objectContaining({'cf-mitigated': 'challenge'}),
      text: expect.stringContaining('Just a moment...'),
    },
  ],
  ['empty-400', {status: 400, text: ''}],
  ['server-error', {status: 200, text: serverError}],
  [
    {status: 429, headers: {'Retry-After': '9'}, body: 'slow down'},
    {status: 429, text: 'slow down'},
  ],
] as const)('a fault %j replaces the response to one matching request', async (fault, expected) => {
  const sandbox = await openSandbox();
  sandbox.faults.respondOnce({path: '/api/gql_POST', operation: 'settings'}, fault);
  expect((await post(sandbox, 'botInfo', {botHandle: 'Assistant'})).text).toContain('capybara');
  expect(await post(sandbox, 'settings', {})).toMatchObject(expected);
  expect((await post(sandbox, 'settings', {})).text).toContain('659168979');
});

test('lasting faults last until cleared, and a dropped connection has no status', async () => {
  const sandbox = await openSandbox();
  sandbox.faults.respondAlways({operation: 'settings'}, 'drop');
  await expect(post(sandbox, 'settings', {})).rejects.toThrow('socket hang up');
  await expect(post(sandbox, 'settings', {})).rejects.toThrow('socket hang up');
  expect(sandbox.requests.map(({status}) => status)).toEqual([0, 0]);
  sandbox.faults.clear();
  expect((await post(sandbox, 'settings', {})).status).toBe(200);
});

interface HistoryPage {
  edges: {node: {chatCode: string}}[];
  pageInfo: {hasNextPage: boolean; endCursor: string};
}

/** The home page and the scripts that a client needs. */
async function readPage(sandbox: TestSandbox) {
  const {text: html} = await request(sandbox, '/', {headers: {Cookie: cookieOf(sandbox)}});
  const src = [...html.matchAll(/<script src="([^"]+)"/g)].flatMap(([, url]) => url ?? []);
  const load = async (part: string) => {
    const url = new URL(src.find((url) => url.includes(part)) ?? '');
    return (await request(sandbox, url.pathname, {host: url.host})).text;
  };
  // The chunk with the queries is listed only in the manifest.
  const chunk = /static\/chunks\/7151\.\w+\.js/.exec(await load('_buildManifest'))?.[0] ?? '';
  const {host} = new URL(src[0] ?? '');
  const {text: queries} = await request(sandbox, `/assets/_next/${chunk}`, {host});
  return {html, src, app: await load('_app'), queries};
}

/** The key that the page's inline scripts return, together with the marker, in a script engine. */
async function keyOf(
  sandbox: TestSandbox,
  globals: string,
  changeMarker = (marker: string) => marker,
): Promise<string | undefined> {
  const {html, app} = await readPage(sandbox);
  const marker = /let useFormkeyDecode=[\s\S]*?(window\.[\w]+="[^"]+")/.exec(app)?.[1] ?? '';
  const inline = [...html.matchAll(/<script( [^>]*)?>([\s\S]*?)<\/script>/g)]
    .filter(
      ([, attributes = '', text = '']) =>
        !attributes.includes('json') && text.includes('function') && !text.includes('document.'),
    )
    .map(([, , text = '']) => text);
  const script = [globals, changeMarker(marker), ...inline].join(';');
  const name = /window\.([a-zA-Z0-9]+)=function\(\)\{return window/.exec(script)?.[1];
  const engine = await openScriptEngine();
  try {
    return engine.evaluate(`${script};window.${name}().slice(0,32)`);
  } finally {
    engine.close();
  }
}

test('the header Origin may occur twice, but only with the URL of the site', async () => {
  const sandbox = await openSandbox();
  const statusOf = async (...origins: string[]) => (await post(sandbox, 'settings', {}, {Origin: origins})).status;
  expect(await statusOf(sandbox.url, sandbox.url)).toBe(200);
  expect(await statusOf(sandbox.url, 'https://evil.example')).toBe(400);
});
