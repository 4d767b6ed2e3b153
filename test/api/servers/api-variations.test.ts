import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {brotliCompressSync, gzipSync} from 'node:zlib';
import {describe, expect, test, type TestContext} from 'vitest';
import {runMain, temporaryFolder} from '../../support/harness.js';

/* Every command with an API key, on servers that send the same data in other ways than the sandbox. */

type Json = Record<string, unknown>;

interface Variation {
  object?: (object: Json) => Json;
  write?: (response: ServerResponse, text: string, type: string) => void;
  /** Changes the text of a stream. */
  stream?: (text: string) => string;
}

function mapped(value: unknown, change: (object: Json) => Json): unknown {
  if (Array.isArray(value)) return value.map((each) => mapped(each, change));
  if (typeof value !== 'object' || value === null) return value;
  return change(Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapped(each, change)])));
}

const now = Date.now();
const words = ['Grüße', ' 👋', ' says', ' Tea'];
const model = (id: string): Json => ({
  id,
  object: 'model',
  created: 1_770_262_891_433,
  description: `About ${id}`,
  owned_by: 'Somebody',
  root: id,
  architecture: {input_modalities: ['text'], output_modalities: ['text'], modality: 'text->text'},
  supported_features: ['tools'],
  supported_endpoints: ['/v1/chat/completions'],
  pricing: {prompt: '0.0000026', completion: '0.000013', image: null, request: null},
  context_window: {context_length: 1000, max_output_tokens: 100},
  context_length: 1000,
  metadata: {display_name: id, image: {url: 'https://x.example/i.png'}, url: 'https://poe.com/x'},
  reasoning: null,
  parameters: [{name: 'effort', schema: {enum: ['high', 'low']}, default_value: 'low', description: 'How hard'}],
});

const chunk = (delta: Json, finish: string | null = null): Json => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'Tea',
  choices: [{index: 0, delta, finish_reason: finish, logprobs: null}],
});

const completion = (encode: (value: Json) => string) =>
  [
    chunk({role: 'assistant', content: ''}),
    chunk({reasoning_content: 'Hm.'}),
    ...words.map((content) => chunk({content})),
    chunk({}, 'stop'),
    {...chunk({}), choices: [], usage: {prompt_tokens: 7, completion_tokens: 3, total_tokens: 10}},
  ]
    .map((each) => `data: ${encode(each)}\n\n`)
    .join('') + 'data: [DONE]\n\n';

const nativeEvents: readonly (readonly [name: string, data: Json])[] = [
  ['meta', {content_type: 'text/markdown', linkify: true, suggested_replies: true}],
  ['text', {text: 'Thinking... (1s elapsed)'}],
  ['replace_response', {text: 'Grüße'}],
  ...words.slice(1).map((text): [string, Json] => ['text', {text}]),
  ['suggested_reply', {text: 'More?'}],
  ['done', {}],
];

const native = (encode: (value: Json) => string) =>
  nativeEvents.map(([name, data]) => `event: ${name}\ndata: ${encode(data)}\n\n`).join('');

async function api({onTestFinished}: Pick<TestContext, 'onTestFinished'>, variation: Variation) {
  const encode = (value: Json) => JSON.stringify(mapped(value, variation.object ?? ((object) => object)));
  const spending = (bot: string, ago: number, points: number): Json => ({
    bot_name: bot,
    creation_time: (now - ago) * 1000,
    query_id: `q${ago}`,
    cost_points: points,
    cost_usd: '0.0007',
    cost_breakdown_in_points: {Total: '1 point'},
    usage_type: 'API',
    chat_name: null,
    canvas_tab_name: null,
    api_key_name: 'mine',
  });
  const responses: Record<string, () => [type: string, text: string]> = {
    '/v1/models': () => ['application/json', encode({object: 'list', data: [model('Tea'), model('Coffee')]})],
    '/v1/chat/completions': () => ['text/event-stream', (variation.stream ?? String)(completion(encode))],
    '/bot/Private': () => ['text/event-stream', (variation.stream ?? String)(native(encode))],
    '/usage/current_balance': () => [
      'application/json',
      encode({
        current_point_balance: 1500,
        plan_points_balance: 1000,
        addon_point_balance: 500,
        total_balance_usd: '0.0450',
        next_daily_grant_time: 1_787_788_800_000_000,
        next_daily_grant_amount: 300,
        next_monthly_grant_time: 0,
        auto_recharge: null,
      }),
    ],
    '/usage/points_history': () => [
      'application/json',
      encode({has_more: false, length: 2, data: [spending('Tea', 1, 5), spending('Coffee', 5_000_000, 7)]}),
    ],
  };
  const plain = (response: ServerResponse, text: string, type: string) =>
    void response.writeHead(200, {'Content-Type': type}).end(text);
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    for await (const _part of request);
    const found = responses[(request.url ?? '').replace(/\?.*/, '')]?.();
    if (!found || request.headers.authorization !== 'Bearer some-key') return response.writeHead(404).end();
    (variation.write ?? plain)(response, found[1], found[0]);
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const env = {
    POE_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    POE_API_KEY: 'some-key',
    POE_CONFIG_DIR: temporaryFolder(onTestFinished),
  };
  return (...argv: string[]) => runMain(argv, {env});
}

const numbers = new Set(
  'created prompt_tokens completion_tokens total_tokens current_point_balance plan_points_balance addon_point_balance'
    .concat(' next_daily_grant_time next_daily_grant_amount next_monthly_grant_time creation_time cost_points')
    .concat(' context_length max_output_tokens')
    .split(' '),
);
const needed = new Set(
  'id data choices delta content finish_reason text current_point_balance bot_name creation_time query_id cost_points has_more'
    .concat(' index message')
    .split(' '),
);

const variations: Record<string, Variation> = {
  'sends every field': {},
  'sends fields in another order': {object: (object) => Object.fromEntries(Object.entries(object).toReversed())},
  'sends unknown fields': {
    object: (object) => ({__typename: 'X', unknown: [{deep: [null, {}]}], 'odd-key': null, ...object, error: null}),
  },
  'sends numbers as strings': {
    object: (object) =>
      Object.fromEntries(Object.entries(object).map(([key, each]) => [key, numbers.has(key) ? String(each) : each])),
  },
  'sends null for all optional fields': {
    object: (object) =>
      Object.fromEntries(Object.entries(object).map(([key, each]) => [key, needed.has(key) ? each : null])),
  },
  'ends lines with CR LF and sends pings': {
    stream: (text) => `: hello\n\nretry: 3000\n\n${text.replaceAll('\n\n', '\n\n: ping\n\n')}`.replaceAll('\n', '\r\n'),
  },
  'omits the empty line at the end of a stream': {stream: (text) => text.trimEnd()},
  'splits JSON across several data lines': {
    stream: (text) => text.replaceAll(/^data: (\{.*?,)(.*)$/gm, 'data: $1\ndata: $2'),
  },
  'compresses with gzip': {
    write: (response, text, type) =>
      void response.writeHead(200, {'content-encoding': 'gzip', 'content-type': type}).end(gzipSync(text)),
  },
  'compresses with brotli': {
    write: (response, text, type) =>
      void response.writeHead(200, {'content-encoding': 'br', 'content-type': type}).end(brotliCompressSync(text)),
  },
  'sends one byte at a time': {
    write(response, text, type) {
      response.writeHead(200, {'CONTENT-TYPE': `${type}; charset=utf-8`});
      for (const byte of Buffer.from(text)) response.write(Buffer.of(byte));
      response.end();
    },
  },
  'closes the connection after each response without a length': {
    write: ({socket}, text, type) => void socket?.end(`HTTP/1.0 200 OK\r\ncontent-type: ${type}\r\n\r\n${text}`),
  },
  'sends a byte order mark and the wrong media type': {
    write: (response, text) => void response.writeHead(200, {'Content-Type': 'text/plain'}).end(`\uFEFF${text}`),
  },
};

describe.concurrent('every command works if the API', () => {
  test.for(Object.entries(variations))('%s', async ([, variation], context) => {
    const run = await api(context, variation);
    const json = async (...argv: string[]) => {
      const {code, out, err} = await run(...argv, '--json');
      if (code !== 0) return {argv, code, err};
      const values: unknown[] = out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      return values.length === 1 ? values[0] : values;
    };
    const text = words.join('');
    expect(await run('send', '-b', 'tea', 'hello')).toEqual({code: 0, out: `${text}\n`, err: ''});
    expect(await json('send', '-c', 'last', 'again')).toMatchObject({
      text,
      state: 'complete',
      via: 'api',
      finishReason: 'stop',
    });
    expect(await json('retry', 'last')).toMatchObject({text, state: 'complete'});
    expect(await json('send', '-b', 'Private', 'hello')).toMatchObject({
      text,
      protocol: 'native',
      suggestedReplies: ['More?'],
    });
    expect(await json('history')).toHaveLength(2);
    expect(await json('explore', '--via', 'api')).toMatchObject([{handle: 'Tea'}, {handle: 'Coffee'}]);
    expect(await json('bot-info', 'tea', '--via', 'api')).toMatchObject({handle: 'Tea'});
    expect(await json('settings', '--via', 'api')).toMatchObject({points: 1500});
    expect(await json('whoami')).toMatchObject({method: 'api-key'});
    // A profile that has not recorded the messages above, whose cost this server does not report.
    expect(await json('usage', '--profile', 'other')).toMatchObject([
      {name: 'Coffee', points: 7, count: 1},
      {name: 'Tea', points: 5, count: 1},
    ]);
  });
});
