import {expect, test} from 'vitest';
import {runOnTerminal} from '../../support/terminal/fake-terminal.js';
import {finalScreen} from '../../support/terminal/screen-lines.js';
import {withKey} from '../../support/with-key.js';

/* Poe's own bot protocol, which is used for bots that the API does not list. */

const bot = '/bot/Sandbox-Native';

/** A stream of events that is not written by the sandbox. */
const events = (...list: [name: string, data: unknown][]) => ({
  status: 200,
  headers: {'Content-Type': 'text/event-stream'},
  body: list.map(([name, data]) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`).join(''),
});

const meta = ['meta', {content_type: 'text/markdown'}] satisfies [string, unknown];
const done = ['done', {}] satisfies [string, unknown];

const bodiesOf = ({sandbox}: Awaited<ReturnType<typeof withKey>>, path = bot) =>
  sandbox.requests.filter((request) => request.path === path);

test('a bot that is not listed replies in the native protocol, with replaced text and files', async () => {
  const {run} = await withKey();
  expect(await run('send', '-b', 'Sandbox-Native', 'hello')).toEqual({
    code: 0,
    out: 'Grüße, 世界 👋 ![a picture][p1]\n',
    err: 'p.png  https://pfst.cf2.poecdn.net/base/image/0f\n',
  });
});

test('a picture that the text names is shown in place, with its URL', async () => {
  const {run, sandbox, configDir} = await withKey();
  const env = {POE_API_KEY: sandbox.apiKey, POE_API_URL: sandbox.apiUrl, POE_CONFIG_DIR: configDir, NO_COLOR: '1'};
  const url = 'https://pfst.cf2.poecdn.net/base/image/0f';
  const sent = await runOnTerminal(['send', '-q', '-b', 'Sandbox-Native', 'hello'], env, {columns: 200});
  const screen = await finalScreen(sent.out, 200);
  expect(screen).toContain(`Grüße, 世界 👋 a picture (${url})\n`);
  expect(screen).not.toContain('p.png');
  const shown = await runOnTerminal(['history', 'show', 'last'], {...env, PAGER: 'cat'});
  expect(shown.out).toContain(`\n\nGrüße, 世界 👋 a picture (${url})\n\n- p.png (${url})\n`);
  const exported = async (format: string) => (await run('history', 'export', 'last', '--format', format)).out;
  expect(await exported('md')).toContain(`Grüße, 世界 👋 ![a picture](<${url}>)\n`);
  expect(await exported('html')).toContain(
    `Grüße, 世界 👋 <a href="${url}" rel="noopener noreferrer nofollow">a picture</a>`,
  );
});

test('a reply of plain text is shown without Markdown', async () => {
  const {run, sandbox, configDir} = await withKey();
  const env = {POE_API_KEY: sandbox.apiKey, POE_API_URL: sandbox.apiUrl, POE_CONFIG_DIR: configDir};
  const text = '# not a *title*\n\n1) `a`\n\tb  \\{c\\}\u001b[2J\n- d';
  const plain = ['meta', {content_type: 'text/plain; charset=utf-8'}] satisfies [string, unknown];
  const parts = [text.slice(0, 20), text.slice(20)].map((part): [string, unknown] => ['text', {text: part}]);
  sandbox.faults.respondOnce({path: bot}, events(plain, ...parts, done));
  const shown = text.replace('\u001b', '␛');
  const {out} = await runOnTerminal(['send', '-q', '-b', 'Sandbox-Native', 'hello'], env);
  const screen = await finalScreen(out);
  for (const line of shown.split('\n')) expect(screen).toContain(`${line.replace('\t', ' '.repeat(8))}\n`);
  const terminal = await runOnTerminal(['history', 'show', 'last'], {...env, PAGER: 'cat'});
  expect(terminal.out).toContain(`\n\n${shown}\n`);
  const stored = (await run('history', 'show', 'last', '--json')).out.trimEnd().split('\n');
  expect(JSON.parse(stored.at(-1) ?? '')).toMatchObject({text, contentType: 'text/plain'});
  const exported = async (format: string) => (await run('history', 'export', 'last', '--format', format)).out;
  expect(await exported('md')).toContain(`\n\n\`\`\`\n${text}\n\`\`\`\n`);
  expect(await exported('html')).toContain(`<p class="plain"># not a *title*\n\n1) \`a\``);
});

test('only the first event says whether a reply is plain text', async () => {
  const {run, sandbox} = await withKey();
  const late = ['meta', {content_type: 'text/plain'}] satisfies [string, unknown];
  for (const list of [
    [['text', {text: 'a'}], late, done],
    [meta, late, ['text', {text: 'a'}], done],
  ] satisfies [string, unknown][][]) {
    sandbox.faults.respondOnce({path: bot}, events(...list));
    expect(JSON.parse((await run('send', '--json', '-b', 'Sandbox-Native', 'hello')).out)).not.toHaveProperty(
      'contentType',
    );
  }
});

test('--json includes protocol, files and suggested replies, and unknown events are ignored', async () => {
  const {run} = await withKey();
  const reply = JSON.parse((await run('send', '--json', '-b', 'Sandbox-Native', 'hello')).out);
  const attachments = [
    {
      name: 'p.png',
      url: 'https://pfst.cf2.poecdn.net/base/image/0f',
      mimeType: 'image/png',
      size: null,
      inlineRef: 'p1',
    },
  ];
  const suggestedReplies = ['Tell me more', 'In French?'];
  expect(reply).toMatchObject({
    text: 'Grüße, 世界 👋 ![a picture][p1]',
    state: 'complete',
    via: 'api',
    protocol: 'native',
    attachments,
    suggestedReplies,
    usage: null,
  });
  const stored = (await run('history', 'show', 'last', '--json')).out.trimEnd().split('\n');
  expect(JSON.parse(stored.at(-1) ?? '')).toMatchObject({attachments, suggestedReplies});
});

test('--stream-json prints an event when the text is replaced', async () => {
  const {run} = await withKey();
  const lines = (await run('send', '--stream-json', '-b', 'Sandbox-Native', 'hello')).out.trimEnd().split('\n');
  const types = lines.map((line): string => JSON.parse(line).type);
  expect(types.slice(0, 3)).toEqual(['start', 'append', 'replace']);
  expect(types.at(-1)).toBe('done');
});

test('the request equals that of fastapi_poe, with the key in the header only', async () => {
  const setup = await withKey();
  await setup.run('send', '-b', 'Sandbox-Native', '--param', 'temperature=0.5', '--param', 'tone=kind', 'one');
  await setup.run('send', '-c', 'last', 'two');
  const [first, second] = bodiesOf(setup);
  expect(first?.headers).toMatchObject({
    authorization: `Bearer ${setup.sandbox.apiKey}`,
    accept: 'application/json',
    'content-type': 'application/json',
  });
  expect(first?.body).not.toContain(setup.sandbox.apiKey);
  const message = (role: string, content: string, parameters = {}, attachments: object[] = []) => ({
    role,
    content,
    content_type: 'text/markdown',
    message_type: null,
    parameters,
    timestamp: 0,
    message_id: '',
    sender_id: null,
    sender: null,
    feedback: [],
    metadata: null,
    referenced_message: null,
    reactions: [],
    attachments,
  });
  expect(JSON.parse(first?.body ?? '')).toEqual({
    version: '1.2',
    type: 'query',
    query: [message('user', 'one', {tone: 'kind'})],
    user_id: '',
    conversation_id: '',
    message_id: '',
    metadata: '',
    api_key: '<missing>',
    access_key: '<missing>',
    temperature: 0.5,
    skip_system_prompt: false,
    logit_bias: {},
    stop_sequences: [],
    language_code: 'en',
    adopt_current_bot_name: null,
    bot_query_id: '',
    users: [],
    tools: null,
    tool_calls: null,
    tool_results: null,
    query_creation_time: null,
    extra_params: null,
  });
  expect(JSON.parse(second?.body ?? '').query.map(({role}: {role: string}) => role)).toEqual(['user', 'bot', 'user']);
});

test.each([
  ['user_message_too_long', 5, 'too long for the bot', 'Shorten the message.'],
  ['insufficient_fund', 5, 'Not enough points for this bot', 'Your balance is 2,640 points.'],
  ['user_caused_error', 1, 'The bot rejected the message', 'Change the message'],
  ['privacy_authorization_error', 1, 'may not receive your messages', 'https://poe.com'],
])('the bot error %s ends with exit code %i and a hint, without another attempt', async (type, code, message, hint) => {
  const setup = await withKey();
  const outcome = await setup.run('send', '-b', 'Sandbox-Error', type);
  expect(outcome).toMatchObject({code, out: ''});
  expect(outcome.err).toContain(message);
  expect(outcome.err).toContain(hint);
  expect(outcome.err).toContain('This is the error you asked for.');
  expect(bodiesOf(setup, '/bot/Sandbox-Error')).toHaveLength(1);
});

test('a failure of the bot before its reply is not retried, and its error id is shown', async () => {
  const setup = await withKey();
  const {code, err} = await setup.run('send', '-b', 'Sandbox-Error', 'hello');
  expect(code).toBe(7);
  expect(err).toContain('error_id: 0f3c9d52-7a11-4b0e-9d53-c2e4a6b81f00');
  expect(err).toContain('may have been charged');
  expect(bodiesOf(setup, '/bot/Sandbox-Error')).toHaveLength(1);
});

test('an error id in the raw response is shown', async () => {
  const {run, sandbox} = await withKey();
  const raw = {message: 'error_id: 1234abcd-77'};
  sandbox.faults.respondOnce({path: bot}, events(['error', {text: 'broke', allow_retry: false, raw_response: raw}]));
  expect((await run('send', '-b', 'Sandbox-Native', 'hello')).err).toContain('broke (error_id: 1234abcd-77)');
});

test('a query is not repeated after the reply has started', async () => {
  for (const [list, code, out] of [
    [[meta, ['error', {text: 'broke', allow_retry: true}]], 7, ''],
    [[meta, ['error', {text: 'broke', error_type: 'constructor', allow_retry: true}]], 7, ''],
    [[meta, ['text', {text: 'so far'}], ['error', {text: 'x', error_type: 'insufficient_fund'}]], 5, 'so far\n'],
    [[meta, ['text', {text: 'so far'}]], 7, 'so far\n'],
    [[['text', {text: 'so far'}], done], 0, 'so far\n'],
  ] satisfies [[string, unknown][], number, string][]) {
    const setup = await withKey();
    setup.sandbox.faults.respondAlways({path: bot}, events(...list));
    expect(await setup.run('send', '-b', 'Sandbox-Native', 'hello')).toMatchObject({code, out});
    expect(bodiesOf(setup)).toHaveLength(1);
  }
});

test.each([
  ['Sandbox-Cut', 7],
  ['Sandbox-Endless', 7],
  ['Sandbox-Broken', 1],
])('%s in the native protocol: the partial reply is printed and stored, with exit code %i', async (name, code) => {
  const setup = await withKey();
  const outcome = await setup.run('send', '--protocol', 'native', '-b', name, 'count');
  expect(outcome).toMatchObject({code, out: '1 2 \n'});
  expect(bodiesOf(setup, `/bot/${name}`)).toHaveLength(1);
  expect((await setup.run('history', 'show', 'last')).out).toContain('1 2');
});

test('an event that is not JSON and an empty reply are errors', async () => {
  const {run, sandbox} = await withKey();
  const broken = {...events(meta), body: 'event: text\ndata: {"te\n\n'};
  sandbox.faults.respondOnce({path: bot}, broken);
  expect(await run('send', '-b', 'Sandbox-Native', 'hello')).toMatchObject({code: 7, out: ''});
  sandbox.faults.respondOnce({path: bot}, events(meta, done));
  expect((await run('send', '-b', 'Sandbox-Native', 'hello')).err).toContain('sent an empty reply');
});

test('--protocol selects the protocol, and -v shows which one was chosen and why', async () => {
  const {run, sandbox} = await withKey();
  const native = await run('send', '-v', '--protocol', 'native', '-b', 'Sandbox-Echo', 'hello');
  expect(native).toMatchObject({code: 0, out: 'hello\n'});
  expect(native.err).toContain('protocol: native, as requested');
  expect(sandbox.requests.map(({path}) => path)).toEqual(['/bot/Sandbox-Echo']);
  expect((await run('send', '-v', '-b', 'Sandbox-Echo', 'hello')).err).toContain(
    'protocol: openai, because the bot is listed',
  );
  expect((await run('send', '-v', '-b', 'Sandbox-Native', 'hello')).err).toContain(
    'protocol: native, because the bot is not',
  );
  expect((await run('send', '-v', '-b', 'veo-3.1', 'hello')).err).toContain(
    'protocol: videos, because the bot makes videos',
  );
  const retried = JSON.parse((await run('retry', 'last', '--json', '--protocol', 'openai')).out);
  expect(retried.protocol).toBe('openai');
  expect((await run('send', '--protocol', 'soap', 'hello')).code).toBe(2);
});

test('parameters of a listed bot are checked and sent in the native protocol', async () => {
  const {run} = await withKey();
  const send = (...params: string[]) =>
    run(
      'send',
      '--protocol',
      'native',
      '-b',
      'Sandbox-Parameters',
      ...params.flatMap((each) => ['--param', each]),
      'go',
    );
  const {out} = await send('effort=high', 'search=true', 'budget=7', 'temperature=0.5', 'stop=END');
  expect(JSON.parse(out)).toEqual({effort: 'high', search: true, budget: 7, temperature: 0.5, stop: ['END']});
  expect((await send('effor=high')).err).toContain('Did you mean effort?');
  expect((await send('max_tokens=5')).code).toBe(2);
});

test('a bot that does not exist ends with exit code 3, also if Poe reports it as an event', async () => {
  const {run, sandbox} = await withKey();
  sandbox.faults.respondOnce({path: bot}, events(['error', {text: 'Bot does not exist: x', allow_retry: false}]));
  expect(await run('send', '-b', 'Sandbox-Native', 'hello')).toMatchObject({code: 3});
  expect((await run('send', '-b', 'Sandbox-Ecko', 'hello')).err).toContain('Did you mean Sandbox-Echo');
});

test('the sandbox rejects other versions, roles, types and keys, as Poe does', async () => {
  const {sandbox} = await withKey();
  const post = async (change: object, headers: Record<string, string> = {}) => {
    const message = {role: 'user', content: 'x', content_type: 'text/markdown'};
    const body = {version: '1.2', type: 'query', query: [message], user_id: '', conversation_id: '', message_id: ''};
    const answer = await fetch(`${sandbox.apiUrl}${bot}`, {
      method: 'POST',
      headers: {Authorization: `Bearer ${sandbox.apiKey}`, 'Content-Type': 'application/json', ...headers},
      body: JSON.stringify({...body, ...change}),
    });
    await answer.arrayBuffer();
    return answer.status;
  };
  expect(await post({})).toBe(200);
  for (const change of [
    {version: '1.1'},
    {type: 'settings'},
    {query: []},
    {query: [{role: 'assistant', content: 'x', content_type: 'text/markdown'}]},
    {query: [{role: 'user', content: 'x', content_type: 'text/html'}]},
    {user_id: undefined},
    {api_key: sandbox.apiKey},
  ]) {
    expect({change, status: await post(change)}).toEqual({change, status: 400});
  }
  expect(await post({}, {Authorization: sandbox.apiKey})).toBe(401);
  expect(await post({}, {'Content-Type': 'text/plain'})).toBe(415);
});
