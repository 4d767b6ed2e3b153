import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {createOpenAICompatible} from '@ai-sdk/openai-compatible';
import {generateText, jsonSchema, Output, streamText} from 'ai';
import OpenAI, {type APIError} from 'openai';
import {expect, test} from 'vitest';
import {servingWeb} from './support.js';

/* The clients of OpenAI, Anthropic and Vercel use bots through a browser session. */

const ask = (content: string) => [{role: 'user' as const, content}];

const hello = [{role: 'user' as const, content: 'Hello, 世界!'}];

test.each(['2026-08', '2025-03'] as const)('all clients get replies, whole and as streams (site %s)', async (site) => {
  const {openai, anthropic, url, token, sandbox} = await servingWeb({site});
  const model = 'Sandbox-Echo';

  const completion = await openai.chat.completions.create({model, messages: hello});
  expect(completion).toMatchObject({
    object: 'chat.completion',
    model,
    choices: [{index: 0, finish_reason: 'stop', message: {role: 'assistant', content: 'Hello, 世界!'}}],
    usage: {prompt_tokens: 5, completion_tokens: 5, total_tokens: 10, cost_points: 2},
  });
  const chunks = await openai.chat.completions
    .stream({model, messages: hello, stream_options: {include_usage: true}})
    .finalChatCompletion();
  expect(chunks.choices[0]?.message.content).toBe('Hello, 世界!');
  expect(chunks.usage).toMatchObject({total_tokens: 10});

  const response = await openai.responses.create({model, input: 'Hello, 世界!'});
  expect(response).toMatchObject({status: 'completed', output_text: 'Hello, 世界!', usage: {total_tokens: 10}});
  const streamed = await openai.responses.stream({model, input: 'Hello, 世界!'}).finalResponse();
  expect(streamed.output_text).toBe('Hello, 世界!');

  const message = await anthropic.messages.create({model, max_tokens: 100, messages: hello});
  expect(message).toMatchObject({
    type: 'message',
    role: 'assistant',
    content: [{type: 'text', text: 'Hello, 世界!'}],
    stop_reason: 'end_turn',
    usage: {input_tokens: 5, output_tokens: 5},
  });
  const final = await anthropic.messages.stream({model, max_tokens: 100, messages: hello}).finalMessage();
  expect(final.content).toEqual([{type: 'text', text: 'Hello, 世界!'}]);
  expect(final.usage).toMatchObject({input_tokens: 5, output_tokens: 5});

  const provider = createOpenAICompatible({name: 'poe', baseURL: `${url}/v1`, apiKey: token});
  expect((await generateText({model: provider(model), prompt: 'Hello, 世界!'})).text).toBe('Hello, 世界!');
  expect(await streamText({model: provider(model), prompt: 'Hello, 世界!'}).text).toBe('Hello, 世界!');
  expect(sandbox.world.chats.filter(({bot}) => bot.handle === model)).toHaveLength(8);
});

test('JSON comes without the text around it, and a schema is passed on to the bot', async () => {
  const {openai, anthropic, url, token, sent} = await servingWeb();
  const provider = createOpenAICompatible({
    name: 'poe',
    baseURL: `${url}/v1`,
    apiKey: token,
    supportsStructuredOutputs: true,
  });
  const schema = {
    type: 'object' as const,
    properties: {name: {type: 'string' as const}, age: {type: 'number' as const}},
    required: ['name', 'age'],
  };
  const {output} = await generateText({
    model: provider('Assistant'),
    prompt: 'Describe a person.',
    output: Output.object({schema: jsonSchema(schema)}),
  });
  expect(output).toEqual({name: 'Ada', age: 36});
  expect(sent()[0]?.text).toMatch(/^Describe a person\.\n\nReply only with JSON that matches .*\n\{.*"age"/s);
  // The bot writes a sentence above and below the JSON.
  const format = {
    model: 'Sandbox-Json',
    messages: ask('A person, as JSON'),
    response_format: {type: 'json_object' as const},
  };
  const streamed = await openai.chat.completions.stream(format).finalContent();
  expect(JSON.parse(streamed ?? '')).toMatchObject({name: 'Ada'});
  const goOn = [...format.messages, {role: 'assistant' as const, content: streamed}, ...ask('Again')];
  await openai.chat.completions.create({...format, messages: goOn});
  expect(sent().at(-1)).toMatchObject({text: 'Again', isNew: false});
  const message = await anthropic.messages.create({
    model: 'Assistant',
    max_tokens: 99,
    messages: ask('A person'),
    output_config: {format: {type: 'json_schema', schema}},
  });
  expect(message.content).toEqual([{type: 'text', text: expect.stringMatching(/^\{.*\}$/s)}]);
});

test('the bots of the site, and those that were used, are models', async () => {
  const {openai, anthropic, run} = await servingWeb();
  await run('send', '-b', 'Sandbox-Echo', 'hi');
  const ids = (await openai.models.list()).data.map(({id}) => id);
  expect(ids).toEqual(expect.arrayContaining(['Assistant', 'GPT-4o', 'Sandbox-Echo']));
  expect(new Set(ids).size).toBe(ids.length);
  expect(await openai.models.retrieve('gpt-4o')).toMatchObject({id: 'GPT-4o', owned_by: 'OpenAI'});
  expect((await anthropic.models.list()).data.map(({id}) => id)).toEqual(ids);
});

test('progress messages are not sent', async () => {
  const {anthropic} = await servingWeb({pace: 0.05});
  const messages = ask('Which city is the capital of Australia?');
  const {content} = await anthropic.messages.stream({model: 'Sandbox-Rewrite', max_tokens: 9, messages}).finalMessage();
  expect(content).toEqual([
    {type: 'text', text: expect.stringMatching(/^The capital of Australia is Canberra\. .*1927\.$/)},
  ]);
});

test('programs wait for each other, and one that disconnects cancels its reply or is not sent', async () => {
  const {openai, sandbox, sent, run} = await servingWeb({pace: 0.2});
  const slow = await openai.chat.completions.create({model: 'Sandbox-Slow', messages: ask('A'), stream: true});
  const second = openai.chat.completions.create({model: 'Sandbox-Echo', messages: ask('B')});
  const leaving = Array.from({length: 16}, () => new AbortController());
  const waiting = leaving.map(({signal}, index) =>
    openai.chat.completions.create({model: 'Sandbox-Echo', messages: ask(`C${index}`)}, {signal}),
  );
  const left = Promise.allSettled(waiting);
  const rejected = await Promise.any(waiting.map((each) => each.catch((error: unknown) => error)));
  expect(rejected).toMatchObject({status: 429, code: 'queue_full'});
  expect((rejected as APIError).headers?.get('retry-after')).toBe('10');
  for (const program of leaving) program.abort();
  await left;
  expect(sent()).toHaveLength(1);
  // The chats of programs are not those of the user.
  expect((await run('send', '-c', 'last', 'X')).err).toContain('last');
  expect((await run('jobs')).out).toBe('');
  for await (const _chunk of slow) break;
  expect((await second).choices[0]?.message.content).toBe('B');
  expect(sent().map(({text}) => text)).toEqual(['A', 'B']);
  const replies = sandbox.world.chats.flatMap(({messages}) =>
    messages.filter(({bot}) => bot?.handle === 'Sandbox-Slow'),
  );
  expect(replies.map(({state}) => state)).toEqual(['cancelled']);
});

test('a reply that fails ends the stream with an error in all formats', async () => {
  const {openai, anthropic} = await servingWeb();
  const model = 'Sandbox-Fails';
  const read = async (stream: AsyncIterable<unknown>) => {
    for await (const _event of stream);
  };
  const failed = 'not available right now';
  const completion = await openai.chat.completions.create({model, messages: ask('A'), stream: true});
  await expect(read(completion)).rejects.toThrow(failed);
  await expect(read(await openai.responses.create({model, input: 'A', stream: true}))).rejects.toThrow(failed);
  const message = await anthropic.messages.create({model, messages: ask('A'), max_tokens: 9, stream: true});
  await expect(read(message)).rejects.toThrow(failed);
});

test('a reply that fails is not requested again, whatever the client does', async () => {
  const {url, token, sent} = await servingWeb();
  const openai = new OpenAI({apiKey: token, baseURL: `${url}/v1`});
  const model = 'Sandbox-Fails';
  await expect(openai.chat.completions.create({model, messages: ask('A')})).rejects.toThrow('not available right now');
  expect(sent()).toHaveLength(1);
  const provider = createOpenAICompatible({name: 'poe', baseURL: `${url}/v1`, apiKey: token});
  await expect(generateText({model: provider(model), prompt: 'B'})).rejects.toThrow('not available right now');
  expect(sent()).toHaveLength(2);
});

test('the budget is kept, and what a bot cannot do is refused before anything is sent', async () => {
  const {run, sent, url} = await servingWeb();
  const {out} = await run('serve', 'token', 'add', 'thrifty', '--budget', '3/day');
  const openai = new OpenAI({apiKey: out.trim(), baseURL: `${url}/v1`, maxRetries: 0});
  const model = 'Sandbox-Echo';
  const tools = [{type: 'function' as const, function: {name: 'f', parameters: {}}}];
  await expect(openai.chat.completions.create({model, messages: ask('A'), tools})).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining('bots do not have tools'),
  });
  const messages = [...ask('A'), {role: 'assistant' as const, content: 'B'}];
  await expect(openai.chat.completions.create({model, messages})).rejects.toThrow('must be from the user');
  await expect(openai.chat.completions.create({model: 'Nobody', messages: ask('A')})).rejects.toMatchObject({
    status: 404,
  });
  await openai.chat.completions.create({model, messages: ask('A'), tools, tool_choice: 'none'});
  await expect(openai.chat.completions.create({model, messages: ask('B')})).rejects.toMatchObject({status: 402});
  expect(sent()).toHaveLength(1);
});

test('parameters and effort reach a bot that has them, and a header names the fields without effect', async () => {
  const {openai} = await servingWeb();
  const fields = {temperature: 0.5, reasoning_effort: 'high' as const, budget: 50};
  const {data, response} = await openai.chat.completions
    .create({model: 'Sandbox-Parameters', messages: ask('A'), ...fields})
    .withResponse();
  expect(data.choices[0]?.message.content).toBe('{"effort":"high","budget":50}');
  expect(response.headers.get('x-poe-ignored')).toBe('temperature');
  expect(response.headers.get('x-poe-chat')).toMatch(/^\w+$/);
});

test('a session that Poe rejects is reported, and a new login is used without a restart', async () => {
  const {start, run, token, sandbox, configDir} = await servingWeb();
  await run('login');
  const path = join(configDir, 'config.json');
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll(sandbox.tokens.pB, 'expired'));
  const {url} = await start({POE_P_B: undefined, POE_P_LAT: undefined});
  const openai = new OpenAI({apiKey: token, baseURL: `${url}/v1`, maxRetries: 0});
  const request = {model: 'Sandbox-Echo', messages: ask('A')};
  await expect(openai.models.list()).rejects.toMatchObject({status: 503, code: 'not_logged_in'});
  await expect(openai.chat.completions.create(request)).rejects.toMatchObject({status: 503, code: 'not_logged_in'});
  await run('login');
  expect((await openai.chat.completions.create(request)).choices[0]?.message.content).toBe('A');
  expect((await openai.models.list()).data.length).toBeGreaterThan(40);
});
