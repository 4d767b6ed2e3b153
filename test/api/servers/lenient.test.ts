import {expect, test} from 'vitest';
import {chunks, delta, eventStream, scriptedApi} from '../../support/servers/scripted-api.js';

/* Responses in forms that Poe's documentation leaves open. */

const completions = '/v1/chat/completions';

const sendWithResponse = async (answer: Parameters<typeof scriptedApi>[0][string], ...argv: string[]) => {
  const {run, requests} = await scriptedApi({[completions]: answer, '/v1/models': {data: [{id: 'Bot'}]}});
  return {...(await run('send', '--via', 'api', '-b', 'bot', ...argv, 'hello')), requests};
};

test('models may lack everything but their id, and have prices as strings or numbers', async () => {
  const {run} = await scriptedApi({
    '/v1/models': {
      data: [
        {
          id: 'A',
          pricing: {prompt: 0.000_001, completion: '0.000002', image: '', request: 'free'},
          created: 1_770_262_891,
        },
        {id: 'B', pricing: null, created: 1_770_262_891_433, supported_endpoints: null, parameters: null},
        {id: 'C', pricing: 'cheap', created: 'yesterday', context_window: 5, architecture: [], description: 7},
        {id: 'D', supported_endpoints: [], parameters: [{name: 'x', schema: 'odd'}, {nameless: true}], extra: {}},
        {nothing: true},
      ],
    },
  });
  const bots = (await run('explore', '--via', 'api', '--json')).out.trimEnd().split('\n');
  expect(bots.map((line) => JSON.parse(line))).toMatchObject([
    {handle: 'B', pricesUsd: null, createdTime: '2026-02-05T03:41:31.433Z', endpoints: [], parameters: []},
    {
      handle: 'A',
      pricesUsd: {prompt: 0.000_001, completion: 0.000_002, image: null, request: null},
      createdTime: '2026-02-05T03:41:31.000Z',
    },
    {handle: 'C', pricesUsd: null, createdTime: null, contextTokens: null, takes: [], description: null},
    {handle: 'D', endpoints: [], parameters: [{name: 'x', schema: null}]},
  ]);
});

test.each([
  ['no list of bots', undefined, completions],
  ['a web page instead of the list', {type: 'text/html', text: '<html>'}, completions],
  ['a bot without endpoints', {data: [{id: 'Bot', supported_endpoints: null}]}, completions],
  [
    'chat completions among the endpoints',
    {data: [{id: 'BOT', supported_endpoints: ['/v1/responses', completions]}]},
    completions,
  ],
  ['other endpoints only', {data: [{id: 'Bot', supported_endpoints: ['/v1/images']}]}, '/bot/bot'],
  ['another bot only', {data: [{id: 'Other'}]}, '/bot/bot'],
])('with %s in the response, a suitable protocol is chosen', async (_what, models, path) => {
  const {run, requests} = await scriptedApi({
    ...(models && {'/v1/models': models}),
    [completions]: chunks([delta({content: 'yes'})]),
    '/bot/bot': eventStream('event: text\ndata: {"text":"yes"}\n\nevent: done\ndata: {}\n\n'),
  });
  expect(await run('send', '--via', 'api', '-b', 'maker/bot', 'hello')).toMatchObject({code: 0, out: 'yes\n'});
  expect(requests.at(-1)?.path).toBe(path);
});

test('comments, CR LF, empty events, unknown fields and missing usage are accepted', async () => {
  const text =
    ': hello\r\n\r\ndata:\r\n\r\nretry: 5\r\n\r\nid: 1\r\ndata: {"x":1,"error":null,"choices":[{"index":0,"delta":{"role":"assistant","content":null}}]}\r\n\r\n' +
    ': ping\r\n\r\ndata: {"choices":[{"delta":{"content":[{"type":"text","text":"a"},{"text":"b"}]}}],"usage":null}\r\n\r\n' +
    'data: {"choices":[]}\r\n\r\ndata: [DONE]\r\n\r\n';
  const {code, out} = await sendWithResponse(eventStream(text), '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({text: 'ab', usage: null, protocol: 'openai'});
});

test.each(['reasoning_content', 'reasoning'])('%s is separate from the reply', async (name) => {
  const answer = chunks([delta({[name]: 'Two and '}), delta({[name]: 'two.'}), delta({content: '4'})]);
  const json = await sendWithResponse(answer, '--json');
  expect(JSON.parse(json.out)).toMatchObject({text: '4', reasoning: 'Two and two.'});
  expect(await sendWithResponse(answer)).toMatchObject({code: 0, out: '4\n', err: ''});
  const lines = (await sendWithResponse(answer, '--stream-json')).out.trimEnd().split('\n').slice(1, -1);
  // What arrives together is one event.
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
    {type: 'reasoning', text: 'Two and two.'},
    {type: 'append', text: '4'},
  ]);
});

test('text that arrives together with an error is printed', async () => {
  const error = 'data: {"error":{"code":402,"message":"Out of points"}}\n\n';
  const answer = chunks([delta({content: 'Two and '}), delta({content: 'two'}), error]);
  expect(await sendWithResponse(answer)).toMatchObject({code: 5, out: 'Two and two\n'});
});

test('reasoning that is sent in both fields appears once', async () => {
  const answer = chunks([delta({reasoning: 'a', reasoning_content: 'a'}), delta({content: '4', reasoning: null})]);
  expect(JSON.parse((await sendWithResponse(answer, '--json')).out)).toMatchObject({text: '4', reasoning: 'a'});
});

test('without [DONE], a reply is complete only if it has a finish reason', async () => {
  expect(await sendWithResponse(chunks([delta({content: 'yes'}), delta({}, 'stop')], ''))).toMatchObject({
    code: 0,
    out: 'yes\n',
  });
  expect(await sendWithResponse(chunks([delta({content: 'yes'})], ''))).toMatchObject({code: 7, out: 'yes\n'});
});

test('a reply that is not streamed is read', async () => {
  const message = {content: 'yes', reasoning_content: 'hm'};
  const {code, out} = await sendWithResponse(
    {choices: [{message, finish_reason: 'stop'}], usage: {prompt_tokens: 7}},
    '--json',
  );
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    text: 'yes',
    reasoning: 'hm',
    usage: {promptTokens: 7, completionTokens: null},
  });
});

test('media bots are not streamed, and each of their files is listed once', async () => {
  const picture = 'https://pfst.cf2.poecdn.net/base/image/ab12?w=1024&h=1024';
  const sound = 'https://pfst.cf2.poecdn.net/base/audio/cd34';
  const content = `![a cat](${picture})\n\n${picture}\n${sound}.\n\`\`\`\nhttps://x.poecdn.net/no\n\`\`\`\n`;
  const {run, requests} = await scriptedApi({
    '/v1/models': {data: [{id: 'Bot', architecture: {output_modalities: ['image']}}]},
    [completions]: {choices: [{message: {content}, finish_reason: 'stop'}]},
  });
  const {out} = await run('send', '--via', 'api', '-b', 'bot', '--json', 'a cat');
  expect(JSON.parse(requests.at(-1)?.body ?? '')).toMatchObject({stream: false});
  expect(JSON.parse(out).attachments).toEqual([
    {name: 'a cat', url: picture, mimeType: null, size: null},
    {name: 'cd34', url: sound, mimeType: null, size: null},
  ]);
});

test.each([
  ['an object', {error: {message: 'out of order', code: 502}}, 1, 'out of order'],
  ['a text', {error: 'out of order'}, 1, 'out of order'],
  ['only a type', {error: {type: 'insufficient_credits'}}, 5, 'Not enough points'],
  ['a code that is a text', {error: {message: 'slow down', code: 'rate_limit_error'}}, 5, 'slow down'],
])('an error in the stream may be %s', async (_what, error, code, text) => {
  const outcome = await sendWithResponse(chunks([delta({content: 'so far'}), error]));
  expect(outcome).toMatchObject({code, out: 'so far\n'});
  expect(outcome.err).toContain(text);
});

test('an error in the stream may be an event named error', async () => {
  const outcome = await sendWithResponse(eventStream('event: error\ndata: {"type":"error","message":"too hot"}\n\n'));
  expect(outcome.code).toBe(1);
  expect(outcome.err).toContain('too hot');
});

test.each([
  ['application/json', '{"error":"not today"}', 'not today'],
  ['application/json', '{"error":{"message":"not today"}}', 'not today'],
  ['application/json', '{"detail":"not today"}', 'not today'],
  ['text/plain', 'not today', 'not today'],
  ['text/html', '<html><body>not today</body></html>', '(HTTP 403)'],
])('an error response of type %s is shown: %s', async (type, text, shown) => {
  const {code, err} = await sendWithResponse({type, text, status: 403});
  expect(code).toBe(1);
  expect(err).toContain(shown);
  expect(err).not.toContain('<html>');
});

const now = Date.now();

test('the points history may have other units, names, signs and cursors', async () => {
  const rows = [
    {bot_name: 'B', creation_time: String(now * 1000), query_id: 'q1', cost_points: -3, usage_type: 'API'},
    {app_name: 'A', creation_time: Math.floor(now / 1000) - 60, query_id: 2, cost_points: '-5', cost_usd: 0.1},
    {bot_name: 'A', creation_time: now - 3_600_000, query_id: 'q3', cost_points: -1},
    {unreadable: true},
  ];
  const seen: string[] = [];
  const {run} = await scriptedApi({
    '/usage/points_history': (query) => {
      seen.push(query.get('starting_after') ?? '');
      if (query.has('starting_after')) return {has_more: false, data: rows.slice(2)};
      return {has_more: true, next_cursor: 'next', data: [rows[1], {...rows[0], query_id: undefined}, rows[0]]};
    },
    '/usage/current_balance': {current_point_balance: '1500', total_balance_usd: 4.5, next_daily_grant_time: 0},
  });
  const {out, err} = await run('usage', '--json');
  const sums = out.trimEnd().split('\n');
  expect(sums.map((line) => JSON.parse(line))).toEqual([
    {name: 'A', points: 6, usd: 0.1, count: 2},
    {name: 'B', points: 3, usd: null, count: 1},
  ]);
  expect(err).toBe("Skipped 2 entries of Poe's points history, because the format is unknown.\n");
  expect(seen).toEqual(['', 'q1']);
  expect(JSON.parse((await run('settings', '--via', 'api', '--json')).out)).toMatchObject({points: 1500, usd: 4.5});
});

test('without has_more, a full page is followed by another one', async () => {
  const page = (from: number, count: number) =>
    Array.from({length: count}, (_, index) => ({
      bot_name: 'A',
      creation_time: (now - (from + index) * 1000) * 1000,
      query_id: `q${from + index}`,
      cost_points: 1,
    }));
  const {run} = await scriptedApi({
    '/usage/points_history': (query) => ({data: query.has('starting_after') ? page(100, 7) : page(0, 100)}),
  });
  expect(JSON.parse((await run('usage', '--json')).out)).toMatchObject({points: 107});
});
