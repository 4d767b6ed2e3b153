import {expect, test} from 'vitest';
import {withKey} from '../../support/with-key.js';

/* Anthropic's protocol, which caches prompts. */

const path = '/v1/messages';
/** A single word, so that bots repeat it in one piece. */
const long = 'long-'.repeat(4400);

interface Block {
  type: string;
  text?: string;
  thinking?: string;
  signature?: string;
  cache_control?: object;
}
interface Body {
  model: string;
  max_tokens: number;
  messages: {role: string; content: Block[]}[];
  thinking?: object;
}

const bodyOf = (signed: Uint8Array | string): Body => JSON.parse(Buffer.from(signed).toString('utf8'));

type Sandbox = Awaited<ReturnType<typeof withKey>>['sandbox'];
const bodies = (sandbox: Sandbox): Body[] =>
  sandbox.requests.filter((request) => request.path === path).map(({body}) => bodyOf(body));

test('--protocol messages asks in Anthropic’s format', async () => {
  const {run, sandbox} = await withKey({pace: 0});
  const {code, out} = await run('send', '--protocol', 'messages', '-b', 'Sandbox-Thinker', '2+2?', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    text: '4',
    protocol: 'messages',
    reasoning: 'Two and two is four.',
    finishReason: 'stop',
    usage: {promptTokens: 1, completionTokens: 6, cachedTokens: 0},
  });
  const request = sandbox.requests.find((each) => each.path === path);
  expect(request?.headers).toMatchObject({'anthropic-version': '2023-06-01'});
  expect(bodies(sandbox)).toEqual([
    {
      model: 'Sandbox-Thinker',
      max_tokens: 8192,
      stream: true,
      messages: [{role: 'user', content: [{type: 'text', text: '2+2?', cache_control: {type: 'ephemeral'}}]}],
    },
  ]);
});

test('a long chat with Claude uses it by default and reads its prompt from the cache', async () => {
  const {run, sandbox} = await withKey({pace: 0});
  const ask = async (...argv: string[]) => JSON.parse((await run('send', '--json', ...argv)).out);
  expect((await ask('-b', 'Claude-Sonnet-4.6', 'hello')).protocol).toBe('openai');
  const first = await ask('-c', 'last', long);
  const second = await ask('-c', 'last', 'And now?');
  expect([first, second]).toMatchObject([{protocol: 'messages'}, {protocol: 'messages'}]);
  expect(first.usage.cachedTokens).toBe(0);
  // Everything up to the question before is in the cache.
  expect(second.usage.cachedTokens).toBeGreaterThanOrEqual(5500);
  expect(second.usage.promptTokens - second.usage.cachedTokens).toBeLessThan(6000);
  const third = await ask('-c', 'last', 'And then?');
  expect(third.usage.promptTokens - third.usage.cachedTokens).toBeLessThan(50);
  const sent = bodies(sandbox);
  const unmarked = ({messages}: Body) =>
    JSON.stringify(messages, (key, value: unknown) => (key === 'cache_control' ? undefined : value));
  for (const [index, body] of sent.slice(1).entries()) {
    expect(unmarked(body).startsWith(unmarked(sent[index] ?? body).slice(0, -1))).toBe(true);
  }
  for (const {messages} of sent) {
    expect(messages.flatMap(({content}) => content.filter((block) => block.cache_control)).length).toBeLessThanOrEqual(
      3,
    );
  }
});

test('a long system prompt counts as part of the chat', async () => {
  const {run} = await withKey({pace: 0});
  const system = 'Be brief. '.repeat(2000);
  const {out} = await run('send', '-b', 'claude-sonnet-4.6', '--system', system, '--json', 'hello');
  expect(JSON.parse(out)).toMatchObject({protocol: 'messages'});
  expect(JSON.parse((await run('retry', 'last', '--json')).out)).toMatchObject({
    protocol: 'messages',
    usage: {cachedTokens: expect.any(Number)},
  });
});

test('a cached turn costs a tenth of one without a cache', async () => {
  const costs = async (protocol: string) => {
    const {run} = await withKey({pace: 0});
    const points: number[] = [];
    for (let turn = 0; turn < 5; turn++) {
      const text = turn === 0 ? long : `Question ${turn}`;
      const where = turn === 0 ? ['-b', 'Claude-Sonnet-4.6'] : ['-c', 'last'];
      await run('send', '--protocol', protocol, ...where, text);
      points.push(JSON.parse((await run('cost', 'last', '--json')).out).points);
    }
    return points;
  };
  const [cached, full] = [await costs('messages'), await costs('openai')];
  expect(Math.min(...full)).toBeGreaterThan(400);
  expect(Math.max(...cached.slice(2))).toBeLessThan(Math.min(...full) / 5);
});

test('thoughts are sent back with their signature, to the bot that had them only', async () => {
  const {run, sandbox} = await withKey({pace: 0});
  const ask = (...argv: string[]) => run('send', '--protocol', 'messages', ...argv);
  await ask('-b', 'Sandbox-Thinker', '2+2?');
  expect((await ask('-c', 'last', 'Sure?')).code).toBe(0);
  expect((await ask('-c', 'last', '-b', 'Sandbox-Memory', 'What was that?')).code).toBe(0);
  const [, second, third] = bodies(sandbox);
  expect(second?.messages[1]?.content).toEqual([
    {type: 'thinking', thinking: 'Two and two is four.', signature: expect.stringMatching(/^[\w+/]{43}=$/)},
    {type: 'text', text: '4', cache_control: {type: 'ephemeral'}},
  ]);
  expect(third?.messages[1]?.content).toEqual([{type: 'text', text: '4'}]);
});

test('parameters are sent in Anthropic’s terms', async () => {
  const {run, sandbox} = await withKey({pace: 0});
  const ask = (...argv: string[]) =>
    run(
      'send',
      '--protocol',
      'messages',
      '-b',
      'claude-sonnet-4.6',
      ...argv.flatMap((each) => ['--param', each]),
      'hi',
    );
  expect((await ask('thinking_budget=2000', 'max_tokens=1500', 'stop=END')).code).toBe(0);
  expect((await ask('output_effort=high', 'temperature=0.5')).code).toBe(0);
  expect(bodies(sandbox)).toMatchObject([
    {max_tokens: 3500, thinking: {type: 'enabled', budget_tokens: 2000}, stop_sequences: ['END']},
    {max_tokens: 128_000, output_config: {effort: 'high'}, temperature: 0.5},
  ]);
  const {code, err} = await ask('web_search=true');
  expect(code).toBe(2);
  expect(err).toContain('The parameter web_search cannot be sent with the protocol messages');
});

test('a bot that does not accept the protocol is asked by chat completions', async () => {
  const {run, sandbox} = await withKey({pace: 0});
  for (const protocol of ['messages', 'responses']) {
    const {code, out} = await run('send', '--protocol', protocol, '-b', 'assistant', 'hello', '--json');
    expect({code, protocol: JSON.parse(out).protocol}).toEqual({code: 0, protocol: 'openai'});
  }
  expect(sandbox.requests.map((request) => request.path).filter((each) => each !== '/v1/models')).toEqual([
    path,
    '/v1/chat/completions',
    '/v1/responses',
    '/v1/chat/completions',
  ]);
});

test('events that only keep the connection open are skipped, whatever their data', async () => {
  const {run, sandbox} = await withKey({pace: 0});
  const pings = ['event: ping\ndata: {}', 'event: ping\ndata:', 'event: ping\ndata: ping', 'data: 1', ': ping'];
  const delta = (text: string) =>
    `data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"${text}"}}`;
  const events = [delta('a'), ...pings, delta('b'), 'data: {"type":"message_stop"}'];
  const headers = {'Content-Type': 'text/event-stream'};
  sandbox.faults.respondOnce({path}, {status: 200, body: `${events.join('\n\n')}\n\n`, headers});
  const {code, out} = await run('send', '--protocol', 'messages', '-b', 'claude-sonnet-4.6', 'hello');
  expect({code, out}).toEqual({code: 0, out: 'ab\n'});
});

test('reasons and types that are names of JavaScript are read as text', async () => {
  const {run, sandbox} = await withKey({pace: 0});
  const message = {content: [{type: 'text', text: 'hi'}], stop_reason: 'constructor', usage: {input_tokens: 1}};
  const send = () => run('send', '--protocol', 'messages', '-b', 'claude-sonnet-4.6', '--json', 'hello');
  sandbox.faults.respondOnce({path}, {status: 200, body: JSON.stringify(message)});
  expect(JSON.parse((await send()).out)).toMatchObject({text: 'hi', finishReason: 'constructor'});
  const error = {type: 'error', error: {type: 'toString', message: 'odd', code: '__proto__'}};
  sandbox.faults.respondOnce(
    {path},
    {
      status: 200,
      body: `event: error\ndata: ${JSON.stringify(error)}\n\n`,
      headers: {'Content-Type': 'text/event-stream'},
    },
  );
  const failed = await send();
  expect({code: failed.code, message: JSON.parse(failed.err).error.message}).toEqual({
    code: 1,
    message: expect.stringContaining('odd'),
  });
});

test.each([
  ['Sandbox-Broken', 1],
  ['Sandbox-Cut', 7],
  ['Sandbox-Endless', 7],
])('a reply of %s that breaks off ends with code %i, and what arrived is stored', async (bot, exit) => {
  const {run} = await withKey({pace: 0});
  for (const protocol of ['messages', 'responses']) {
    const {code, out} = await run('send', '--protocol', protocol, '-b', bot, 'hello');
    expect({code, out}).toEqual({code: exit, out: expect.stringContaining('1 2')});
    expect((await run('attach', 'last')).out).toContain('1 2');
  }
});
