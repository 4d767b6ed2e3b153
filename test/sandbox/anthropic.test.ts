import Anthropic, {APIError, AuthenticationError, BadRequestError, NotFoundError} from '@anthropic-ai/sdk';
import {createHash} from 'node:crypto';
import {expect, test} from 'vitest';
import {withKey} from '../support/with-key.js';

/* The sandbox's API as Anthropic's own client uses it. */

async function withAnthropic() {
  const {sandbox} = await withKey({pace: 0});
  const anthropic = new Anthropic({apiKey: sandbox.apiKey, authToken: null, baseURL: sandbox.apiUrl, maxRetries: 0});
  return {sandbox, anthropic};
}

const hello = [{role: 'user' as const, content: 'hello, 世界'}];
const request = {model: 'sandbox-echo', max_tokens: 100, messages: hello};

test('Anthropic’s client gets a reply, as one object and as a stream', async () => {
  const {anthropic} = await withAnthropic();
  const message = await anthropic.messages.create(request);
  expect(message).toMatchObject({
    id: expect.stringMatching(/^req_poe_[0-9a-f]{32}$/),
    content: [{type: 'text', text: 'hello, 世界'}],
    stop_reason: 'end_turn',
    usage: {input_tokens: 4, output_tokens: 4, total_tokens: 8},
  });
  const stream = anthropic.messages.stream({...request, model: 'sandbox-thinker'});
  expect((await stream.finalMessage()).content).toMatchObject([
    {type: 'thinking', thinking: 'Two and two is four.'},
    {type: 'text', text: '4'},
  ]);
});

test('the key is accepted in either header, and x-api-key has precedence', async () => {
  const {sandbox, anthropic} = await withAnthropic();
  const bearer = new Anthropic({
    apiKey: null,
    authToken: sandbox.apiKey,
    baseURL: sandbox.apiUrl,
    maxRetries: 0,
  });
  expect((await bearer.messages.create(request)).type).toBe('message');
  const statusWith = async (key: string, other: string) => {
    const headers = {'Content-Type': 'application/json', 'x-api-key': key, Authorization: `Bearer ${other}`};
    const body = JSON.stringify(request);
    return (await fetch(`${sandbox.apiUrl}/v1/messages`, {method: 'POST', headers, body})).status;
  };
  expect(await statusWith(sandbox.apiKey, 'wrong')).toBe(200);
  expect(await statusWith('wrong', sandbox.apiKey)).toBe(401);
  const wrong = anthropic.withOptions({apiKey: 'wrong'});
  await expect(wrong.messages.create(request)).rejects.toBeInstanceOf(AuthenticationError);
});

test('a bot may have Anthropic’s name, and must name the endpoint in the list', async () => {
  const {anthropic} = await withAnthropic();
  for (const model of ['claude-sonnet-4.6', 'Claude-Sonnet-4.6', 'claude-sonnet-4-6', 'claude-sonnet-4-6-20260217']) {
    expect((await anthropic.messages.create({...request, model})).content).toHaveLength(1);
  }
  for (const model of ['gemini-2.0-flash', 'assistant', 'claude-opus-9']) {
    await expect(anthropic.messages.create({...request, model})).rejects.toBeInstanceOf(NotFoundError);
  }
});

test('cache marks, system texts, tools and thinking are accepted', async () => {
  const {anthropic} = await withAnthropic();
  const cached = {cache_control: {type: 'ephemeral' as const}};
  const {content} = await anthropic.messages.create({
    model: 'sandbox-memory',
    max_tokens: 2000,
    system: [{type: 'text', text: 'Be brief.', ...cached}],
    thinking: {type: 'enabled', budget_tokens: 1024},
    tools: [{name: 'f', input_schema: {type: 'object'}, ...cached}],
    tool_choice: {type: 'auto'},
    metadata: {user_id: 'someone'},
    stop_sequences: ['.'],
    messages: [
      {role: 'user', content: [{type: 'text', text: 'Look', ...cached}]},
      {
        role: 'assistant',
        content: [
          {type: 'thinking', thinking: 'x', signature: createHash('sha256').update('x').digest('base64')},
          {type: 'tool_use', id: 't', name: 'f', input: {}},
        ],
      },
      {role: 'user', content: [{type: 'tool_result', tool_use_id: 't', content: 'sunny'}]},
    ],
  });
  expect(content).toEqual([
    {type: 'text', text: 'system: Be brief.\nuser: Look\nassistant: [thinking]\n[tool_use]\nuser: [tool_result]'},
  ]);
});

test.each([
  [{nonsense: 1}, 'nonsense: Extra inputs are not permitted'],
  [{max_tokens: 'abc'}, 'max_tokens: '],
  [{max_tokens: undefined}, 'max_tokens: '],
  [{temperature: 2}, 'temperature: '],
  [{messages: [{role: 'system', content: 'x'}]}, 'messages.0.role: '],
])('a message with %j is rejected in Anthropic’s format', async (fields, text) => {
  const {anthropic} = await withAnthropic();
  const body = {...request, ...fields};
  const error: unknown = await anthropic.post('/v1/messages', {body}).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(BadRequestError);
  expect(error).toMatchObject({
    error: {type: 'error', error: {type: 'invalid_request_error', message: expect.stringContaining(text)}},
  });
});

test('bots fail, are cut off or stay silent, with a stream and without one', async () => {
  const {anthropic} = await withAnthropic();
  const ask = (model: string, signal?: AbortSignal) =>
    anthropic.messages.create({...request, model}, {signal}).catch((error: unknown) => error);
  const follow = (model: string, signal?: AbortSignal) =>
    anthropic.messages
      .stream({...request, model}, {signal})
      .finalMessage()
      .catch((error: unknown) => error);
  expect(await ask('sandbox-broken')).toMatchObject({status: 502});
  const broken = await follow('sandbox-broken');
  expect(broken).toBeInstanceOf(APIError);
  expect(broken).toMatchObject({error: {error: {type: 'upstream_error', message: 'The model is unavailable.'}}});
  for (const model of ['sandbox-cut', 'sandbox-endless']) {
    expect(await ask(model)).toBeInstanceOf(Error);
    expect(await follow(model)).toBeInstanceOf(Error);
  }
  for (const wait of [ask, follow]) {
    const stop = new AbortController();
    const silent = wait('sandbox-slow', stop.signal);
    expect(await Promise.race([silent, ask('sandbox-echo')])).not.toBeInstanceOf(Error);
    stop.abort();
    expect(await silent).toBeInstanceOf(Error);
  }
});
