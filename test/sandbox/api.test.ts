import OpenAI, {APIError, AuthenticationError, NotFoundError} from 'openai';
import {expect, test} from 'vitest';
import {withKey} from '../support/with-key.js';

/* The sandbox's API works with OpenAI's own client, so it does not merely repeat poe's assumptions. */

async function withOpenAi() {
  const {sandbox} = await withKey();
  return {sandbox, openai: new OpenAI({apiKey: sandbox.apiKey, baseURL: `${sandbox.apiUrl}/v1`, maxRetries: 0})};
}

const hello = [{role: 'user' as const, content: 'hello, 世界'}];

test('OpenAI’s client lists the bots', async () => {
  const {openai} = await withOpenAi();
  const {data} = await openai.models.list();
  expect(data.map(({id}) => id)).toContain('claude-sonnet-4.6');
});

test('OpenAI’s client gets a reply, as one object and as a stream', async () => {
  const {openai} = await withOpenAi();
  const completion = await openai.chat.completions.create({model: 'sandbox-echo', messages: hello});
  expect(completion.choices[0]?.message.content).toBe('hello, 世界');
  const stream = await openai.chat.completions.create({
    model: 'sandbox-echo',
    messages: hello,
    stream: true,
    stream_options: {include_usage: true},
  });
  let text = '';
  let tokens = 0;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? '';
    tokens = chunk.usage?.total_tokens ?? tokens;
  }
  expect({text, tokens}).toEqual({text: 'hello, 世界', tokens: 9});
});

test('OpenAI’s client recognizes the errors', async () => {
  const {openai, sandbox} = await withOpenAi();
  const ask = (model: string, client = openai) =>
    client.chat.completions.create({model, messages: hello}).catch((error: unknown) => error);
  expect(await ask('no-such-bot')).toBeInstanceOf(NotFoundError);
  const anonymous = new OpenAI({apiKey: 'wrong', baseURL: `${sandbox.apiUrl}/v1`, maxRetries: 0});
  expect(await ask('sandbox-echo', anonymous)).toBeInstanceOf(AuthenticationError);
  const broken = await openai.chat.completions.create({model: 'sandbox-broken', messages: hello, stream: true});
  const follow = async () => {
    for await (const chunk of broken) expect(chunk.object).toBe('chat.completion.chunk');
  };
  await expect(follow()).rejects.toBeInstanceOf(APIError);
});

test('the API rejects unknown fields, roles and cookies, and lists bots without a key', async () => {
  const {sandbox} = await withKey();
  const post = (body: object, headers: Record<string, string> = {}) =>
    fetch(`${sandbox.apiUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: {Authorization: `Bearer ${sandbox.apiKey}`, 'Content-Type': 'application/json', ...headers},
      body: JSON.stringify({model: 'Sandbox-Echo', messages: hello, ...body}),
    });
  expect((await post({})).status).toBe(200);
  expect((await post({extra_body: {}})).status).toBe(400);
  expect((await post({messages: [{role: 'developer', content: 'x'}]})).status).toBe(400);
  expect((await post({}, {Cookie: 'p-b=x'})).status).toBe(400);
  expect((await fetch(`${sandbox.apiUrl}/v1/models`)).status).toBe(200);
});

test('a bot accepts what fastapi_poe reports to it', async () => {
  const {sandbox} = await withKey();
  const report = {version: '1.2', type: 'report_error', message: 'Unknown event type', metadata: {}};
  const response = await fetch(`${sandbox.apiUrl}/bot/Sandbox-Native`, {
    method: 'POST',
    headers: {Authorization: `Bearer ${sandbox.apiKey}`, 'Content-Type': 'application/json'},
    body: JSON.stringify(report),
  });
  expect(response.status).toBe(200);
});
