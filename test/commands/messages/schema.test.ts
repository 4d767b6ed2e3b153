import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {sentMessages, temporaryFolder, withSandbox} from '../../support/harness.js';
import {runOnTerminal} from '../../support/terminal/fake-terminal.js';
import {withKey} from '../../support/with-key.js';

type Setup = Awaited<ReturnType<typeof withKey>>;

/** The messages that were sent through either backend. */
const questions = ({sandbox}: Pick<Setup, 'sandbox'>): string[] => [
  ...sentMessages(sandbox).map((variables) => (variables as {query: string}).query),
  ...sandbox.requests
    .filter(({path}) => path === '/v1/chat/completions')
    .map(({body}) => JSON.parse(body).messages.at(-1).content),
];

const schema =
  '{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name","age"]}';

describe.each([
  ['a browser session', withSandbox],
  ['an API key', withKey],
] as const)('with %s', (_name, start) => {
  test('--schema asks for JSON, and asks once more if it does not match', async () => {
    const setup = await start({pace: 0});
    expect(await setup.run('send', '-b', 'Sandbox-Json', '--schema', 'name, age int', 'Who?')).toEqual({
      code: 0,
      out: '{"name":"Ada","age":36}\n',
      err: 'The reply does not match the schema (age: type "string" is invalid. Expected "integer"). Asking the bot to correct it, which may cost points.\n',
    });
    expect(questions(setup)).toEqual([
      `Who?\n\nReply only with JSON that matches this JSON Schema, without any other text:\n${schema}`,
      'Your reply does not match the JSON Schema:\n- age: type "string" is invalid. Expected "integer"\n\nReply again, only with the corrected JSON.',
    ]);
    // Both are in one chat.
    expect((await setup.run('history', 'show', 'last', '--json')).out.trimEnd().split('\n')).toHaveLength(4);
  });

  test('--no-repair does not ask again', async () => {
    const setup = await start({pace: 0});
    const {code, out, err} = await setup.run(
      'send',
      '-b',
      'Sandbox-Json',
      '--schema',
      'name, age int',
      '--no-repair',
      'Who?',
    );
    expect({code, out}).toEqual({code: 1, out: ''});
    expect(err).toMatch(
      /^poe: The reply does not match the schema: age: type "string" is invalid.*\n {5}Print the whole reply with: poe attach /,
    );
    expect(questions(setup)).toHaveLength(1);
  });

  test('a reply that still does not match is an error', async () => {
    const setup = await start({pace: 0});
    const {code, out, err} = await setup.run('send', '-b', 'Sandbox-Json', '--schema', 'email', 'Who?');
    expect({code, out}).toEqual({code: 1, out: ''});
    expect(err).toContain('poe: The reply does not match the schema: does not have required property "email"');
    expect(questions(setup)).toHaveLength(2);
  });

  test('--json prints the reply with the value as data, and keeps the reply in an error', async () => {
    const {run} = await start({pace: 0});
    const good = await run('send', '--json', '-b', 'Sandbox-Json', '--schema', 'name, age int', 'Who?');
    expect(JSON.parse(good.out)).toMatchObject({data: {name: 'Ada', age: 36}, bot: 'Sandbox-Json', state: 'complete'});
    const bad = await run('send', '--json', '-b', 'Sandbox-Json', '--schema', 'email', '--no-repair', 'Who?');
    expect({code: bad.code, out: bad.out}).toEqual({code: 1, out: ''});
    expect(JSON.parse(bad.err)).toMatchObject({
      error: {code: 'schema_mismatch', retryable: false},
      reply: {text: expect.stringContaining('Here is a person')},
    });
  });

  test('the correction of a temporary chat is sent in it, too', async () => {
    const {run} = await start({pace: 0});
    const before = (await run('history', '--json')).out;
    const {code, out} = await run('send', '--temporary', '-b', 'Sandbox-Json', '--schema', 'name, age int', 'Who?');
    expect({code, out}).toEqual({code: 0, out: '{"name":"Ada","age":36}\n'});
    expect((await run('history', '--json')).out).toBe(before);
    const failed = await run('send', '--temporary', '-b', 'Sandbox-Json', '--schema', 'email', 'Who?');
    expect(failed.err).toContain('To print the whole reply, omit --schema.');
  });
});

/** Has Sandbox-Echo reply with a text, which is followed by the instructions. */
async function echo(text: string, wanted = 'a int') {
  const {run} = await withKey({pace: 0});
  return run('send', '-q', '-b', 'Sandbox-Echo', '--no-repair', '--schema', wanted, text);
}

test.each([
  ['prose around it', 'Sure! {"a": 1}\nAnything else?', '{"a":1}'],
  ['a code block', 'Here:\n~~~json\n{\n  "a": 1\n}\n~~~\nDone.', '{"a":1}'],
  ['a code block without an end', '```json\n{"a": 1}', '{"a":1}'],
  ['too many brackets around it', `${'['.repeat(600)}1${']'.repeat(600)}`, undefined],
  ['a list where an object is requested', '[1, 2]', undefined],
  ['brackets in prose before it', 'As [1] and {this} show: {"a": 1, "b": "}{"}', '{"a":1,"b":"}{"}'],
  ['another object before it', '{"b": 2} or rather {"a": 3}', '{"a":3}'],
  [
    'numbers that JavaScript cannot represent',
    '{"a": 12345678901234567890, "b": 1.10}',
    '{"a":12345678901234567890,"b":1.10}',
  ],
  ['escapes', String.raw`{"a": 1, "b": "\"  \\ \u001b[31m"}`, String.raw`{"a":1,"b":"\"  \\ \u001b[31m"}`],
])('JSON is found with %s', async (_what, text, expected) => {
  const {code, out} = await echo(text);
  expect({code, out}).toEqual(expected === undefined ? {code: 1, out: ''} : {code: 0, out: `${expected}\n`});
});

test('a list, and fields on lines with types and descriptions', async () => {
  expect((await echo('[{"a": 1}, {"a": 2}]', '[a int]')).out).toBe('[{"a":1},{"a":2}]\n');
  const fields = 'a int\nb float: a number, with a comma\nc bool\nd';
  expect((await echo('{"a": 1, "b": 0.5, "c": true, "d": "x"}', fields)).code).toBe(0);
  expect((await echo('{"a": 1, "b": 0.5, "c": "true", "d": "x"}', fields)).err).toContain(
    'c: type "string" is invalid',
  );
});

test('with the protocol responses, the schema is also the format of the response', async () => {
  const {run, sandbox} = await withKey({pace: 0});
  const send = ['send', '-b', 'Sandbox-Json', '--protocol', 'responses'];
  await run(...send, 'hello');
  await run(...send, '--schema', 'name', 'Who?');
  const bodies = () => sandbox.requests.filter(({path}) => path === '/v1/responses').map(({body}) => JSON.parse(body));
  expect(bodies().map(({text}) => text)).toEqual([
    undefined,
    {
      format: {
        type: 'json_schema',
        name: 'reply',
        schema: {type: 'object', properties: {name: {type: 'string'}}, required: ['name']},
      },
    },
  ]);
  // A bot that does not accept a format is asked without it.
  const body = JSON.stringify({
    error: {code: 'unknown_parameter', message: 'Unknown parameter: text', param: 'text.format'},
  });
  sandbox.faults.respondOnce({path: '/v1/responses'}, {status: 400, body});
  expect(await run(...send, '--schema', 'name', 'Who?')).toMatchObject({code: 0, out: '{"name":"Ada","age":"36"}\n'});
  expect(bodies().at(-1)).not.toHaveProperty('text');
});

test('on a terminal, the JSON is indented', async () => {
  const {sandbox, configDir} = await withSandbox({pace: 0});
  const argv = ['send', '-b', 'Sandbox-Json', '--schema', 'name', 'Who?'];
  const {code, out} = await runOnTerminal(argv, {...sandbox.env, POE_CONFIG_DIR: configDir});
  expect({code, out}).toEqual({code: 0, out: '{\n  "name": "Ada",\n  "age": "36"\n}\n'});
});

test('a schema can be a file, with references and other keywords', async () => {
  const {run} = await withKey({pace: 0});
  const path = join(temporaryFolder(), 'person.json');
  const person = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    definitions: {name: {type: 'string', pattern: '^A', maxLength: 3}},
    type: 'object',
    properties: {name: {$ref: '#/definitions/name'}, age: {type: ['integer', 'string']}},
    additionalProperties: false,
  };
  writeFileSync(path, `\uFEFF${JSON.stringify(person)}`);
  const ask = (...more: string[]) => run('send', '-b', 'Sandbox-Json', '--no-repair', ...more, 'Who?');
  expect((await ask('--schema', path)).out).toBe('{"name":"Ada","age":"36"}\n');
  writeFileSync(path, JSON.stringify({...person, properties: {name: {$ref: '#/definitions/name'}}}));
  expect((await ask('--schema', path)).err).toContain('age: is not allowed');
  writeFileSync(path, JSON.stringify({...person, definitions: {name: {pattern: '^B'}}}));
  expect((await ask('--schema', path)).err).toContain('name: String does not match pattern');
  await run('template', 'save', 'who', '-b', 'Sandbox-Json', '--schema', 'name', 'Who?');
  expect((await run('send', '-t', 'who')).out).toBe('{"name":"Ada","age":"36"}\n');
});

test('a schema may refer to itself, to names, and to its own URL', async () => {
  const {run} = await withKey({pace: 0});
  const tree = {
    $id: 'https://example.com/tree',
    type: 'object',
    properties: {v: {$ref: 'https://example.com/tree#/$defs/v'}, in: {type: 'array', items: {$ref: '#'}}},
    required: ['v'],
    $defs: {v: {type: 'integer', examples: [{$ref: 'no reference'}]}},
  };
  const ask = (text: string) =>
    run('send', '-b', 'Sandbox-Echo', '--no-repair', '--schema', JSON.stringify(tree), text);
  expect((await ask('{"v": 1, "in": [{"v": 2, "in": [{"v": 3}]}]}')).code).toBe(0);
  expect((await ask('{"v": 1, "in": [{"v": 2, "in": [{"v": "3"}]}]}')).err).toContain('in.0.in.0.v: type "string"');
  const many = JSON.stringify({v: 'x'.repeat(9), [`w${'x'.repeat(900)}`]: 1});
  const strict = JSON.stringify({...tree, $id: undefined, properties: {}, required: [], additionalProperties: false});
  const {err} = await run('send', '-b', 'Sandbox-Echo', '--no-repair', '--schema', strict, many);
  expect(err.length).toBeLessThan(700);
});

test.each([
  ['', 'The schema is empty'],
  ['a b c', 'has a field that cannot be read: "a b c"'],
  ['a text', 'has the unknown type "text"'],
  ['a, a', 'has the field "a" twice'],
  [',', 'has no fields'],
  ['{', 'The schema is not valid JSON'],
  ['none.json', 'File not found: none.json'],
  ['{"type": "objekt"}', '# has the unknown type "objekt"'],
  ['{"properties": [1]}', '#/properties is not an object'],
  ['{"properties": {"a": 1}}', '#/properties/a is not a schema'],
  ['{"required": "a"}', '#/required is not a list of names'],
  ['{"properties": {"a": {"$ref": "#/$defs/b"}}}', 'nothing has the name #/$defs/b'],
  ['{"$ref": "#"}', 'it refers to itself without end'],
  ['{"pattern": "("}', '# has the invalid pattern "("'],
  ['{"properties": {"a": {"patternProperties": {"[": {}}}}}', '#/properties/a has the invalid pattern "["'],
  ['{"allOf": [{"$ref": "#"}]}', 'it refers to itself without end'],
])('the schema %j is an error, and nothing is sent', async (wrong, problem) => {
  const setup = await withKey({pace: 0});
  expect(await setup.run('send', '-b', 'Sandbox-Json', '--schema', wrong, 'Who?')).toMatchObject({
    code: 2,
    err: expect.stringContaining(problem),
  });
  expect(questions(setup)).toEqual([]);
});

test('--schema cannot be combined with other forms of output', async () => {
  const {run} = await withKey({pace: 0});
  for (const other of [['-x'], ['--stream-json'], ['-o', 'x'], ['--detach', '--via', 'web']]) {
    const {code, err} = await run('send', '-b', 'Sandbox-Json', '--schema', 'name', ...other, 'Who?');
    expect({code, err}).toEqual({code: 2, err: expect.stringContaining('cannot be combined')});
  }
});
