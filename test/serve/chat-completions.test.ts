import {expect, test} from 'vitest';
import {serving} from './support.js';

const ask = (text: string, more: object = {}) => ({
  model: 'Sandbox-Echo',
  messages: [{role: 'user', content: text}],
  ...more,
});

test('a completion is answered whole or as a stream, and its cost is recorded with the name of the token', async () => {
  const {addToken, fetchJson, request, run, log, stop} = await serving();
  const token = await addToken('editor');
  const whole = await fetchJson('/v1/chat/completions', {token, body: ask('Good morning')});
  expect(whole.status).toBe(200);
  expect(whole.body.choices[0].message).toEqual({role: 'assistant', content: 'Good morning'});
  expect(whole.headers.get('x-request-id')).toMatch(/^req_poe_/);
  const response = await request('/v1/chat/completions', {token, body: ask('Good night', {stream: true})});
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const text = await response.text();
  expect(deltasOf(text)).toBe('Good night');
  // The program has not asked for the counts of tokens.
  expect(text).not.toContain('"usage":{');
  expect(text).toContain('data: [DONE]');
  await stop();
  expect(log()).toMatch(/\d\d:\d\d:\d\d editor POST \/v1\/chat\/completions Sandbox-Echo 200 \d+ ms\n/);
  expect(log()).not.toContain('Good');
  const {out} = await run('usage', '--by', 'client', '--json');
  expect(
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toContainEqual(expect.objectContaining({name: 'editor', count: 2}));
});

/** The text of the chunks of a stream. */
const deltasOf = (text: string): string =>
  [...text.matchAll(/^data: (\{.*\})/gm)]
    .map(([, json = '']) => JSON.parse(json).choices[0]?.delta.content ?? '')
    .join('');

test('requests are repaired: prefixes of vendors, roles, efforts, and fields that the bot rejects', async () => {
  const {addToken, fetchJson, sandbox} = await serving();
  const token = await addToken('editor');
  const body = ask('Hello', {
    model: 'openai/sandbox-strict',
    messages: [
      {role: 'developer', content: 'Be brief.'},
      {role: 'user', content: 'Hello'},
    ],
    stop: [' '],
    temperature: null,
    chat_template_kwargs: {enable_thinking: false},
  });
  for (let times = 0; times < 2; times++) {
    const {status, body: reply} = await fetchJson('/v1/chat/completions', {token, body});
    expect(status).toBe(200);
    expect(reply.choices[0].message.content).toBe('Hello');
  }
  // The second time the field is not sent.
  expect(sandbox.requests.filter(({path}) => path === '/v1/chat/completions').map(({status}) => status)).toEqual([
    400, 200, 200,
  ]);
});

test('the effort is sent by the parameter that the bot has, and left out for bots without one', async () => {
  const {addToken, fetchJson, sandbox} = await serving();
  const token = await addToken('editor');
  const sent = async (model: string, more: object) => {
    const {status} = await fetchJson('/v1/chat/completions', {token, body: ask('Hello', {model, ...more})});
    const {model: _model, messages: _messages, ...rest} = JSON.parse(sandbox.requests.at(-1)?.body ?? '{}');
    return [status, rest];
  };
  const claude = 'Anthropic/Claude-Sonnet-4.6';
  expect(await sent(claude, {reasoning_effort: 'high'})).toEqual([200, {output_effort: 'high'}]);
  expect(await sent(claude, {reasoning_effort: 'xhigh'})).toEqual([200, {output_effort: 'high'}]);
  expect(await sent(claude, {reasoning: {effort: 'none'}})).toEqual([200, {output_effort: 'none'}]);
  expect(await sent(claude, {reasoning_effort: 'low', thinking_budget: 5})).toEqual([200, {thinking_budget: 5}]);
  expect(await sent('Sandbox-Echo', {reasoning_effort: 'high'})).toEqual([200, {}]);
  expect(await sent('Sandbox-Parameters', {extra_body: {search: true}})).toEqual([200, {search: true}]);
});
