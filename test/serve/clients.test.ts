import {createOpenAICompatible} from '@ai-sdk/openai-compatible';
import Anthropic from '@anthropic-ai/sdk';
import {generateText, streamText} from 'ai';
import OpenAI from 'openai';
import {expect, test} from 'vitest';
import {chunks, scriptedApi} from '../support/servers/scripted-api.js';
import {serving, servingApi} from './support.js';

/** All items of a list or a stream. */
async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const delta = (part: object, finish: string | null = null) => ({
  choices: [{index: 0, delta: part, finish_reason: finish}],
});

const user = (content: string) => ({role: 'user' as const, content});

test('the package openai lists models, and gets completions and responses, whole and streamed', async () => {
  const {addToken, url} = await serving();
  const client = new OpenAI({baseURL: `${url}/v1`, apiKey: await addToken('editor'), maxRetries: 0});
  const models = await collect(client.models.list());
  expect(models.find(({id}) => id === 'Sandbox-Echo')).toMatchObject({object: 'model', owned_by: 'poe-cli'});
  expect((await client.models.retrieve('sandbox-echo')).id).toBe('Sandbox-Echo');

  const model = 'Sandbox-Thinker';
  const whole = await client.chat.completions.create({model, messages: [user('2+2?')]});
  expect(whole.choices[0]?.message).toMatchObject({content: '4', reasoning_content: 'Two and two is four.'});
  const stream = await client.chat.completions.create({
    model,
    messages: [user('2+2?')],
    stream: true,
    stream_options: {include_usage: true},
  });
  const parts = await collect(stream);
  const texts = parts.map(({choices}) => choices[0]?.delta ?? {}) as {content?: string; reasoning_content?: string}[];
  expect(texts.map(({content = ''}) => content).join('')).toBe('4');
  expect(texts.map(({reasoning_content = ''}) => reasoning_content).join('')).toBe('Two and two is four.');
  expect(parts.at(-1)?.usage).toMatchObject({completion_tokens: expect.any(Number)});

  const bot = 'claude-sonnet-4.6';
  const response = await client.responses.create({model: bot, instructions: 'Be brief.', input: 'Good day'});
  expect(response.output_text).toBe('You said: Good day');
  const events = await collect(await client.responses.create({model: bot, input: 'Good day', stream: true}));
  expect(events.at(-1)).toMatchObject({type: 'response.completed'});

  const refused = (call: Promise<unknown>) => call.then(String, (error: unknown) => error);
  expect(await refused(client.embeddings.create({model, input: 'a'}))).toMatchObject({
    status: 404,
    code: 'embeddings_not_supported',
  });
  expect(await refused(client.chat.completions.create({model: 'no-bot', messages: [user('a')]}))).toMatchObject({
    status: 404,
    message: '404 Model `no-bot` not found.',
  });
  expect(await refused(client.responses.create({model, input: 'a', previous_response_id: 'resp_1'}))).toMatchObject({
    status: 400,
    param: 'previous_response_id',
  });
  expect(await refused(client.withOptions({apiKey: 'wrong'}).models.list())).toMatchObject({status: 401});
});

test('the package @anthropic-ai/sdk gets messages, whole and streamed, models and counts of tokens', async () => {
  const {addToken, url} = await serving();
  const client = new Anthropic({baseURL: url, apiKey: await addToken('editor'), maxRetries: 0});
  // Poe accepts Anthropic's ID as well.
  const request = {model: 'claude-sonnet-4-6-20260217', max_tokens: 100, messages: [user('Good day')]};
  const whole = await client.messages.create(request);
  expect(whole.content).toEqual([{type: 'text', text: 'You said: Good day'}]);
  const streamed = await client.messages.stream(request).finalMessage();
  expect(streamed.content).toEqual(whole.content);
  expect(streamed.usage.output_tokens).toBeGreaterThan(0);
  expect(await client.messages.countTokens(request)).toEqual({input_tokens: expect.any(Number)});
  const models = await collect(client.models.list());
  expect(models.find(({id}) => id === 'claude-sonnet-4.6')).toMatchObject({type: 'model'});
  // A field that Poe does not know is left out.
  const extended = {...request, betas: ['a'], messages: [user('Again')]};
  expect((await client.messages.create(extended)).content).toEqual([{type: 'text', text: 'You said: Again'}]);
  const failed = await client.messages.create({...request, model: 'gpt-none'}).catch((error: unknown) => error);
  expect(failed).toMatchObject({status: 404, error: {type: 'error', error: {type: 'not_found_error'}}});
  const wrong = new Anthropic({baseURL: url, apiKey: null, authToken: 'wrong', maxRetries: 0});
  expect(await wrong.messages.create(request).catch((error: unknown) => error)).toMatchObject({status: 401});
});

test('the package ai generates and streams text through its provider for compatible servers', async () => {
  const {addToken, url} = await serving();
  const poe = createOpenAICompatible({name: 'poe', baseURL: `${url}/v1`, apiKey: await addToken('editor')});
  const {text, usage} = await generateText({model: poe('Sandbox-Echo'), prompt: 'Good day', maxRetries: 0});
  expect(text).toBe('Good day');
  expect(usage.outputTokens).toBeGreaterThan(0);
  const {textStream, reasoningText} = streamText({model: poe('Sandbox-Thinker'), prompt: '2+2?', maxRetries: 0});
  expect((await collect(textStream)).join('')).toBe('4');
  expect(await reasoningText).toBe('Two and two is four.');
});

test('tools, their calls and their results are passed through, and files and images in messages too', async () => {
  const call = {
    index: 0,
    id: 'call_1',
    type: 'function',
    function: {name: 'weather', arguments: '{"city":"Köln"}'},
    extra_content: {google: {thought_signature: 'c2ln'}},
  };
  const {env, requests} = await scriptedApi({
    '/v1/models': {data: [{id: 'Bot'}]},
    '/v1/chat/completions': chunks([delta({role: 'assistant', tool_calls: [call]}), delta({}, 'tool_calls')]),
  });
  const {addToken, url} = await servingApi(env);
  const client = new OpenAI({baseURL: `${url}/v1`, apiKey: await addToken('editor'), maxRetries: 0});
  const {index: _index, ...made} = call;
  const messages: OpenAI.ChatCompletionMessageParam[] = [
    user('Weather?'),
    // What a bot adds to a call must come back unchanged.
    {role: 'assistant', content: null, tool_calls: [{...made, type: 'function'}]},
    {role: 'tool', tool_call_id: 'call_1', content: 'Rain'},
    {
      role: 'user',
      content: [
        {type: 'text', text: 'And this?'},
        {type: 'image_url', image_url: {url: 'data:image/png;base64,iVBORw0KGgo='}},
        {type: 'file', file: {filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0='}},
      ],
    },
  ];
  const tools: OpenAI.ChatCompletionTool[] = [
    {type: 'function', function: {name: 'weather', strict: true, parameters: {type: 'object', properties: {}}}},
  ];
  const stream = client.chat.completions.stream({model: 'Bot', messages, tools, tool_choice: 'auto'});
  const {choices} = await stream.finalChatCompletion();
  expect(choices[0]?.message.tool_calls).toMatchObject([{id: 'call_1', function: call.function}]);
  const {body} = requests.find(({path}) => path === '/v1/chat/completions') ?? {body: '{}'};
  expect(JSON.parse(body)).toEqual({
    model: 'Bot',
    messages,
    tools,
    tool_choice: 'auto',
    stream: true,
    stream_options: {include_usage: true},
  });
});

test('a reply that Poe sends whole although a stream was requested arrives as a stream', async () => {
  const {env} = await scriptedApi({
    '/v1/models': {data: [{id: 'Bot'}]},
    '/v1/chat/completions': {
      id: 'chatcmpl-1',
      choices: [
        {index: 0, message: {role: 'assistant', content: '![a](https://pfst.cf2.poecdn.net/b)'}, finish_reason: 'stop'},
      ],
      usage: {prompt_tokens: 1, completion_tokens: 2, total_tokens: 3},
    },
  });
  const {addToken, url} = await servingApi(env);
  const client = new OpenAI({baseURL: `${url}/v1`, apiKey: await addToken('editor'), maxRetries: 0});
  const stream = client.chat.completions.stream({model: 'Bot', messages: [user('A lighthouse')]});
  const {choices} = await stream.finalChatCompletion();
  expect(choices[0]).toMatchObject({message: {content: '![a](https://pfst.cf2.poecdn.net/b)'}, finish_reason: 'stop'});
});
