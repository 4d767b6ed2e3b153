import {createOpenAICompatible} from '@ai-sdk/openai-compatible';
import {generateText, streamText} from 'ai';
import {expect, test} from 'vitest';
import {servingWeb} from './support.js';

/* The clients of OpenAI, Anthropic and Vercel use bots through a browser session. */

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

test('the bots of the site, and those that were used, are models', async () => {
  const {openai, anthropic, run} = await servingWeb();
  await run('send', '-b', 'Sandbox-Echo', 'hi');
  const ids = (await openai.models.list()).data.map(({id}) => id);
  expect(ids).toEqual(expect.arrayContaining(['Assistant', 'GPT-4o', 'Sandbox-Echo']));
  expect(new Set(ids).size).toBe(ids.length);
  expect(await openai.models.retrieve('gpt-4o')).toMatchObject({id: 'GPT-4o', owned_by: 'OpenAI'});
  expect((await anthropic.models.list()).data.map(({id}) => id)).toEqual(ids);
});
