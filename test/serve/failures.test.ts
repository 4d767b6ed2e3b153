import {once} from 'node:events';
import type {ServerResponse} from 'node:http';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import {expect, test} from 'vitest';
import {answering, cutting, cuttingAfter, faultyApi} from '../support/servers/faulty-api.js';
import {eventStream, scriptedApi} from '../support/servers/scripted-api.js';
import {serving, servingApi} from './support.js';

const messages = [{role: 'user' as const, content: 'Hello'}];
const request = {model: 'Bot', messages};
const chunkOf = (content: string) => `data: {"choices":[{"index":0,"delta":{"content":"${content}"}}]}\n\n`;

/** The error of a call. */
const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    (value) => {
      throw new Error(`No failure, but ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );

test('errors of Poe keep their status and time to wait, in the format of the program, without the key', async () => {
  const cases = [
    [400, 'invalid_request_error', 'invalid_request_error'],
    [402, 'insufficient_quota', 'billing_error'],
    [403, 'permission_error', 'permission_error'],
    [404, 'not_found_error', 'not_found_error'],
    [413, 'request_too_large', 'request_too_large'],
    [429, 'rate_limit_error', 'rate_limit_error'],
    [529, 'upstream_error', 'overloaded_error'],
  ] as const;
  let status = 0;
  let retryAfter = '7';
  const api = await faultyApi(async (incoming, response, count) =>
    answering(
      status,
      {'Content-Type': 'application/json', 'Retry-After': retryAfter, Date: 'Wed, 21 Oct 2026 07:28:00 GMT'},
      JSON.stringify({error: {message: 'Not with some-key.', type: 'a_type', code: status}}),
    )(incoming, response, count),
  );
  const {addToken, url, fetchJson} = await servingApi(api.env);
  const token = await addToken('editor');
  const openai = new OpenAI({baseURL: `${url}/v1`, apiKey: token, maxRetries: 0});
  const anthropic = new Anthropic({baseURL: url, apiKey: token, maxRetries: 0});
  for (const [each, openaiType, anthropicType] of cases) {
    status = each;
    expect(await failure(openai.chat.completions.create(request))).toMatchObject({
      status,
      type: openaiType,
      message: `${status} Not with ….`,
    });
    expect(await failure(anthropic.messages.create({...request, max_tokens: 10}))).toMatchObject({
      status,
      error: {
        type: 'error',
        error: {
          type: anthropicType,
          message: each === 404 ? expect.stringContaining('Claude bots only') : 'Not with ….',
        },
      },
    });
  }
  status = 429;
  const limited = await fetchJson('/v1/responses', {token, body: {model: 'Bot', input: 'Hello'}});
  expect(limited.headers.get('retry-after')).toBe('7');
  retryAfter = 'Wed, 21 Oct 2026 07:29:30 GMT';
  const until = await fetchJson('/v1/responses', {token, body: {model: 'Bot', input: 'Hello'}});
  expect(until.headers.get('retry-after')).toBe('90');
  // Programs obey it without a limit.
  for (retryAfter of ['99999999999', 'Fri, 31 Dec 9999 23:59:59 GMT', 'soon']) {
    const never = await fetchJson('/v1/responses', {token, body: {model: 'Bot', input: 'Hello'}});
    expect([never.status, never.headers.get('retry-after')]).toEqual([429, null]);
  }
  // The program's token is right: it must not ask for another one.
  status = 401;
  expect(await fetchJson('/v1/chat/completions', {token, body: request})).toMatchObject({
    status: 503,
    body: {error: {message: "Poe's API rejected the key of the server. Log in again with: poe login --api-key"}},
  });
});

test('a request that may have been charged is sent once, although the program would repeat it', async () => {
  const api = await faultyApi((incoming, response, count) => {
    const faults = [
      cutting,
      answering(502),
      answering(500, {}, '<html>'),
      answering(200, {'Content-Type': 'text/html'}, '<html>'),
      cuttingAfter(chunkOf('Hel')),
    ];
    return faults[(count - 1) % faults.length]?.(incoming, response, count);
  });
  const {addToken, url} = await servingApi(api.env);
  // By default the package repeats a request twice after these errors.
  const client = new OpenAI({baseURL: `${url}/v1`, apiKey: await addToken('editor')});
  const lost = await failure(client.chat.completions.create(request));
  expect(lost).toMatchObject({status: 424, code: 'delivery_unknown'});
  for (const sent of [2, 3, 4]) {
    expect(await failure(client.chat.completions.create(request))).toMatchObject({status: 424});
    expect(api.messages).toBe(sent);
  }
  const stream = await client.chat.completions.create({...request, stream: true});
  let text = '';
  const reading = (async () => {
    for await (const {choices} of stream) text += choices[0]?.delta.content ?? '';
  })();
  expect(await failure(reading)).toMatchObject({type: 'upstream_error'});
  expect({text, sent: api.messages}).toEqual({text: 'Hel', sent: 5});
});

test('a reply that ends without its end marker is an error, in each format', async () => {
  const {addToken, url} = await serving();
  const token = await addToken('editor');
  const anthropic = new Anthropic({baseURL: url, apiKey: token, maxRetries: 0});
  const openai = new OpenAI({baseURL: `${url}/v1`, apiKey: token, maxRetries: 0});
  const model = 'Sandbox-Endless';
  const message = anthropic.messages.stream({model, messages, max_tokens: 100}).finalMessage();
  expect(await failure(message)).toMatchObject({type: 'api_error'});
  const stream = openai.chat.completions.stream({model, messages}).finalChatCompletion();
  expect(String(await failure(stream))).toContain('The reply ended early');
  const events: unknown[] = [];
  const responses = await openai.responses.create({model, input: 'a', stream: true});
  const reading = (async () => {
    for await (const event of responses) events.push(event);
  })();
  await reading.catch((error: unknown) => events.push(error));
  expect(JSON.stringify(events.at(-1))).toContain('reply_lost');
});

test('a server starts in a folder that cannot be changed, and says that it is not listed', async () => {
  const api = await faultyApi(answering(500));
  const {run, fetchJson, log} = await servingApi({...api.env, POE_CONFIG_DIR: '/proc/self'});
  expect((await fetchJson('/health')).status).toBe(200);
  expect(log()).toContain('poe serve status does not list this server');
  expect((await run('serve', 'status')).code).toBe(0);
});

test('a stream of Responses that fails ends with a failed response, after which codex sends no second request', async () => {
  const created = 'data: {"type":"response.created","sequence_number":7,"response":{"id":"resp_1"}}\n\n';
  const failed =
    '{"type":"response.failed","response":{"id":"resp_1","error":{"code":"server_error","message":"No."}}}';
  const endings = ['', 'data: {"type":"error","message":"No."}\n\n', `data: ${failed}\n\n`, `data: ${failed}`];
  const api = await faultyApi((incoming, response, count) => {
    const ending = endings[count - 1];
    const fault =
      ending === undefined ? answering(500) : answering(200, {'Content-Type': 'text/event-stream'}, created + ending);
    return fault(incoming, response, count);
  });
  const {addToken, request: post} = await servingApi(api.env);
  const token = await addToken('codex');
  const ask = () => post('/v1/responses', {token, body: {model: 'Bot', input: 'Hello', stream: true}});
  const code = 'invalid_prompt';
  for (const message of ['The reply ended early', 'No.', 'No.', 'No.']) {
    const events = (await (await ask()).text()).split('\n').filter((line) => line.startsWith('data:'));
    const last = JSON.parse(events.at(-1)?.slice(5) ?? '');
    expect(last).toMatchObject({type: 'response.failed', response: {id: 'resp_1', error: {code, message}}});
    if (message !== 'No.') {
      expect(JSON.parse(events.at(-2)?.slice(5) ?? '')).toMatchObject({type: 'error', code: 'reply_lost'});
      expect(last).toMatchObject({sequence_number: 9, response: {status: 'failed', model: 'Bot'}});
    }
  }
  expect((await ask()).status).toBe(400);
});

test('a reply in one piece that is cut is not requested again', async () => {
  const half = '{"choices":[{"message":{"content":"Hel';
  const json = {'Content-Type': 'application/json'};
  const api = await faultyApi(async (incoming, response, count) => {
    for await (const _chunk of incoming);
    // The second one ends as if it was complete.
    if (count === 2) response.writeHead(200, json).end(half);
    else response.writeHead(200, json).write(half, () => incoming.socket.destroy());
  });
  const {addToken, url} = await servingApi(api.env);
  const client = new OpenAI({baseURL: `${url}/v1`, apiKey: await addToken('editor')});
  for (const count of [1, 2]) {
    expect(await failure(client.chat.completions.create(request))).toMatchObject({
      status: 424,
      code: count === 2 ? 'reply_lost' : null,
    });
    expect(api.messages).toBe(count);
  }
});

test('a reply that is cut after it has quoted an end marker is an error', async () => {
  const quoted = `data: {"choices":[{"index":0,"delta":{"content":"if (line === \\"data: [DONE]\\")"}}]}\n\n`;
  const api = await faultyApi(async (incoming, response) => {
    for await (const _chunk of incoming);
    response.writeHead(200, {'Content-Type': 'text/event-stream'}).end(quoted);
  });
  const {addToken, request: send} = await servingApi(api.env);
  const response = await send('/v1/chat/completions', {
    token: await addToken('editor'),
    body: {...request, stream: true},
  });
  expect(await response.text()).toContain('"code":"reply_lost"');
});

test('a reply that is cut costs what was set aside, whatever was counted at its beginning', async () => {
  const start = {type: 'message_start', message: {usage: {input_tokens: 3, output_tokens: 1}}};
  const {env} = await scriptedApi({
    // About a point for each token of the reply.
    '/v1/models': {data: [{id: 'Bot', pricing: {prompt: '0', completion: '0.00003'}}]},
    '/v1/messages': eventStream(`event: message_start\ndata: ${JSON.stringify(start)}\n\n`),
  });
  const {addToken, request: send} = await servingApi(env);
  const token = await addToken('editor', '--budget', '1500/day');
  const ask = async () => {
    const body = {...request, max_tokens: 1000, stream: true};
    return (await send('/v1/messages', {token, body})).text();
  };
  expect(await ask()).toContain('"message":"The reply ended early"');
  expect(await ask()).toMatch(/costs about 1,000 points, but 500 of the token's 1,500 points a day are left/);
});

test('a program that disconnects cancels its request to Poe', async () => {
  const closed: Promise<unknown>[] = [];
  const api = await faultyApi((_incoming, response) => {
    closed.push(once(response, 'close'));
    response.writeHead(200, {'Content-Type': 'text/event-stream'}).write(chunkOf('Hel'));
  });
  const {addToken, request: send, stop, log} = await servingApi(api.env);
  const token = await addToken('editor');
  const controller = new AbortController();
  const response = await send('/v1/chat/completions', {
    token,
    body: {...request, stream: true},
    signal: controller.signal,
  });
  await response.body?.getReader().read();
  controller.abort();
  await closed[0];
  await stop();
  expect(log()).toMatch(/ editor POST \/v1\/chat\/completions Bot 200 \(cut off\)/);
});

test('after Ctrl+C replies are finished, and nobody can connect', async () => {
  let upstream: ServerResponse | undefined;
  const api = await faultyApi((_incoming, response) => {
    upstream = response;
    response.writeHead(200, {'Content-Type': 'text/event-stream'}).write(chunkOf('Hel'));
  });
  const {addToken, request: send, stop} = await servingApi(api.env);
  const token = await addToken('editor');
  const response = await send('/v1/chat/completions', {token, body: {...request, stream: true}});
  const text = response.text();
  const ended = stop();
  await expect(send('/health', {headers: {Connection: 'close'}})).rejects.toThrow('fetch failed');
  upstream?.end(`${chunkOf('lo')}data: [DONE]\n\n`);
  expect(await text).toBe(`${chunkOf('Hel')}${chunkOf('lo')}data: [DONE]\n\n`);
  expect(await ended).toMatchObject({code: 0});
});

test('when a token is revoked, its replies end', async () => {
  const api = await faultyApi((_incoming, response) => {
    response.writeHead(200, {'Content-Type': 'text/event-stream'}).write(chunkOf('Hel'));
  });
  const {addToken, request: send, run} = await servingApi(api.env);
  const token = await addToken('editor');
  const response = await send('/v1/chat/completions', {token, body: {...request, stream: true}});
  expect((await run('serve', 'token', 'revoke', 'editor')).code).toBe(0);
  // Another token with the same name does not keep them alive.
  await addToken('editor');
  expect(await response.text()).toContain('"message":"The token has been revoked."');
});

test('points are refused before anything is sent: by the budget of the token, and by the one of the profile', async () => {
  const answer = {choices: [{index: 0, message: {content: 'yes'}}], usage: {prompt_tokens: 1, completion_tokens: 1}};
  const {env, requests} = await scriptedApi({
    // Five points a message.
    '/v1/models': {data: [{id: 'Bot', pricing: {request: '5'}}]},
    '/v1/chat/completions': answer,
  });
  // Two servers share the budgets.
  const servers = [await servingApi(env), await servingApi(env)] as const;
  const [{addToken, run}] = servers;
  const limited = await addToken('limited', '--budget', '12/day');
  const other = await addToken('other', '--budget', '1000/month');
  const ask = async (token: string) => {
    const answers = await Promise.all(
      servers.map(({fetchJson}) => fetchJson('/v1/chat/completions', {token, body: request})),
    );
    return answers.map(({status, body}) => (status === 200 ? status : [status, body.error.code, body.error.message]));
  };
  expect(await ask(limited)).toEqual([200, 200]);
  const tokenRefusal =
    "A message to Bot costs 5 points, but 2 of the token's 12 points a day are left. It was set with: poe serve token add";
  expect(await ask(limited)).toEqual([
    [402, 'budget_exceeded', tokenRefusal],
    [402, 'budget_exceeded', tokenRefusal],
  ]);
  await run('budget', 'set', '17/day');
  // One fits. Both servers look at the same time.
  const profileRefusal =
    'A message to Bot costs 5 points, but 2 of your 17 points a day are left. Raise it with: poe budget set';
  const answers = await ask(other);
  expect(answers).toHaveLength(2);
  expect(answers).toEqual(expect.arrayContaining([200, [402, 'budget_exceeded', profileRefusal]]));
  const {url} = servers[0];
  const anthropic = new Anthropic({baseURL: url, apiKey: limited, maxRetries: 0});
  expect(await failure(anthropic.messages.create({...request, max_tokens: 10}))).toMatchObject({
    status: 402,
    error: {type: 'error', error: {type: 'billing_error', message: tokenRefusal}},
  });
  expect(requests.filter(({path}) => path !== '/v1/models')).toHaveLength(3);
});

test('a limit of tokens that bots may not know, or that is not one, does not make a message cheaper', async () => {
  const answer = {choices: [{index: 0, message: {content: 'yes'}}], usage: {prompt_tokens: 1, completion_tokens: 1}};
  const {env} = await scriptedApi({
    '/v1/models': {data: [{id: 'Bot', pricing: {prompt: '0', completion: '0.0001'}}]},
    '/v1/chat/completions': answer,
    '/v1/responses': answer,
  });
  const {addToken, fetchJson} = await servingApi(env);
  const token = await addToken('editor', '--budget', '100/day');
  const statusOf = async (path: string, fields: object) =>
    (await fetchJson(path, {token, body: {...request, input: 'Hello', ...fields}})).status;
  const chat = '/v1/chat/completions';
  expect(await statusOf(chat, {})).toBe(402);
  expect(await statusOf(chat, {max_tokens: 1, max_completion_tokens: 2_000})).toBe(402);
  expect(await statusOf(chat, {max_tokens: -1_000})).toBe(402);
  expect(await statusOf('/v1/responses', {max_tokens: 1})).toBe(402);
  expect(await statusOf(chat, {max_tokens: 10})).toBe(200);
});

test('cheap replies before do not make a long message cheap', async () => {
  const usage = {prompt_tokens: 1, completion_tokens: 1};
  const {env} = await scriptedApi({
    '/v1/models': {data: [{id: 'Bot', pricing: {prompt: '0.0001', completion: '0.0001'}}]},
    '/v1/chat/completions': {choices: [{index: 0, message: {content: 'yes'}}], usage},
    '/usage/points_history': {
      has_more: false,
      data: [{bot_name: 'Bot', creation_time: Date.now() * 1_000, query_id: 'a', cost_points: 1, usage_type: 'API'}],
    },
  });
  const {addToken, fetchJson, run} = await servingApi(env);
  const token = await addToken('editor', '--budget', '100/day');
  expect((await run('usage')).out).toContain('Bot\t1');
  const statusOf = async (content: string) =>
    (await fetchJson('/v1/chat/completions', {token, body: {model: 'Bot', messages: [{role: 'user', content}]}}))
      .status;
  expect(await statusOf('Hello')).toBe(200);
  expect(await statusOf('Hello '.repeat(1_000))).toBe(402);
});
