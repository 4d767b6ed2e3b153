import {expect, test} from 'vitest';
import {updateSettings} from '../../src/bot-server/serve-bot.js';
import {eventStream, scriptedApi} from '../support/servers/scripted-api.js';
import {accessKey, events, query, serving} from './serve.js';

/* What a bot server asks of Poe. */

const event = (name: string, data: object) => `event: ${name}\r\ndata: ${JSON.stringify(data)}\r\n\r\n`;

test('a bot passes on the reply of another bot, which gets the query of the user', async () => {
  const reply = [
    event('meta', {content_type: 'text/markdown'}),
    event('text', {text: 'From '}),
    event('replace_response', {text: 'another bot'}),
    event('file', {url: 'https://x.example/a', content_type: 'text/plain', name: 'a'}),
    event('future', {}),
    event('done', {}),
  ];
  const {env, requests} = await scriptedApi({'/bot/GPT-4o-Mini': eventStream(reply.join(''))});
  const {post} = await serving(
    async function* ({messages}, {ask}) {
      yield* ask('GPT-4o-Mini', {messages: [{role: 'system', content: 'Be brief'}, ...messages], temperature: 0});
    },
    {apiUrl: env.POE_API_URL},
  );
  const stream = await (await post({...query('Hi'), bot_query_id: 'q-1', unknown: {a: 1}})).text();
  expect(events(stream)).toEqual([
    'text {"text":"From "}',
    'replace_response {"text":"another bot"}',
    'file {"url":"https://x.example/a","content_type":"text/plain","name":"a","inline_ref":null}',
    'done {}',
  ]);
  expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({
    type: 'query',
    user_id: 'u-1',
    bot_query_id: 'q-1',
    unknown: {a: 1},
    temperature: 0,
    access_key: accessKey,
    query: [
      {role: 'system', content: 'Be brief'},
      {role: 'user', content: 'Hi', content_type: 'text/markdown'},
    ],
  });
});

test('an error of another bot is shown to the user, and a cut reply is not complete', async () => {
  const {env} = await scriptedApi({
    '/bot/Poor': eventStream(event('error', {allow_retry: false, text: 'No points', error_type: 'insufficient_fund'})),
    '/bot/Cut': eventStream(event('text', {text: 'Some'})),
  });
  const {ask, failures} = await serving(({message}, {ask}) => ask(message.content), {apiUrl: env.POE_API_URL});
  expect(events(await ask('Poor'))).toEqual([
    'error {"allow_retry":false,"text":"No points","error_type":"insufficient_fund"}',
    'done {}',
  ]);
  expect(events(await ask('Cut')).map((each) => each.split(' ')[0])).toEqual(['text', 'error', 'done']);
  expect(String(failures[1])).toBe('PoeError: The reply of Cut ended early: Poe closed the connection');
});

test('a bot attaches a file', async () => {
  const {env, requests} = await scriptedApi({
    '/upload': {attachment_url: 'https://cdn.example/a', mime_type: 'text/plain'},
  });
  const {ask} = await serving(
    async function* (_query, {attach}) {
      const content = (async function* () {
        yield Buffer.from('hello');
      })();
      yield await attach({content, name: 'a.txt'});
    },
    {uploadUrl: `${env.POE_API_URL}/upload`},
  );
  expect(events(await ask())[0]).toBe(
    'file {"url":"https://cdn.example/a","content_type":"text/plain","name":"a.txt","inline_ref":null}',
  );
  expect(requests[0]?.body).toContain('hello');
});

test('settings are sent to Poe, and errors do not show the access key', async () => {
  const path = (handle: string) => `/bot/update_settings/${handle}/${accessKey}/1.2`;
  const {env, requests} = await scriptedApi({
    [path('Mine')]: {},
    [path('Other')]: {type: 'text/plain', text: `No bot with ${accessKey}`, status: 403},
  });
  const options = {accessKey, apiUrl: env.POE_API_URL};
  await updateSettings('Mine', {allowAttachments: true}, options);
  expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({allow_attachments: true, response_version: 2});
  await expect(updateSettings('Other', {}, options)).rejects.toMatchObject({
    code: 'refused',
    message: 'Poe did not accept the settings of Other (HTTP 403): No bot with …',
  });
  // @ts-expect-error -- Programs in JavaScript are not checked before.
  await expect(updateSettings('Mine', {introduction: 'Hi'}, options)).rejects.toMatchObject({code: 'usage'});
});

test('a bot charges the user, and stops if the user cannot pay', async () => {
  const result = (status: string) => eventStream(event('result', {status}));
  const {env, requests} = await scriptedApi({
    '/bot/cost/rich/authorize': result('success'),
    '/bot/cost/rich/capture': result('success'),
    '/bot/cost/poor/authorize': result('failure'),
  });
  const {post} = await serving(
    async function* (_query, {authorizeCost, captureCost}) {
      await authorizeCost([{usdMilliCents: 10}]);
      yield 'Expensive';
      await captureCost([{usdMilliCents: 7.2, description: 'Tokens'}]);
    },
    {apiUrl: env.POE_API_URL},
  );
  const ask = async (id: string) => events(await (await post({...query('Hi'), bot_query_id: id})).text());
  expect(await ask('rich')).toEqual(['text {"text":"Expensive"}', 'done {}']);
  expect(JSON.parse(requests[1]?.body ?? '')).toEqual({
    amounts: [{amount_usd_milli_cents: 8, description: 'Tokens'}],
    access_key: accessKey,
  });
  expect(await ask('poor')).toEqual([
    'error {"allow_retry":true,"text":"","error_type":"insufficient_fund"}',
    'done {}',
  ]);
  expect((await ask(''))[0]).toContain('unexpected issue');
});
