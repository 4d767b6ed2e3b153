import {Client} from '@modelcontextprotocol/sdk/client/index.js';
import {StreamableHTTPClientTransport} from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {type CallToolResult, CallToolResultSchema, ElicitRequestSchema} from '@modelcontextprotocol/sdk/types.js';
import {expect, onTestFinished, test} from 'vitest';
import {serving, servingApi} from '../serve/support.js';
import {countSends, operationsOf, withSandbox} from '../support/harness.js';
import {textsOf} from '../support/mcp-client.js';

async function connect(url: string, token: string, {canAsk = false} = {}) {
  const client = new Client({name: 'test', version: '1'}, {capabilities: canAsk ? {elicitation: {}} : {}});
  const questions: string[] = [];
  if (canAsk) {
    client.setRequestHandler(ElicitRequestSchema, ({params: {message}}) => {
      questions.push(message);
      return {action: 'accept', content: {confirm: true}};
    });
  }
  const transport = new StreamableHTTPClientTransport(new URL('/mcp', url), {
    requestInit: {headers: {Authorization: `Bearer ${token}`}},
  });
  await client.connect(transport);
  onTestFinished(async () => client.close());
  const call = async (name: string, values: Record<string, unknown> = {}, onprogress?: () => void) =>
    // The compatible result of older servers is none of this one.
    (await client.callTool({name, arguments: values}, CallToolResultSchema, {onprogress})) as CallToolResult;
  return {client, transport, call, questions};
}

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {protocolVersion: '2025-06-18', capabilities: {}, clientInfo: {name: 'x', version: '1'}},
};
const accept = {Accept: 'application/json, text/event-stream'};

test('programs with a token call the tools at /mcp, within the bots and the budget of the token', async () => {
  const {url, addToken} = await serving();
  const token = await addToken('editor', '--bots', 'gemini-*,GPT-Image-1,Sandbox-Count', '--budget', '100000/day');
  const {client, call, questions} = await connect(url, token, {canAsk: true});
  const {tools} = await client.listTools();
  expect(tools.map(({name}) => name)).not.toContain('history_search');
  expect((await call('search_bots', {})).structuredContent).toMatchObject({
    bots: [{bot: 'gemini-2.0-flash'}, {bot: 'gpt-image-1'}, {bot: 'Sandbox-Count'}],
  });
  let progress = 0;
  const first = await call('ask', {prompt: '2x2?', bot: 'Gemini-2.0-Flash'}, () => progress++);
  expect(first.structuredContent).toMatchObject({text: '2 × 2 is **4**.'});
  expect(progress).toBeGreaterThan(0);
  const {chat} = first.structuredContent ?? {};
  expect(questions).toEqual([]);
  const counted = await call('ask', {prompt: 'count to 3', bot: 'Sandbox-Count'});
  expect(counted.structuredContent).toMatchObject({text: '1 2 3', expectedPoints: null});
  expect(questions).toEqual(['Send a message to Sandbox-Count on Poe? It has no known price.\nMessage: count to 3']);
  expect((await call('ask', {prompt: '3x3?', chat})).structuredContent).toMatchObject({text: 'You said: 3x3?', chat});

  for (const bot of [
    'claude-sonnet-4.6',
    'gemini-/claude-sonnet-4.6',
    'https://poe.com/claude-sonnet-4.6',
    '@claude-sonnet-4.6',
  ]) {
    expect(textsOf(await call('ask', {prompt: 'hi', bot}))[0]).toContain(
      'Error (refused): This client may not use the bot "claude-sonnet-4.6"',
    );
  }
  for (const other of ['last', '1', 'local-1']) {
    expect(textsOf(await call('ask', {prompt: 'repeat', chat: other}))[0]).toMatch(/^Error \(chat_not_found\)/);
  }
  expect(textsOf(await call('balance'))[0]).toMatch(
    /Left of the budget: 99,\d{3} points of 100,000 points a day, until /,
  );
  const small = await connect(url, await addToken('small', '--budget', '1/day'));
  expect(textsOf(await small.call('ask', {prompt: 'hi', bot: 'claude-sonnet-4.6'}))[0]).toMatch(
    /^Error \(over_budget\)/,
  );
});

test('a session belongs to its token, and ends when the client says so', async () => {
  const {url, addToken, request, run} = await serving();
  const [one, two] = [await addToken('one'), await addToken('two')];
  const {transport, client} = await connect(url, one);
  const id = transport.sessionId ?? '';
  const list = {jsonrpc: '2.0', id: 7, method: 'tools/list'};
  const headers = {...accept, 'mcp-session-id': id};
  expect((await request('/mcp', {body: list, headers})).status).toBe(401);
  expect((await request('/mcp', {token: two, body: list, headers})).status).toBe(404);
  expect((await request('/mcp', {token: one, body: list, headers: accept})).status).toBe(400);
  expect((await request('/mcp', {token: one, headers})).status).toBe(405);
  expect(
    (await request('/mcp', {token: one, body: list, headers: {...headers, Origin: 'https://evil.example'}})).status,
  ).toBe(403);
  expect((await request('/mcp', {token: one, body: list, headers})).status).toBe(200);
  await transport.terminateSession();
  expect((await request('/mcp', {token: one, body: list, headers})).status).toBe(404);
  await client.close();
  await run('serve', 'token', 'revoke', 'two');
  expect((await request('/mcp', {token: two, body: initialize, headers: accept})).status).toBe(401);
});

test('what is not a message gets the error of JSON-RPC, and so do batches where the protocol has none', async () => {
  const {url, addToken, fetchJson, request} = await serving();
  const token = await addToken('one');
  const {transport} = await connect(url, token);
  const headers = {...accept, 'mcp-session-id': transport.sessionId ?? ''};
  const post = async (body: unknown, more = {}) =>
    (await fetchJson('/mcp', {token, body, headers: {...headers, ...more}})).body;
  const invalid = await fetch(new URL('/mcp', url), {
    method: 'POST',
    headers: {...headers, Authorization: `Bearer ${token}`, 'Content-Type': 'application/json'},
    body: 'not JSON',
  });
  expect(invalid.status).toBe(400);
  expect(await invalid.json()).toMatchObject({jsonrpc: '2.0', id: null, error: {code: -32_700}});
  expect(await post({id: 5, method: 'ping'})).toMatchObject({id: 5, error: {code: -32_600}});
  const pings = [7, 8].map((id) => ({jsonrpc: '2.0', id, method: 'ping'}));
  expect(await post(pings, {'mcp-protocol-version': '2025-06-18'})).toMatchObject({id: null, error: {code: -32_600}});
  expect(await post([initialize], {'mcp-session-id': ''})).toMatchObject({id: null, error: {code: -32_600}});
  const answers = await request('/mcp', {
    token,
    body: pings,
    headers: {...headers, 'mcp-protocol-version': '2025-03-26'},
  });
  expect((await answers.text()).match(/"id":\d/g)).toEqual(['"id":7', '"id":8']);
});

test('a client that opens many sessions loses its oldest ones, and not those of others', async () => {
  const {url, addToken, request} = await serving();
  const {client} = await connect(url, await addToken('other'));
  const token = await addToken('many');
  const ids: string[] = [];
  for (let count = 0; count < 20; count++) {
    const response = await request('/mcp', {token, body: initialize, headers: accept});
    await response.text();
    ids.push(response.headers.get('mcp-session-id') ?? '');
  }
  const statusOf = async (id = '') =>
    (
      await request('/mcp', {
        token,
        body: {jsonrpc: '2.0', method: 'notifications/initialized'},
        headers: {...accept, 'mcp-session-id': id},
      })
    ).status;
  expect([await statusOf(ids[0]), await statusOf(ids[3]), await statusOf(ids[4]), await statusOf(ids[19])]).toEqual([
    404, 404, 202, 202,
  ]);
  expect((await client.listTools()).tools).not.toEqual([]);
});

test('a client that disconnects cancels its call on Poe', async () => {
  const {sandbox, configDir} = await withSandbox({pace: 0.3});
  const {url, addToken, request} = await servingApi({...sandbox.env, POE_CONFIG_DIR: configDir}, '--via', 'web');
  const token = await addToken('editor');
  const {transport} = await connect(url, token);
  const stop = new AbortController();
  const ask = {name: 'ask', arguments: {prompt: 'hi', bot: 'Sandbox-Slow'}};
  const response = await request('/mcp', {
    token,
    body: {jsonrpc: '2.0', id: 0, method: 'tools/call', params: ask},
    headers: {...accept, 'mcp-session-id': transport.sessionId ?? ''},
    signal: stop.signal,
  });
  expect(response.status).toBe(200);
  await expect.poll(() => countSends(sandbox)).toBe(1);
  stop.abort();
  await expect.poll(() => operationsOf(sandbox)).toContain('cancelViewerActiveJobs_cancelViewerActiveJobs_Mutation');
});
