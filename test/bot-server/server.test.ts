import {request} from 'node:http';
import {expect, onTestFinished, test} from 'vitest';
import {connectWithKey} from '../../src/index.js';
import {type BotQuery, ReplyError, serveBot} from '../../src/bot-server/serve-bot.js';
import {accessKey, events, query, serving} from './serve.js';

/* A server for bots, as Poe sees it. */

test('the pieces of text that a bot yields are events of its reply, which ends with done', async () => {
  const {ask, failures} = await serving(async function* ({message}) {
    yield 'You wrote: ';
    yield message.content;
  });
  expect(events(await ask('Grüße 👋'))).toEqual(['text {"text":"You wrote: "}', 'text {"text":"Grüße 👋"}', 'done {}']);
  expect(failures).toEqual([]);
});

test('a bot can return its whole reply, and yield every event of the protocol', async () => {
  const whole = await serving(async () => 'All of it');
  expect(events(await whole.ask())).toEqual(['text {"text":"All of it"}', 'done {}']);
  const {ask} = await serving(async function* () {
    yield {type: 'meta', contentType: 'text/plain', suggestedReplies: true};
    yield {type: 'text', text: 'one', index: 1};
    yield {type: 'replace_response', text: 'two'};
    yield {type: 'file', url: 'https://x.example/a.png', contentType: 'image/png', name: 'a.png', inlineRef: 'a'};
    yield {type: 'suggested_reply', text: 'More'};
    yield {type: 'json', data: {choices: []}};
    yield {type: 'data', metadata: 'kept'};
    yield {type: 'error', text: 'No', allowRetry: false, errorType: 'user_caused_error'};
    yield 'never sent';
  });
  expect(events(await ask())).toEqual([
    'meta {"content_type":"text/plain","refetch_settings":false,"linkify":true,"suggested_replies":true}',
    'text {"text":"one","index":1}',
    'replace_response {"text":"two"}',
    'file {"url":"https://x.example/a.png","content_type":"image/png","name":"a.png","inline_ref":"a"}',
    'suggested_reply {"text":"More"}',
    'json {"choices":[]}',
    'data {"metadata":"kept"}',
    'error {"allow_retry":false,"text":"No","error_type":"user_caused_error"}',
    'done {}',
  ]);
});

test("poe's own client gets the reply, and the bot gets its message and the earlier ones", async () => {
  const queries: BotQuery[] = [];
  const {server} = await serving({
    path: '/bot/Mine',
    async *reply(query) {
      queries.push(query);
      yield {type: 'replace_response', text: 'Thinking…'};
      yield {type: 'replace_response', text: '**4**'};
      yield {type: 'suggested_reply', text: 'And 3x3?'};
    },
  });
  const poe = await connectWithKey({apiKey: accessKey, apiUrl: server.url});
  onTestFinished(() => poe.close());
  const reply = await poe.send('2x2?', {bot: 'Mine', protocol: 'native', system: 'Be brief'});
  const {text, suggestedReplies} = await reply.result();
  expect({text, suggestedReplies}).toEqual({text: '**4**', suggestedReplies: ['And 3x3?']});
  expect((await (await reply.chat.send('Again', {protocol: 'native'})).result()).text).toBe('**4**');
  expect(queries.map(({messages}) => messages.map(({role, content}) => `${role}: ${content}`))).toEqual([
    ['system: Be brief', 'user: 2x2?'],
    ['system: Be brief', 'user: 2x2?', 'bot: **4**', 'user: Again'],
  ]);
});

test('requests need the access key of the bot', async () => {
  const {post, server} = await serving(async () => 'secret');
  for (const Authorization of ['', 'Bearer wrong', `Basic ${accessKey}`, accessKey]) {
    const response = await post(query('Hi'), {Authorization});
    expect({status: response.status, body: await response.json()}).toEqual({
      status: 401,
      body: {detail: 'Invalid access key'},
    });
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  }
  expect((await fetch(server.url)).status).toBe(200);
  await expect(serveBot(async () => '', {accessKey: 'short', port: 0})).rejects.toMatchObject({
    code: 'usage',
    message: 'An access key has 32 characters, and this one has 5',
  });
});

test('without an access key, a bot answers this machine only', async () => {
  const {ask, server} = await serving(async () => 'open', {accessKey: null});
  expect(events(await ask())).toEqual(['text {"text":"open"}', 'done {}']);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const headers = {Host: 'rebound.example', 'Content-Type': 'application/json'};
    const sent = request(server.url, {method: 'POST', headers}, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.once('error', reject).end(JSON.stringify(query('Hi')));
  });
  expect(status).toBe(403);
  await expect(serveBot(async () => '', {accessKey: null, host: '0.0.0.0', port: 0})).rejects.toMatchObject({
    code: 'usage',
    hint: 'Set the access key, or listen on 127.0.0.1.',
  });
});

test('requests that are not queries are refused with the reason', async () => {
  const {post, server} = await serving(async () => 'never', {maxBodyBytes: 2000});
  const refusal = async (body: object | string, headers = {}, path = '/') => {
    const response = await post(body, headers, path);
    return `${response.status} ${((await response.json()) as {detail: string}).detail}`;
  };
  expect(await refusal('{')).toMatch(/^400 Invalid request: body/);
  expect(await refusal({type: 'query'})).toMatch(/^400 Invalid query: query: /);
  expect(await refusal({...query(''), query: []})).toBe('400 Invalid query: query: there is no message');
  expect(await refusal(query('', {content: 7}))).toMatch(/^400 Invalid query: query\.0\.content: /);
  expect(await refusal({type: 'dance'})).toBe('501 Unsupported request type');
  expect(await refusal(query('Hi'), {'Content-Type': 'text/plain'})).toBe('415 The request body must be JSON');
  expect(await refusal(query('x'.repeat(2000)))).toBe('413 The request is too large');
  expect(await refusal(query('Hi'), {}, '/other')).toBe('404 Not Found');
  expect((await fetch(server.url, {method: 'PUT'})).status).toBe(405);
});

test('what a bot throws is not shown to the user, except a ReplyError', async () => {
  const {ask, failures} = await serving(async function* ({message}) {
    yield 'Some';
    if (message.content === 'long') throw new ReplyError('Too long.', {errorType: 'user_message_too_long'});
    throw new Error('password 1234');
  });
  expect(events(await ask()).slice(1)).toEqual([
    'error {"allow_retry":false,"text":"The bot encountered an unexpected issue."}',
    'done {}',
  ]);
  expect(events(await ask('long')).slice(1)).toEqual([
    'error {"allow_retry":true,"text":"Too long.","error_type":"user_message_too_long"}',
    'done {}',
  ]);
  expect(failures.map(String)).toEqual(['Error: password 1234', 'ReplyError: Too long.']);
});

test('an event with a mistake ends the reply, and the mistake is reported', async () => {
  const {ask, failures} = await serving(async function* () {
    // Programs in JavaScript are not checked before.
    yield JSON.parse('{"type": "file", "url": "https://x.example", "content_type": "image/png", "name": "a"}');
  });
  expect(events(await ask()).map((event) => event.split(' ')[0])).toEqual(['error', 'done']);
  expect(String(failures[0])).toMatch(/^TypeError: The bot sent something that is not an event: contentType: /);
});

test('a reply that takes too long or has too many events ends with an error', async () => {
  const slow = await serving(
    async function* () {
      yield 'Wait';
      await new Promise(() => {});
    },
    {maxReplyMs: 20},
  );
  expect(events(await slow.ask()).slice(1)).toEqual([
    'error {"allow_retry":true,"text":"The bot took too long to reply."}',
    'done {}',
  ]);
  const endless = await serving(
    async function* () {
      for (;;) yield 'a';
    },
    {maxEvents: 3},
  );
  expect(events(await endless.ask()).slice(3)).toEqual([
    'error {"allow_retry":true,"text":"The reply has too many events."}',
    'done {}',
  ]);
  expect([...slow.failures, ...endless.failures]).toEqual([]);
});

test('a bot learns that the user has stopped its reply', async () => {
  let stopped = () => {};
  const seen = new Promise<void>((resolve) => (stopped = resolve));
  const {server, failures} = await serving(async function* (_query, {signal}) {
    signal.addEventListener('abort', stopped);
    yield 'Wait';
    await new Promise(() => {});
  });
  const stop = new AbortController();
  const headers = {'Content-Type': 'application/json', Authorization: `Bearer ${accessKey}`};
  const body = JSON.stringify(query('Hi'));
  const response = await fetch(server.url, {method: 'POST', headers, body, signal: stop.signal});
  await response.body?.getReader().read();
  stop.abort();
  await seen;
  expect(failures).toEqual([]);
});

test('a character that two pieces of text share is not split', async () => {
  const {ask} = await serving(async function* () {
    yield 'a👋'.slice(0, 2);
    yield '👋b'.slice(1);
    yield '\uDC4B';
  });
  expect(events(await ask())).toEqual([
    'text {"text":"a"}',
    'text {"text":"👋b"}',
    'text {"text":"\uFFFD"}',
    'done {}',
  ]);
});

test('a server that stops ends the replies that are being written', async () => {
  const {server, post} = await serving(async function* () {
    yield 'Wait';
    await new Promise(() => {});
  });
  const response = await post(query('Hi'));
  const text = response.text();
  await server.close();
  expect(events(await text).slice(1)).toEqual([
    'error {"allow_retry":true,"text":"The bot is being restarted."}',
    'done {}',
  ]);
});

test('several bots have their own paths, keys, settings and reports', async () => {
  const reports: object[] = [];
  const other = 'z'.repeat(32);
  const {server, post} = await serving([
    {
      path: '/one/',
      reply: async () => 'one',
      settings: () => ({introductionMessage: 'Hello', serverBotDependencies: {'GPT-4o-Mini': 1}}),
      onFeedback: (report) => void reports.push(report),
      onReaction: (report) => void reports.push(report),
      onErrorReport: (report) => void reports.push(report),
    },
    {path: '/two', accessKey: other, reply: async () => 'two'},
  ]);
  expect(server.bots.map(({url}) => url.replace(server.url, ''))).toEqual(['/one', '/two']);
  expect(await (await post({type: 'settings', version: '1.2'}, {}, '/one')).json()).toMatchObject({
    introduction_message: 'Hello',
    server_bot_dependencies: {'GPT-4o-Mini': 1},
    allow_attachments: null,
  });
  expect((await post(query('Hi'), {}, '/two')).status).toBe(401);
  expect(events(await (await post(query('Hi'), {Authorization: `Bearer ${other}`}, '/two')).text())[0]).toBe(
    'text {"text":"two"}',
  );
  const about = {version: '1.2', message_id: 'm', user_id: 'u', conversation_id: 'c'};
  for (const body of [
    {...about, type: 'report_feedback', feedback_type: 'like'},
    {...about, type: 'report_reaction', reaction: 'heart'},
    {version: '1.2', type: 'report_error', message: 'no text', metadata: {message_id: 'm'}},
    {...about, type: 'report_reaction', reaction: null},
  ]) {
    expect(await (await post(body, {}, '/one')).json()).toEqual({});
  }
  const ids = {messageId: 'm', userId: 'u', conversationId: 'c'};
  expect(reports).toEqual([
    {...ids, feedbackType: 'like'},
    {...ids, reaction: 'heart'},
    {message: 'no text', metadata: {message_id: 'm'}},
    {...ids, reaction: ''},
  ]);
  await expect(serving([{reply: async () => ''}, {path: '/', reply: async () => ''}])).rejects.toMatchObject({
    message: 'Two bots have the path /',
  });
});

test('a bot gets the parameters of the message, and the text of attachments before it', async () => {
  const attachments = [
    {url: 'https://x.example/p', content_type: 'image/png', name: 'p.png', parsed_content: 'p.png***a cat'},
    {url: 'https://x.example/n', content_type: 'text/plain', name: 'n.txt', parsed_content: 'notes'},
    {url: 'https://x.example/z', content_type: 'application/zip', name: 'z.zip'},
  ];
  const {post} = await serving(async ({message, messages}) =>
    [...messages.map(({content}) => content), JSON.stringify(message.parameters)].join('\n--\n'),
  );
  const stream = await (await post(query('What?', {attachments, parameters: {depth: 2}}))).text();
  const [text = ''] = events(stream);
  expect(text).toMatch(
    /The content of the file n\.txt:\\n\\nnotes\\n--\\nI attached the image p\.png\..*a cat.*\\n--\\nWhat\?\\n--\\n\{\\"depth\\":2\}/,
  );
});
