import {readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {runMain, temporaryFolder, withSandbox} from '../../support/harness.js';
import {withKey} from '../../support/with-key.js';
import {seconds} from '../../support/patience.js';

type Sandbox = Awaited<ReturnType<typeof withKey>>['sandbox'];

const bodiesOf = (sandbox: Sandbox, path = '/v1/chat/completions'): Record<string, unknown>[] =>
  sandbox.requests
    .filter((request) => request.path === path)
    .map(({body}) => JSON.parse(Buffer.from(body).toString('utf8')));

test('--system instructs the bot of a local chat from then on', async () => {
  const {run, sandbox} = await withKey({pace: 0});
  expect((await run('send', '-b', 'Sandbox-Memory', '--system', 'Be brief.', 'hello')).out).toBe(
    'system: Be brief.\nuser: hello\n',
  );
  expect((await run('send', '-c', 'last', 'And?')).out).toContain('system: Be brief.\nuser: hello');
  await run('retry', 'last');
  await run('send', '-c', 'last', '--system', 'Be long.', 'So?');
  expect(bodiesOf(sandbox).map(({messages}) => messages)).toMatchObject([
    [{role: 'system', content: 'Be brief.'}, {}],
    [{role: 'system', content: 'Be brief.'}, {}, {}, {}],
    [{role: 'system', content: 'Be brief.'}, {}, {}, {}],
    [{role: 'system', content: 'Be long.'}, {}, {}, {}, {}, {}],
  ]);
});

test.each([
  ['messages', '/v1/messages', {system: [{type: 'text', text: 'Be brief.', cache_control: {type: 'ephemeral'}}]}],
  [
    'responses',
    '/v1/responses',
    {
      input: [
        {role: 'system', content: 'Be brief.'},
        {role: 'user', content: 'hello'},
      ],
    },
  ],
  [
    'native',
    '/bot/Sandbox-Memory',
    {
      query: [
        {role: 'system', content: 'Be brief.'},
        {role: 'user', content: 'hello'},
      ],
    },
  ],
])('the protocol %s has the instructions in its own place', async (protocol, path, body) => {
  const {run, sandbox} = await withKey({pace: 0});
  await run('send', '--protocol', protocol, '-b', 'Sandbox-Memory', '--system', 'Be brief.', 'hello');
  expect(bodiesOf(sandbox, path)).toMatchObject([body]);
});

test('with a browser session the instructions precede the message, and a note says so', async () => {
  const {run} = await withSandbox({pace: 0});
  const {out, err} = await run('send', '-b', 'Sandbox-Echo', '--system', 'Be brief.', 'hello');
  expect(out).toBe('Be brief.\n\nhello\n');
  expect(err).toContain('so the text of --system precedes your message');
});

test('--system reads a file after @', async () => {
  const {run} = await withKey({pace: 0});
  const file = join(temporaryFolder(), 'system.txt');
  writeFileSync(file, 'Be brief.\n');
  const ask = (system: string) => run('send', '-b', 'Sandbox-Memory', '--system', system, 'hello');
  expect((await ask(`@${file}`)).out).toBe('system: Be brief.\nuser: hello\n');
  expect((await ask('\\@you')).out).toBe('system: @you\nuser: hello\n');
  expect(await ask('@/no/such/file')).toMatchObject({code: 2, err: expect.stringContaining('File not found')});
  expect(await ask(' ')).toMatchObject({code: 2, err: expect.stringContaining('The text of --system is empty')});
});

test('--temperature, --max-tokens and --stop are sent with the message', async () => {
  const {run, sandbox} = await withKey({pace: 0});
  const flags = ['--temperature', '0.5', '--max-tokens', '20', '--stop', 'END'];
  expect((await run('send', '-b', 'assistant', ...flags, 'hello')).code).toBe(0);
  expect(bodiesOf(sandbox)).toMatchObject([{temperature: 0.5, max_tokens: 20, stop: 'END'}]);
  expect(await run('send', '-b', 'assistant', '--temperature', '3', 'hello')).toMatchObject({
    code: 2,
    err: expect.stringContaining('temperature'),
  });
  expect((await run('send', '--max-tokens', 'many', 'hello')).err).toContain('Expected a number.');
});

test('--effort sets the parameter of the bot, whatever its name', async () => {
  const {run, sandbox} = await withKey({pace: 0});
  for (const effort of ['low', 'medium', 'high']) {
    expect((await run('send', '-b', 'claude-sonnet-4.6', '--effort', effort, 'hello')).code).toBe(0);
  }
  const {err} = await run('send', '-v', '-b', 'claude-sonnet-4.6', '--effort', 'high', 'hello');
  expect(err).toContain('effort: output_effort=high\n');
  // Its levels are only high and low.
  await run('send', '-b', 'Sandbox-Parameters', '--effort', 'medium', 'hello');
  expect(bodiesOf(sandbox)).toMatchObject([
    {output_effort: 'low'},
    {output_effort: 'medium'},
    {output_effort: 'high'},
    {output_effort: 'high'},
    {effort: 'low'},
  ]);
  expect(await run('send', '-b', 'Sandbox-Native', '--effort', 'high', 'hello')).toMatchObject({
    code: 2,
    err: expect.stringContaining("Poe's API does not list Sandbox-Native, so it is not known"),
  });
  expect(await run('send', '-b', 'veo-3.1', '--effort', 'high', 'hello')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/The bot veo-3.1 has no parameter for its effort\n +Its parameters are: aspect/),
  });
});

test.each([
  [
    'a level, in the protocol responses',
    {reasoning: {supports_reasoning_effort: true}, supported_endpoints: ['/v1/responses', '/v1/chat/completions']},
    '/v1/responses',
    {reasoning: {effort: 'high', summary: 'auto'}},
  ],
  [
    'a level, in the protocol messages',
    {reasoning: {supports_reasoning_effort: true}, supported_endpoints: ['/v1/messages']},
    '/v1/messages',
    {output_config: {effort: 'high'}},
  ],
  [
    'a level, without an endpoint that has a field for it',
    {reasoning: {supports_reasoning_effort: true}},
    '/v1/chat/completions',
    {reasoning_effort: 'high'},
  ],
  [
    'a budget',
    {reasoning: {budget: {min_tokens: 1024, max_tokens: 20_000}}, supported_endpoints: ['/v1/messages']},
    '/v1/messages',
    {thinking: {type: 'enabled', budget_tokens: 20_000}},
  ],
  [
    'thinking_level',
    {parameters: [{name: 'thinking_level', schema: {enum: ['LOW', 'HIGH']}}]},
    undefined,
    {thinking_level: 'HIGH'},
  ],
  [
    'thinking_budget with a switch',
    {
      parameters: [
        {name: 'enable_thinking', schema: {type: 'boolean'}, default_value: false},
        {name: 'thinking_budget', schema: {type: 'integer', minimum: 0, maximum: 38_912}},
      ],
    },
    undefined,
    {enable_thinking: true, thinking_budget: 32_768},
  ],
  [
    'a small budget',
    {parameters: [{name: 'thinking_budget', schema: {type: 'number', minimum: 10, maximum: 100}}]},
    undefined,
    {thinking_budget: 100},
  ],
  [
    'budgets to choose from',
    {parameters: [{name: 'thinking_budget', schema: {enum: ['0', '8k', '4096', '30000']}}]},
    undefined,
    {thinking_budget: '30000'},
  ],
  [
    'a switch only',
    {parameters: [{name: 'enable_thinking', schema: {type: 'boolean'}}]},
    undefined,
    {enable_thinking: true},
  ],
])('--effort high reaches a bot that has %s', async (_, entry, path = '/v1/chat/completions', body) => {
  const {run, sandbox} = await withKey({pace: 0});
  const data = [{id: 'Thinker', ...entry}];
  sandbox.faults.respondOnce({path: '/v1/models'}, {status: 200, body: JSON.stringify({object: 'list', data})});
  sandbox.faults.respondAlways({path}, {status: 200, body: '{}'});
  await run('send', '-b', 'Thinker', '--effort', 'high', 'hello');
  expect(bodiesOf(sandbox, path)).toMatchObject([body]);
});

test('retry keeps the parameters of the message for the same bot', async () => {
  const {run} = await withKey({pace: 0});
  const budget = ['--param', 'budget=5', '--temperature', '0.5'];
  await run('send', '-b', 'Sandbox-Parameters', '--effort', 'high', ...budget, 'hello');
  const retried = async (...options: string[]) => JSON.parse((await run('retry', 'last', ...options)).out);
  expect(await retried()).toEqual({effort: 'high', budget: 5, temperature: 0.5});
  expect(await retried('--temperature', '1', '--effort', 'low')).toEqual({effort: 'low', budget: 5, temperature: 1});
  expect(await retried('--param', 'effort=low')).toEqual({effort: 'low', budget: 5, temperature: 0.5});
  expect((await run('retry', 'last', '-b', 'Sandbox-Echo')).out).toBe('hello\n');
  expect(await retried('-b', 'sandbox-parameters')).toEqual({effort: 'high', budget: 5, temperature: 0.5});
  await run('send', '-b', 'Sandbox-Parameters', '--param', 'effort=low', 'hello');
  expect(await retried('--effort', 'high')).toEqual({effort: 'high'});
  expect(JSON.parse((await run('send', '-c', 'last', 'and?')).out)).toEqual({});
});

test('--temporary stores nothing with an API key', async () => {
  const {run, configDir, sandbox} = await withKey({pace: 0});
  const {code, out} = await run('send', '--temporary', '-b', 'Sandbox-Echo', 'a secret plan');
  expect({code, out}).toEqual({code: 0, out: 'a secret plan\n'});
  expect(readdirSync(configDir, {recursive: true}).map(String)).not.toContainEqual(expect.stringMatching(/^chats\b/));
  expect((await run('history', '--json')).out).toBe('');
  expect((await run('retry', 'last')).code).toBe(3);
  expect(sandbox.requests.filter(({path}) => path === '/v1/chat/completions')).toHaveLength(1);
});

test('--temporary starts a chat on poe.com that Poe does not list', async () => {
  const {run} = await withSandbox({pace: 0});
  const titles = async () => (await run('history', '--json')).out;
  const before = await titles();
  expect((await run('send', '--temporary', '-b', 'Sandbox-Echo', 'hello')).out).toBe('hello\n');
  expect(await titles()).toBe(before);
  const {code, err} = await run('send', '--temporary', '-c', 'last', 'hello');
  expect({code, err}).toMatchObject({code: 3});
});

test('a reply of a temporary chat that was lost is not stored either', async () => {
  const {run, configDir, sandbox} = await withSandbox({pace: 0.02});
  sandbox.faults.respondAlways({operation: 'chatPage'}, 'silence');
  const stored = () =>
    readdirSync(configDir, {recursive: true})
      .map(String)
      .filter((path) => /\.jsonl?$/.test(path));
  for (const [flags, expected] of [
    [['--temporary'], []],
    [[], [expect.stringMatching(/^journal/)]],
  ] as const) {
    sandbox.faults.silentAfter(1);
    const {code} = await run('send', ...flags, '--timeout', seconds(0.3), '-b', 'Sandbox-Count', 'count to 9');
    expect({code, stored: stored().filter((path) => path.startsWith('journal'))}).toEqual({code: 7, stored: expected});
  }
});

test('an existing chat cannot become temporary', async () => {
  const {run} = await withKey({pace: 0});
  await run('send', '-b', 'Sandbox-Echo', 'hello');
  expect(await run('send', '--temporary', '-c', 'last', 'hello')).toMatchObject({
    code: 2,
    err: expect.stringContaining('An existing chat cannot become temporary'),
  });
});

test('the help of send names the page that lists these options', async () => {
  const {out} = await runMain(['send', '-h'], {});
  expect(out).toContain('Bot options such as --effort and --system: poe help bot-options');
  const page = (await runMain(['help', 'bot-options'], {})).out;
  for (const flag of ['--system', '--effort', '--temperature', '--param', '--temporary']) expect(page).toContain(flag);
});
