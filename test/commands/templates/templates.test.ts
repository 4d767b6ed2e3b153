import {mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {countSends, sentMessages, temporaryFolder, withSandbox} from '../../support/harness.js';
import {withKey} from '../../support/with-key.js';

/** Writes a template by hand. */
function addTemplate(configDir: string, name: string, source: string): string {
  const folder = join(configDir, 'templates');
  mkdirSync(folder, {recursive: true, mode: 0o700});
  const path = join(folder, `${name}.md`);
  writeFileSync(path, source);
  return path;
}

const countRequests = ({requests}: {requests: readonly {path: string}[]}) =>
  requests.filter(({path}) => path === '/v1/chat/completions' || path.startsWith('/bot/')).length;

test('a template is saved privately, listed, shown, sent and deleted', async () => {
  const {run, runWith, configDir} = await withKey({pace: 0});
  expect((await run('template')).err).toContain('There are no templates.');
  const saved = await run(
    'template', 'save', 'review', '-b', 'Sandbox-Memory', '--system', 'Be {{mood}}.', '--default', 'mood=brief',
    '--description', 'Review: code', 'Review {{1}}:\n\n{{stdin}}',
  ); // prettier-ignore
  const path = join(configDir, 'templates', 'review.md');
  expect(saved).toEqual({code: 0, out: `Saved ${path}\n`, err: ''});
  const source = `---
description: 'Review: code'
bot: Sandbox-Memory
system: Be {{mood}}.
defaults:
  mood: brief
---
Review {{1}}:

{{stdin}}
`;
  expect(readFileSync(path, 'utf8')).toBe(source);
  expect([statSync(path).mode & 0o777, statSync(join(path, '..')).mode & 0o777]).toEqual([0o600, 0o700]);
  expect((await run('template', 'list')).out).toBe('review\tSandbox-Memory\tmood, 1, stdin\tReview: code\n');
  expect((await run('template', 'show', 'review')).out).toBe(source);
  expect(JSON.parse((await run('template', 'show', 'review', '--json')).out)).toMatchObject({
    name: 'review',
    path,
    variables: ['mood', '1', 'stdin'],
    prompt: 'Review {{1}}:\n\n{{stdin}}',
  });
  const sent = await runWith({stdin: 'x = 1\n'}, 'send', '-t', 'review', 'a.py');
  expect(sent).toMatchObject({code: 0, out: 'system: Be brief.\nuser: Review a.py:\n\nx = 1\n'});
  const other = await runWith({stdin: 'y'}, 'template', 'run', 'review', '--var', 'mood=long', 'b.py');
  expect(other.out).toBe('system: Be long.\nuser: Review b.py:\n\ny\n');
  expect((await run('template', 'save', 'review', 'hello')).err).toContain('There is already a template review');
  expect((await run('template', 'save', 'review', '--force', 'hello')).code).toBe(0);
  expect(readFileSync(path, 'utf8')).toBe('hello\n');
  expect((await run('template', 'delete', 'review')).code).toBe(2);
  expect((await run('template', 'delete', 'review', '--yes', '--json')).out).toBe('{"deleted":1}\n');
  expect((await run('template', 'delete', 'review', '--yes')).err).toContain('No template named "review"');
});

test('missing variables are all named, before anything is sent', async () => {
  for (const {run, sandbox, configDir} of [await withKey({pace: 0}), await withSandbox({pace: 0})]) {
    addTemplate(configDir, 'x', '{{tone}} {{language}} {{1}} {{2}} {{stdin}} {{ tone }}');
    expect(await run('send', '-b', 'Sandbox-Echo', '-t', 'x', '--var', 'language=German', 'one')).toEqual({
      code: 2,
      out: '',
      err: 'poe: The template x needs tone, argument 2, text on stdin\n     Nothing was sent. Set them with: --var tone=… Arguments follow the name of the template. Pipe text in.\n',
    });
    expect(countSends(sandbox) + countRequests(sandbox)).toBe(0);
  }
});

test('arguments and stdin that a template does not mention follow its text', async () => {
  const {run, runWith, configDir} = await withKey({pace: 0});
  addTemplate(configDir, 'translate', '---\nbot: Sandbox-Echo\n---\n\nTranslate to {{lang}}:\n');
  addTemplate(configDir, 'input', '---\nbot: Sandbox-Echo\n---\n[{{input}}]\n');
  addTemplate(configDir, 'args', '---\nbot: Sandbox-Echo\n---\n[{{args}}]\n');
  addTemplate(configDir, 'system', '---\nbot: Sandbox-Memory\nsystem: Be brief.\n---\n');
  const both = await runWith(
    {stdin: 'good night\n'},
    'send',
    '-t',
    'translate',
    '--var',
    'lang=French',
    'hello',
    'you',
  );
  expect(both.out).toBe('Translate to French:\n\nhello you\n\ngood night\n');
  expect((await runWith({stdin: 'b'}, 'send', '-t', 'input', 'a')).out).toBe('[a\n\nb]\n');
  expect((await runWith({stdin: 'b'}, 'send', '-t', 'args', 'a', 'c')).out).toBe('[a c]\n\nb\n');
  expect((await run('send', '-t', 'system', 'hello')).out).toBe('system: Be brief.\nuser: hello\n');
  expect(await run('send', '-t', 'system')).toMatchObject({
    code: 2,
    err: expect.stringContaining('No message to send'),
  });
});

test('values are not expanded again, and \\{{name}} stays as it is', async () => {
  const {runWith, configDir} = await withKey({pace: 0});
  addTemplate(configDir, 'x', '---\nbot: Sandbox-Echo\n---\n\\{{name}} {{#if}} {{a.b}} {{stdin}}');
  const {out} = await runWith({stdin: '{{stdin}} $& {{other}}'}, 'send', '-t', 'x');
  expect(out).toBe('{{name}} {{#if}} {{a.b}} {{stdin}} $& {{other}}\n');
});

test('options override a template, and its bot answers only in new chats', async () => {
  const {run, configDir, sandbox} = await withKey({pace: 0});
  addTemplate(
    configDir,
    'x',
    '---\nbot: Sandbox-Memory\nsystem: One.\nparameters:\n  temperature: 0.25\n  max_tokens: 50\n---\nhello {{1}}',
  );
  await run('send', '-t', 'x', '-b', 'assistant', '--system', 'Two.', '--temperature', '1', 'you');
  const bodies = () =>
    sandbox.requests.filter(({path}) => path === '/v1/chat/completions').map(({body}) => JSON.parse(body));
  expect(bodies()).toMatchObject([
    {
      model: 'assistant',
      temperature: 1,
      max_tokens: 50,
      messages: [
        {role: 'system', content: 'Two.'},
        {role: 'user', content: 'hello you'},
      ],
    },
  ]);
  await run('send', '-c', 'last', '-t', 'x', 'again');
  expect(bodies()[1]).toMatchObject({model: 'assistant', temperature: 0.25});
});

test('with a browser session, the instructions of a template precede the message', async () => {
  const {run, configDir, sandbox} = await withSandbox({pace: 0});
  addTemplate(configDir, 'x', '---\nbot: Sandbox-Echo\nsystem: Be {{mood}}.\n---\nhello');
  const {out, err} = await run('send', '-t', 'x', '--var', 'mood=brief');
  expect(out).toBe('Be brief.\n\nhello\n');
  expect(err).toContain('so the text of --system precedes your message');
  expect(sentMessages(sandbox)).toMatchObject([{query: 'Be brief.\n\nhello'}]);
});

test('a whole file can be saved, with options instead of its own', async () => {
  const {run, runWith} = await withKey({pace: 0});
  await run(
    'template',
    'save',
    'a',
    '-b',
    'Sandbox-Memory',
    '--system',
    'One.',
    '--default',
    'größe=1',
    'Grüße {{größe}}',
  );
  const file = (await run('template', 'show', 'a')).out;
  expect((await runWith({stdin: file}, 'template', 'save', 'b', '--system', 'Two.')).code).toBe(0);
  expect((await run('template', 'show', 'b')).out).toBe(file.replace('One.', 'Two.'));
  expect((await run('send', '-t', 'b', '--var', 'größe=2')).out).toBe('system: Two.\nuser: Grüße 2\n');
  expect((await runWith({stdin: '---\nbot: [\n---\nhello'}, 'template', 'save', 'c')).err).toContain(
    'its YAML has an error',
  );
});

test('extract prints only the code of the reply', async () => {
  const {run, configDir} = await withKey({pace: 0});
  addTemplate(configDir, 'x', '---\nbot: Sandbox-Echo\nextract: true\n---\n```js\nlet a;\n```');
  expect((await run('send', '-t', 'x')).out).toBe('let a;\n');
  expect((await run('send', '-t', 'x', '--stream-json')).code).toBe(0);
});

test('a template can be named by its path', async () => {
  const {run} = await withKey({pace: 0});
  const path = join(temporaryFolder(), 'x.md');
  writeFileSync(path, '\uFEFF---\r\nbot: Sandbox-Echo\r\n---\r\none\r\n{{1}}\r\n');
  expect((await run('send', '-t', path, 'two')).out).toBe('one\ntwo\n');
  expect(await run('send', '-t', './nowhere.md')).toMatchObject({code: 2, err: 'poe: File not found: ./nowhere.md\n'});
  expect(await run('send', '-t', join(path, '..'), 'x')).toMatchObject({
    code: 2,
    err: expect.stringContaining('Cannot read'),
  });
});

test.each([
  ['bot: [1', 'its YAML has an error in line'],
  ['- a', 'its front matter is not a list of names and values'],
  ['bott: x', 'bott is unknown'],
  ['bot: {a: b}', 'bot has a wrong value'],
  ['parameters: {a: [1]}', 'parameters.a has a wrong value'],
  ['effort: huge', 'effort has a wrong value'],
])('a template with the front matter "%s" is an error that says where', async (yaml, problem) => {
  const {run, configDir} = await withKey({pace: 0});
  addTemplate(configDir, 'x', `---\n${yaml}\n---\nhello`);
  expect(await run('send', '-t', 'x')).toMatchObject({
    code: 2,
    err: expect.stringContaining(`The template x is invalid: ${problem}`),
  });
  // The others stay usable.
  addTemplate(configDir, 'good', 'hello');
  const {code, out} = await run('template', 'list', '--json');
  expect({
    code,
    rows: out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  }).toMatchObject({
    code: 0,
    rows: [
      {name: 'good', error: null},
      {name: 'x', error: expect.stringContaining(problem)},
    ],
  });
});

test('front matter without an end, and empty values', async () => {
  const {run, configDir} = await withKey({pace: 0});
  addTemplate(configDir, 'open', '---\nbot: x\nhello');
  expect((await run('send', '-t', 'open')).err).toContain('its front matter has no end');
  addTemplate(configDir, 'empty', '---\nbot:\nsystem:\n---\nhello');
  expect(await run('send', '-t', 'empty', '-b', 'Sandbox-Echo')).toMatchObject({code: 0, out: 'hello\n'});
  addTemplate(configDir, 'line', 'hello\n---\nyou');
  expect((await run('send', '-t', 'line', '-b', 'Sandbox-Echo')).out).toBe('hello\n---\nyou\n');
});

test('wrong names are reported with a suggestion', async () => {
  const {run, configDir} = await withKey({pace: 0});
  addTemplate(configDir, 'review', 'Review {{what}} {{1}}');
  expect((await run('send', '-t', 'revew')).err).toBe(
    'poe: No template named "revew"\n     Did you mean review? List your templates with: poe template list\n',
  );
  expect((await run('send', '-t', 'review', '--var', 'wat=x', 'y')).err).toContain('Did you mean what?');
  expect((await run('send', '-t', 'review', '--var', 'what=x', 'y', 'z')).err).toContain('uses 1 argument, not 2');
  expect((await run('send', '--var', 'what=x', 'y')).err).toContain('--var requires a template');
  for (const name of ['../x', 'a/b', '.x', 'x.md', '', '-', 'a b']) {
    expect({name, ...(await run('template', 'save', '--', name, 'text'))}).toMatchObject({
      name,
      code: 2,
      err: expect.stringContaining('Invalid name of a template'),
    });
  }
});
