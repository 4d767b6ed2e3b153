import OpenAI, {APIError, BadRequestError, InternalServerError} from 'openai';
import {expect, test} from 'vitest';
import {withKey} from '../support/with-key.js';

/* The sandbox's API as OpenAI's own client uses it. */

async function withOpenAi() {
  const {sandbox} = await withKey({pace: 0});
  return {sandbox, openai: new OpenAI({apiKey: sandbox.apiKey, baseURL: `${sandbox.apiUrl}/v1`, maxRetries: 0})};
}

const hello = [{role: 'user' as const, content: 'hello, 世界'}];

/** Fields of OpenAI's format that Poe accepts and ignores. */
const ignored = {
  audio: {format: 'mp3', voice: 'alloy'},
  frequency_penalty: 0.5,
  function_call: 'none',
  functions: [{name: 'f'}],
  logit_bias: {'50256': -100},
  metadata: {a: 'b'},
  modalities: ['text'],
  prediction: {type: 'content', content: 'x'},
  presence_penalty: 0.5,
  prompt_cache_key: 'key',
  reasoning_effort: 'low',
  response_format: {type: 'json_object'},
  safety_identifier: 'someone',
  seed: 1,
  service_tier: 'auto',
  store: false,
  user: 'someone',
  verbosity: 'low',
  web_search_options: {},
} as const;

/** Fields that have an effect. */
const effective = {
  logprobs: true,
  max_completion_tokens: 10,
  max_tokens: 10,
  n: 1,
  parallel_tool_calls: false,
  stop: ['.'],
  temperature: 1,
  tool_choice: 'auto',
  tools: [{type: 'function', function: {name: 'f', parameters: {}, strict: true}}],
  top_logprobs: 2,
  top_p: 0.5,
} as const;

test('chat completions accept every field of OpenAI’s format, also as null', async () => {
  const {openai} = await withOpenAi();
  const textWith = async (fields: object) => {
    const completion = await openai.chat.completions.create({model: 'sandbox-echo', messages: hello, ...fields});
    return completion.choices[0]?.message.content;
  };
  expect(await textWith({...ignored, ...effective})).toBe('hello, 世界');
  const nulls = Object.fromEntries(
    Object.keys({...ignored, ...effective, stream_options: 0}).map((name) => [name, null]),
  );
  expect(await textWith(nulls)).toBe('hello, 世界');
});

test('ignored fields do not reach the bot, unless it declares them', async () => {
  const {openai} = await withOpenAi();
  const fields: object = {...ignored, temperature: 1, effort: 'high'};
  const {choices} = await openai.chat.completions.create({model: 'sandbox-parameters', messages: hello, ...fields});
  expect(JSON.parse(choices[0]?.message.content ?? '')).toEqual({temperature: 1, effort: 'high'});
});

test.each([
  {max_tokens: 'abc'},
  {max_tokens: 0},
  {max_completion_tokens: 1.5},
  {temperature: 3},
  {temperature: 'hot'},
  {top_p: -1},
  {n: 2},
  {stop: ' '},
  {stream_options: 'yes'},
  {extra_body: {}},
  {nonsense: 1},
  {messages: []},
  {messages: [{role: 'user', content: null}]},
  {messages: [{role: 'assistant', content: null}]},
  {messages: [{role: 'user', content: [{type: 'video', video: 'x'}]}]},
  {messages: [{role: 'user', content: [{type: 'text', text: 5}]}]},
])('chat completions reject %j and name the field', async (fields) => {
  const {openai} = await withOpenAi();
  const body = {model: 'sandbox-echo', messages: hello, ...fields};
  const error: unknown = await openai.post('/chat/completions', {body}).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(BadRequestError);
  const [name = ''] = Object.keys(fields);
  expect(error instanceof APIError && error.param?.split('.')[0]).toBe(name);
});

test('a conversation with tool calls, images, files and cache marks is accepted', async () => {
  const {openai} = await withOpenAi();
  const cached = {cache_control: {type: 'ephemeral'}};
  const completion = await openai.chat.completions.create({
    model: 'sandbox-memory',
    messages: [
      {role: 'system', content: [{type: 'text', text: 'Be brief.', ...cached}]},
      {
        role: 'user',
        content: [
          {type: 'text', text: 'Look', ...cached},
          {type: 'image_url', image_url: {url: 'data:image/png;base64,AAAA', detail: 'low'}},
          {type: 'file', file: {filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA'}},
          {type: 'input_audio', input_audio: {data: 'AAAA', format: 'mp3'}},
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{id: 'call_1', type: 'function', function: {name: 'f', arguments: '{}'}}],
      },
      {role: 'tool', tool_call_id: 'call_1', content: 'sunny'},
      {role: 'assistant', content: '', refusal: null},
      {role: 'user', content: 'Go on'},
    ],
  });
  expect(completion.choices[0]?.message.content).toBe(
    'system: Be brief.\nuser: Look\n[image data:image/png;base64]\n[file a.pdf data:application/pdf;base64]\n' +
      '[audio mp3]\nassistant: \ntool: sunny\nassistant: \nuser: Go on',
  );
});

test('without streaming, bots fail, are cut off or stay silent as they do with it', async () => {
  const {openai} = await withOpenAi();
  const ask = {
    completions: (model: string, signal?: AbortSignal) =>
      openai.chat.completions.create({model, messages: hello}, {signal}).catch((error: unknown) => error),
    responses: (model: string, signal?: AbortSignal) =>
      openai.responses.create({model, input: 'hello'}, {signal}).catch((error: unknown) => error),
  };
  for (const answer of Object.values(ask)) {
    expect(await answer('sandbox-broken')).toMatchObject({status: 502, type: 'upstream_error'});
    expect(await answer('sandbox-broken')).toBeInstanceOf(InternalServerError);
    for (const model of ['sandbox-cut', 'sandbox-endless']) {
      const error = await answer(model);
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(InternalServerError);
    }
    const stop = new AbortController();
    const silent = answer('sandbox-slow', stop.signal);
    const first = await Promise.race([silent, answer('sandbox-echo')]);
    expect(first).not.toBeInstanceOf(Error);
    stop.abort();
    expect(await silent).toBeInstanceOf(Error);
  }
});

test('OpenAI’s client gets a response, as one object and as a stream', async () => {
  const {openai} = await withOpenAi();
  const response = await openai.responses.create({
    model: 'sandbox-memory',
    instructions: 'ignored',
    input: [
      {role: 'user', content: 'hello'},
      {role: 'assistant', content: 'hi'},
      {role: 'user', content: [{type: 'input_text', text: 'and 世界?'}]},
    ],
    max_output_tokens: 100,
    store: false,
    metadata: {a: 'b'},
  });
  expect(response.output_text).toBe('user: hello\nassistant: hi\nuser: and 世界?');
  expect(response).toMatchObject({status: 'completed', usage: {input_tokens: 7}});
  const stream = openai.responses.stream({model: 'sandbox-thinker', input: '2x2?'});
  const types = new Set<string>();
  for await (const {type} of stream) types.add(type);
  const final = await stream.finalResponse();
  expect(final.output_text).toBe('4');
  expect(final.output.map(({type}) => type)).toEqual(['reasoning', 'message']);
  for (const type of ['response.created', 'response.output_text.delta', 'response.completed']) {
    expect(types).toContain(type);
  }
});

test('the responses endpoint serves the bots that the list names, and no earlier responses', async () => {
  const {openai} = await withOpenAi();
  const ask = (fields: object) =>
    openai.responses
      .create({model: 'claude-sonnet-4.6', input: 'What is 2x2?', ...fields})
      .then(({output_text: text}) => text)
      .catch((error: unknown) => (error instanceof APIError ? [error.status, error.message] : error));
  expect(await ask({})).toBe('2 × 2 is **4**.');
  expect(await ask({model: 'assistant'})).toEqual([400, expect.stringContaining('does not support responses')]);
  expect(await ask({model: 'nobody'})).toEqual([404, expect.stringContaining('not found')]);
  expect(await ask({previous_response_id: 'resp_1'})).toEqual([500, expect.stringContaining('Zero Data Retention')]);
  expect(await ask({nonsense: 1})).toEqual([400, expect.stringContaining('nonsense')]);
  expect(await ask({max_output_tokens: 'abc'})).toEqual([400, expect.stringContaining('max_output_tokens')]);
});

test('a stream of responses ends with an error or without its last event when the bot breaks off', async () => {
  const {openai} = await withOpenAi();
  const follow = async (model: string) => {
    const types: string[] = [];
    try {
      for await (const {type} of await openai.responses.create({model, input: 'x', stream: true})) types.push(type);
    } catch (error) {
      return error;
    }
    return types.includes('response.completed') ? 'complete' : 'incomplete';
  };
  expect(await follow('sandbox-echo')).toBe('complete');
  expect(await follow('sandbox-broken')).toBeInstanceOf(APIError);
  expect(await follow('sandbox-endless')).toBe('incomplete');
  expect(await follow('sandbox-cut')).toBeInstanceOf(Error);
});
