import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {botNode} from '../../../src/sandbox/answers/nodes.js';
import {sentMessages, temporaryFolder, withSandbox} from '../../support/harness.js';

/* Parameters of bots on poe.com: the controls that their makers define. */

test('bot-info --params lists the controls of a bot on poe.com with type, range, default and condition', async () => {
  const {run} = await withSandbox({pace: 0});
  expect((await run('bot-info', 'Sandbox-Parameters', '--params')).out).toBe(
    [
      'effort\thigh|low\t"low"\tEffort\t',
      'search\tboolean\tfalse\tSearch the web\t',
      'budget\tnumber 0…100 in steps of 5\t0\tBudget: In tokens\t',
      'output\ttext|image\t"text"\tOutput\t',
      'aspect\t1:1|16:9|9:16|photo\t"1:1"\tAspect ratio\toutput = image',
      'width\tnumber 256…1024 in steps of 64\t512\tImage width\toutput = image',
      'tone\tstring\t""\tTone\t',
      'avoid\tstring\t\tAvoid: What to leave out\t\n',
    ].join('\n'),
  );
  const lines = (await run('bot-info', 'Sandbox-Parameters', '--params', '--json')).out.trim().split('\n');
  expect(JSON.parse(lines[5] ?? '')).toEqual({
    name: 'width',
    schema: {type: 'number', enum: null, minimum: 256, maximum: 1024, step: 64},
    defaultValue: 512,
    description: null,
    label: 'Image width',
    conditions: [{comparator: 'eq', left: {parameter: 'output'}, right: {literal: 'image'}}],
  });
  expect((await run('bot-info', 'Imagen3')).out).toContain('Parameters\tstyle, aspect\n');
  expect((await run('bot-info', 'Sandbox-Echo', '--params')).err).toContain('The bot has no parameters.');
});

test.each([
  ['text', false],
  ['an object', true],
])('--param and --effort are sent to a bot on poe.com as %s', async (_, isObject) => {
  const {run, sandbox} = await withSandbox({pace: 0});
  if (isObject) sandbox.faults.takeParametersAsObject();
  const send = async (...options: string[]) => (await run('send', '-b', 'Sandbox-Parameters', ...options, 'go')).out;
  expect(await send('--param', 'budget=15', '--param', 'search=true', '--param', 'tone=dry')).toBe(
    '{"budget":15,"search":true,"tone":"dry"}\n',
  );
  expect(await send('--param', 'output=image', '--param', 'aspect=16:9')).toBe('{"output":"image","aspect":"16:9"}\n');
  expect(await send('--effort', 'high')).toBe('{"effort":"high"}\n');
  expect((await run('retry', 'last')).out).toBe('{"effort":"high"}\n');
  expect((await run('send', '-c', 'last', '--param', 'budget=5', 'go')).out).toBe('{"budget":5}\n');
  expect((await run('send', '-c', 'last', 'go')).out).toBe('{}\n');
  expect(sentMessages(sandbox)).toMatchObject([
    {},
    {},
    {parameters: isObject ? {effort: 'high'} : '{"effort":"high"}'},
    {},
    {parameters: null},
  ]);
});

test('--effort sets the budget of a bot that has a slider, within its steps', async () => {
  const {run, sandbox} = await withSandbox({pace: 0});
  for (const effort of ['low', 'medium', 'high']) {
    expect((await run('send', '-b', 'Claude-3.7-Sonnet-Reasoning', '--effort', effort, '2x2')).code).toBe(0);
  }
  expect(sentMessages(sandbox)).toMatchObject(
    [2048, 8192, 16_384].map((budget) => ({parameters: `{"thinking_budget":${budget}}`})),
  );
});

test.each([
  [['--param', 'effort=medium'], 2, 'Invalid value for the parameter effort: "medium"', 'Accepted values: high, low.'],
  [['--param', 'search=yes'], 2, 'Invalid value for the parameter search: "yes"', 'Accepted values: true or false.'],
  [['--param', 'budget=7'], 2, 'Invalid value', 'a number, at least 0 and at most 100, in steps of 5.'],
  [['--param', 'budget=Infinity'], 2, 'Invalid value', 'a number, at least 0 and at most 100, in steps of 5.'],
  [['--param', 'bugdet=5'], 2, 'The bot Sandbox-Parameters has no parameter bugdet', 'Did you mean budget?'],
  [
    ['--param', 'x=5'],
    2,
    'has no parameter x',
    'It accepts: effort, search, budget, output, aspect, width, tone, avoid.',
  ],
  [['--param', 'width=512'], 2, 'The parameter width has no effect unless output = image', 'Set that too'],
  [['--temperature', '0.5'], 4, 'Setting the parameter temperature of Sandbox-Parameters requires an API key', 'login'],
])('wrong parameters of a bot on poe.com are refused before sending: %j', async (options, code, message, hint) => {
  const {run, sandbox} = await withSandbox({pace: 0});
  const sent = await run('send', '-b', 'Sandbox-Parameters', ...options, 'go');
  expect(sent).toMatchObject({code, out: ''});
  expect(sent.err).toContain(message);
  expect(sent.err).toContain(hint);
  expect(sentMessages(sandbox)).toEqual([]);
});

test('a bot on poe.com without parameters refuses --param and --effort', async () => {
  const {run, sandbox} = await withSandbox({pace: 0});
  const effort = await run('send', '-b', 'Sandbox-Echo', '--effort', 'low', 'go');
  expect(effort).toMatchObject({code: 2, err: expect.stringContaining('has no parameter for its effort')});
  const param = await run('send', '-b', 'Sandbox-Echo', '--param', 'a=b', 'go');
  expect(param).toMatchObject({code: 2, err: expect.stringContaining('It has no parameters.')});
  const imagen = await run('send', '-b', 'Imagen3', '--effort', 'low', 'go');
  expect(imagen.err).toContain('Its parameters are: style, aspect.');
  expect(sentMessages(sandbox)).toEqual([]);
});

test.each(['operations', 'finish'] as const)('parameters are sent with files, too (%s)', async (method) => {
  const {run, sandbox} = await withSandbox({pace: 0});
  sandbox.faults.setUploadMethod(method);
  const file = join(temporaryFolder(), 'a.txt');
  writeFileSync(file, 'a');
  const sent = await run('send', '-b', 'Sandbox-Parameters', '-f', file, '--param', 'budget=5', 'go');
  expect(sent).toMatchObject({code: 0, out: '{"budget":5}\n'});
});

test('choices may be typed in any letter case, or by their name on poe.com', async () => {
  const {run, sandbox} = await withSandbox({pace: 0});
  await run('send', '-b', 'Imagen3', '--param', 'style=3d render', '--param', 'aspect=Photo', 'a cat');
  expect(sentMessages(sandbox)).toMatchObject([{parameters: '{"style":"RENDER_3D","aspect":"photo"}'}]);
});

test('a reply on poe.com is regenerated only with the parameters of its message', async () => {
  const {run} = await withSandbox({pace: 0});
  await run('send', '-b', 'Sandbox-Parameters', 'go');
  const {code, err} = await run('retry', 'last', '--param', 'budget=5');
  expect(code).toBe(4);
  expect(err).toContain('Regenerating a reply with other parameters requires a chat with an API key');
});

test('a site without parameters of bots says so, and nothing is sent', async () => {
  const old = await withSandbox({pace: 0, site: '2025-03'});
  expect((await old.run('bot-info', 'Sandbox-Parameters', '--params')).err).toContain('The bot has no parameters.');
  const {code, err} = await old.run('send', '-b', 'Sandbox-Parameters', '--param', 'effort=high', 'go');
  expect({code, err}).toMatchObject({
    code: 2,
    err: expect.stringContaining('This version of poe.com has no parameters of bots'),
  });
  expect(sentMessages(old.sandbox)).toEqual([]);
  const changed = await withSandbox({pace: 0});
  changed.sandbox.faults.dropVariable('parameters');
  const refused = await changed.run('send', '-b', 'Sandbox-Parameters', '--param', 'effort=high', 'go');
  expect(refused).toMatchObject({code: 2, err: expect.stringContaining('has no parameters of bots')});
  expect((await changed.run('send', '-b', 'Sandbox-Parameters', 'go')).out).toBe('{}\n');
});

/** Starts a sandbox whose bot Sandbox-Echo has these controls. */
async function withControls(...controls: object[]) {
  const setup = await withSandbox({pace: 0});
  const bot = setup.sandbox.world.bot('Sandbox-Echo');
  if (!bot) throw new Error('no such bot');
  const customUIDefinition = JSON.stringify({api_version: '2', sections: [{controls}]});
  const body = JSON.stringify({data: {bot: {...botNode(bot), customUIDefinition}, viewer: null}});
  setup.sandbox.faults.respondAlways({operation: 'botInfo'}, {status: 200, body});
  // The sandbox itself knows nothing of them, and rejects the message after it was sent.
  const send = (...options: string[]) => setup.run('send', '-b', 'Sandbox-Echo', ...options, 'go');
  return {...setup, send, sent: () => sentMessages(setup.sandbox).at(-1)};
}

const toggle = (name: string) => ({control: 'toggle_switch', parameter_name: name, default_value: false});
const choice = (name: string, ...values: string[]) => ({
  control: 'drop_down',
  parameter_name: name,
  options: values.map((value) => ({value, name: value})),
});
const onlyIf = (name: string, value: unknown, ...controls: object[]) => ({
  control: 'condition',
  condition: {comparator: 'equals', left: {parameter_name: name}, right: {literal: value}},
  controls,
});

test('controls with the same name are checked by the one that poe.com shows', async () => {
  const {send, sent} = await withControls(
    choice('model', 'lite', 'pro'),
    onlyIf('model', 'lite', choice('resolution', '1k')),
    onlyIf('model', 'pro', choice('resolution', '2k', '4k')),
  );
  await send('--param', 'resolution=1k');
  expect(sent()).toMatchObject({parameters: '{"resolution":"1k"}'});
  await send('--param', 'resolution=4k', '--param', 'model=pro');
  expect(sent()).toMatchObject({parameters: '{"resolution":"4k","model":"pro"}'});
  const wrong = await send('--param', 'resolution=4k');
  expect(wrong).toMatchObject({code: 2, err: expect.stringContaining('Accepted values: 1k.')});
  const refused = await send('--param', 'model=pro');
  expect(refused.err).toContain(
    'To see which parameters the bot accepts: poe bot-info Sandbox-Echo --params --via web',
  );
});

test('--effort turns reasoning on where the budget depends on it', async () => {
  const budget = {control: 'slider', parameter_name: 'thinking_budget', min_value: 1024, max_value: 20_000, step: 512};
  const {send, sent} = await withControls(toggle('enable_thinking'), onlyIf('enable_thinking', true, budget));
  await send('--effort', 'medium');
  expect(sent()).toMatchObject({parameters: '{"enable_thinking":true,"thinking_budget":8192}'});
  await send('--effort', 'high');
  expect(sent()).toMatchObject({parameters: '{"enable_thinking":true,"thinking_budget":19968}'});
  expect((await send('--param', 'thinking_budget=2048')).err).toContain('has no effect unless enable_thinking = true');
});

const control = (fields: object) => ({control: 'slider', parameter_name: 'p', min_value: 0, max_value: 9, ...fields});
const deep = (levels: number): object =>
  levels === 0 ? control({}) : {control: 'condition', condition: {}, controls: [deep(levels - 1)]};

test.each<[title: string, definition: unknown, listed: string]>([
  ['text that is not JSON', '{', ''],
  ['a number', 7, ''],
  ['a list', '[]', ''],
  ['sections that are no list', {sections: {}}, ''],
  ['sections of nothing', {sections: [null, 1, 'x', {}, {controls: null}, {tabs: [null, {controls: {}}]}]}, ''],
  [
    'wrong types',
    {sections: [{controls: [control({parameter_name: 5}), control({label: [], options: 3})]}]},
    'p\tnumber 0…9',
  ],
  ['a range upside down', {sections: [{controls: [control({min_value: 9, max_value: 0, step: -1})]}]}, 'p\tnumber\t'],
  [
    'choices of other types',
    {sections: [{controls: [control({control: 'drop_down', options: ['a', 5, null, {}, {value: 'b'}, {width: 1}]})]}]},
    'p\ta|5|b\t',
  ],
  ['no choices', {sections: [{controls: [control({control: 'drop_down'})]}]}, 'p\tstring\t'],
  [
    'an unknown kind',
    {sections: [{controls: [control({control: 'sparkles', default_value: {a: 1}})]}]},
    'p\ttext\t{"a":1}',
  ],
  [
    'names of JavaScript',
    {
      sections: [
        {controls: [control({control: 'constructor', parameter_name: '__proto__'})]},
        {
          condition: {comparator: 'constructor', left: {parameter_name: 'toString'}, right: {literal: 1}},
          controls: [control({})],
        },
      ],
    },
    '__proto__\ttext\t\t\t\np\tnumber 0…9\t\t\ttoString constructor 1\n',
  ],
  ['controls that are too deep', {sections: [{controls: [deep(300)]}]}, ''],
  ['a thousand copies', {sections: [{controls: Array.from({length: 1000}, () => control({}))}]}, 'p\tnumber 0…9\t\t\n'],
  [
    'an unknown comparison',
    {
      sections: [
        {
          controls: [
            {
              condition: {comparator: 'like', left: {parameter_name: 'q'}, right: {literal: 1}},
              controls: [control({})],
            },
          ],
        },
      ],
    },
    'p\tnumber 0…9\t\t\tq like 1',
  ],
])('a bot whose definition of controls has %s can be listed and asked', async (_, definition, listed) => {
  const {run, sandbox} = await withSandbox({pace: 0});
  const bot = sandbox.world.bot('Sandbox-Echo');
  if (!bot) throw new Error('no such bot');
  const customUIDefinition = typeof definition === 'object' ? JSON.stringify(definition) : definition;
  const data = {bot: {...botNode(bot), customUIDefinition}, viewer: {submitMessageParamsAsDict: 'maybe'}};
  sandbox.faults.respondAlways({operation: 'botInfo'}, {status: 200, body: JSON.stringify({data, extensions: {}})});
  const {code, out} = await run('bot-info', 'Sandbox-Echo', '--params');
  expect({code, out}).toEqual({code: 0, out: listed === '' ? '' : expect.stringContaining(listed)});
  expect((await run('bot-info', 'Sandbox-Echo')).code).toBe(0);
  expect((await run('send', '-b', 'Sandbox-Echo', 'hi')).out).toBe('hi\n');
});
