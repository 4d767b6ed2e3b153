import {chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {apiKey} from '../../../src/sandbox/api/api.js';
import type {SandboxOptions} from '../../../src/sandbox/server/server.js';
import {countSends, temporaryFolder, withSandbox} from '../../support/harness.js';

/** A sandbox with these settings; a text is written as it is. */
async function withSettings(settings: object | string, options: SandboxOptions = {}) {
  const all = await withSandbox(options);
  const path = join(all.configDir, 'settings.json');
  writeFileSync(path, typeof settings === 'string' ? settings : JSON.stringify(settings));
  return {...all, path, read: () => readFileSync(path, 'utf8')};
}

test('settings that cannot be written are an error that says why', async () => {
  const {runWith} = await withSandbox();
  // No file can be created in this folder, although it exists.
  expect(await runWith({env: {POE_CONFIG_DIR: '/proc/self'}}, 'config', 'set', 'theme', 'dark')).toMatchObject({
    code: 1,
    err: expect.stringContaining('Could not write /proc/self/settings.json: '),
  });
});

test('config list shows all settings with their values and defaults', async () => {
  const {run} = await withSettings({theme: 'light', 'max-points': 200});
  const {code, out, err} = await run('config', 'list');
  expect({code, err}).toEqual({code: 0, err: ''});
  const rows = out.split('\n').map((line) => line.split('\t').slice(0, 2).join('='));
  expect(rows).toEqual([
    'bot=',
    'via=',
    'protocol=',
    'max-points=200',
    'ask-above=1000',
    'retries=0',
    'timeout=120',
    'info=false',
    'theme=light',
    'wrap=words',
    'images=auto',
    'keys=emacs',
    'notify=false',
    'screen-reader=false',
    '',
  ]);
  expect((await run('config')).out).toBe(out);
});

test('config list --json prints one setting per line', async () => {
  const {run} = await withSettings({theme: 'light'});
  const {out} = await run('config', 'list', '--json');
  const rows = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows[0]).toEqual({
    key: 'bot',
    value: null,
    default: null,
    isSet: false,
    allowed: 'the handle of a bot',
    summary: 'Bot of new chats (default: the default bot of your account)',
  });
  expect(rows.find(({key}) => key === 'theme')).toMatchObject({value: 'light', default: 'auto', isSet: true});
});

test('set stores a value in a private file, get prints it, unset removes it', async () => {
  const {run, configDir} = await withSandbox();
  const path = join(configDir, 'settings.json');
  expect((await run('config', 'path')).out).toBe(`${path}\n`);
  expect(existsSync(path)).toBe(false);
  expect(await run('config', 'set', 'timeout', '30')).toEqual({code: 0, out: 'timeout is now 30\n', err: ''});
  expect(JSON.parse((await run('config', 'set', 'notify', 'true', '--json')).out)).toMatchObject({value: true});
  expect(readFileSync(path, 'utf8')).toBe('{\n  "timeout": 30,\n  "notify": true\n}\n');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect((await run('config', 'get', 'timeout')).out).toBe('30\n');
  expect((await run('config', 'get', 'wrap')).out).toBe('words\n');
  expect(await run('config', 'get', 'bot')).toEqual({code: 0, out: '', err: 'bot is not set.\n'});
  expect((await run('config', 'unset', 'timeout')).out).toBe('timeout is now 120, the default\n');
  expect((await run('config', 'unset', 'timeout')).out).toBe('timeout was already 120, the default\n');
  expect(readFileSync(path, 'utf8')).toBe('{\n  "notify": true\n}\n');
});

test('a changed setting keeps the order, the other values and the schema of a file that was written by hand', async () => {
  const {run, read} = await withSettings(
    '{"$schema": "./settings.schema.json", "wrap": "none", "future": [1], "keys": "vi"}',
  );
  await run('config', 'set', 'wrap', 'words');
  expect(JSON.parse(read())).toEqual({$schema: './settings.schema.json', wrap: 'words', future: [1], keys: 'vi'});
  expect(Object.keys(JSON.parse(read()))).toEqual(['$schema', 'wrap', 'future', 'keys']);
});

test('a link to a settings file stays a link', async () => {
  const {run, configDir} = await withSandbox();
  const target = join(temporaryFolder(), 'poe.json');
  writeFileSync(target, '{}');
  symlinkSync(target, join(configDir, 'settings.json'));
  await run('config', 'set', 'theme', 'dark');
  expect(JSON.parse(readFileSync(target, 'utf8'))).toEqual({theme: 'dark'});
});

test('settings that are changed at the same time are all stored', async () => {
  const {run, configDir} = await withSandbox();
  const changes = ['theme dark', 'wrap none', 'keys vi', 'images off', 'timeout 9', 'retries 2'];
  await Promise.all(changes.map((change) => run('config', 'set', ...change.split(' '))));
  expect(Object.keys(JSON.parse(readFileSync(join(configDir, 'settings.json'), 'utf8')))).toHaveLength(6);
});

test.each([
  ['theme', 'blue', 'Expected auto, dark or light.'],
  ['max-points', '-5x', 'Expected a whole number of points.'],
  ['max-points', '1.5', 'Expected a whole number of points.'],
  ['retries', '21', 'Expected a whole number from 0 to 20.'],
  ['timeout', '0', 'Expected a number of seconds, more than 0 and at most 86400.'],
  ['notify', 'yes', 'Expected true or false.'],
  ['bot', ' ', 'Expected the handle of a bot.'],
])('set refuses %s %s', async (key, value, expected) => {
  const {run, configDir} = await withSandbox();
  const {code, err} = await run('config', 'set', '--', key, value);
  expect(code).toBe(2);
  expect(err).toBe(`poe: Invalid value ${JSON.stringify(value)} for ${key}\n     ${expected}\n`);
  expect(existsSync(join(configDir, 'settings.json'))).toBe(false);
});

test('an unknown setting is an error with a suggestion', async () => {
  const {run} = await withSandbox();
  for (const words of [
    ['get', 'tehme'],
    ['set', 'tehme', 'dark'],
    ['unset', 'tehme'],
  ]) {
    const {code, err} = await run('config', ...words);
    expect(code).toBe(2);
    expect(err).toContain('poe: Unknown setting "tehme". Did you mean theme?\n');
  }
});

test('unknown keys and wrong values in the file are reported, and do not stop a command', async () => {
  const {run, path} = await withSettings({tehme: 'dark', wrap: 'letters', timeout: '30', colour: 1, keys: 'vi'});
  const {code, out, err} = await run('send', '-b', 'Sandbox-Echo', 'hello');
  expect({code, out}).toEqual({code: 0, out: 'hello\n'});
  expect(err).toContain(`Unknown setting "tehme" in ${path}. Did you mean theme?`);
  expect(err).toContain(`Invalid value "letters" for wrap in ${path}. Expected words or none.`);
  expect(err).toContain(`Invalid value "30" for timeout in ${path}. Expected a number of seconds`);
  expect(err).toContain(`1 more problem in ${path}.`);
  expect((await run('send', '-q', '-b', 'Sandbox-Echo', 'hello')).err).toBe('');
  expect((await run('send', '--json', '-b', 'Sandbox-Echo', 'hello')).err).toBe('');
  expect((await run('config', 'unset', 'colour')).out).toBe('colour was removed\n');
});

test.each([
  ['{"theme": "dark",\n  wrap: "none"}', 'is not valid JSON (line 2, column 3)'],
  ['[]', 'is not a JSON object'],
  ['null', 'is not a JSON object'],
])(
  'a damaged file is never replaced, and no message is sent while its limits are unknown: %s',
  async (text, problem) => {
    const {run, path, sandbox, read} = await withSettings(text);
    const message = `The settings file ${path} ${problem}`;
    const sent = await run('send', '-b', 'Sandbox-Echo', 'hello');
    expect(sent).toEqual({code: 1, out: '', err: `poe: ${message}\n     To correct it: poe config edit\n`});
    const asJson = await run('send', '--json', '-b', 'Sandbox-Echo', 'hello');
    expect(JSON.parse(asJson.err)).toMatchObject({error: {code: 'store', message}});
    expect(countSends(sandbox)).toBe(0);
    expect((await run('explore', '-n', '1')).code).toBe(0);
    for (const words of [['list'], ['get', 'theme'], ['set', 'theme', 'light'], ['unset', 'theme']]) {
      expect(await run('config', ...words)).toMatchObject({code: 1, err: expect.stringContaining(message)});
    }
    expect(read()).toBe(text);
    expect((await run('config', 'path')).out).toBe(`${path}\n`);
  },
);

test('a wrong limit in the file stops a message, unless the command line sets that limit', async () => {
  const {run, path, sandbox} = await withSettings({'max-points': '200'}, {site: '2025-03'});
  const {code, err} = await run('send', '-b', 'Sandbox-Echo', 'hello');
  expect(code).toBe(1);
  expect(err).toContain(`poe: Invalid value "200" for max-points in ${path}\n     Expected a whole number of points.`);
  expect(countSends(sandbox)).toBe(0);
  expect((await run('send', '--max-points', '200', '-b', 'Sandbox-Count', 'count to 2')).code).toBe(0);
});

test('an empty file and a folder without one have no settings', async () => {
  const {run, path} = await withSettings('\n');
  expect(await run('send', '-b', 'Sandbox-Echo', 'hello')).toEqual({code: 0, out: 'hello\n', err: ''});
  rmSync(path);
  expect(await run('send', '-b', 'Sandbox-Echo', 'hello')).toEqual({code: 0, out: 'hello\n', err: ''});
  mkdirSync(path);
  expect((await run('config', 'list')).err).toContain(`The settings file ${path} could not be read: it is a folder`);
});

test('the bot of the settings answers new chats; -b, an existing chat and --sandbox override it', async () => {
  const {run} = await withSettings({bot: 'Sandbox-Echo'});
  expect((await run('send', 'hello')).out).toBe('hello\n');
  expect((await run('send', '-b', 'Sandbox-Count', 'count to 2')).out).toBe('1 2\n');
  expect((await run('send', '-c', 'last', 'count to 3')).out).toBe('1 2 3\n');
  await run('config', 'set', 'bot', 'No-Such-Bot');
  expect((await run('send', 'hello')).code).toBe(3);
  expect((await run('send', '--sandbox', 'hello')).code).toBe(0);
});

test('max-points of the settings refuses an expensive bot, and the option overrides it', async () => {
  const {run, sandbox} = await withSettings({'max-points': 1, bot: 'Sandbox-Count'}, {site: '2025-03'});
  const {code, err} = await run('send', 'hello');
  expect(code).toBe(5);
  expect(err).toContain('Raise --max-points');
  expect(countSends(sandbox)).toBe(0);
  expect((await run('send', '--max-points', '500', 'hello')).code).toBe(0);
  expect((await run('retry', 'last')).code).toBe(5);
  expect((await run('retry', '--max-points', '500', 'last')).code).toBe(0);
});

test('info of the settings prints the details of each reply, and --no-info does not', async () => {
  const {run} = await withSettings({info: true, bot: 'Sandbox-Echo'});
  expect((await run('send', 'hello')).err).toMatch(/^Cost/m);
  expect((await run('send', '--no-info', 'hello')).err).toBe('');
});

test('via and protocol of the settings choose how a message is sent; the environment overrides via', async () => {
  const {runWith, sandbox, run} = await withSandbox();
  const env = {POE_API_URL: sandbox.apiUrl, POE_API_KEY: apiKey, POE_P_B: sandbox.env.POE_P_B};
  const set = (...words: string[]) => run('config', 'set', ...words);
  const viaOf = async (more = {}) =>
    JSON.parse((await runWith({env: {...env, ...more}}, 'send', '--json', '-b', 'Sandbox-Echo', 'hello')).out).via;
  expect(await viaOf()).toBe('api');
  await set('via', 'web');
  await set('protocol', 'native');
  expect(await viaOf()).toBe('web');
  expect(await viaOf({POE_VIA: 'api'})).toBe('api');
  expect(sandbox.requests.at(-1)?.path).toContain('Sandbox-Echo');
});

test('an editor finds a schema of the settings beside the file', async () => {
  const {run, configDir} = await withSandbox();
  const editor = join(temporaryFolder(), 'editor');
  writeFileSync(editor, '#!/bin/sh\necho edited > "$1"\n');
  chmodSync(editor, 0o700);
  const {code, err} = await run('config', 'edit');
  expect(code).toBe(2);
  expect(err).toContain('Editing the settings requires a terminal');
  expect(existsSync(join(configDir, 'settings.json'))).toBe(false);
});

test('max-points of the settings also applies with an API key, as an estimate', async () => {
  const {run, runWith, sandbox} = await withSettings({'max-points': 1});
  const env = {POE_API_URL: sandbox.apiUrl, POE_API_KEY: apiKey, POE_P_B: undefined, POE_P_LAT: undefined};
  const refused = await runWith({env}, 'send', '-b', 'claude-sonnet-4.6', 'hello');
  expect(refused).toMatchObject({code: 5, out: ''});
  expect(refused.err).toMatch(/may cost up to [\d,]+ points \(estimate\), more than the limit of 1\n/);
  expect(refused.err).toContain('Limit the reply with --max-tokens');
  const unknown = await runWith({env}, 'send', '-b', 'Sandbox-Echo', 'hello');
  expect(unknown.err).toContain('Poe does not show the price of Sandbox-Echo');
  const limited = ['send', '-b', 'claude-sonnet-4.6', '--max-points', '100', '--max-tokens', '50', 'hello'];
  expect((await runWith({env}, ...limited)).code).toBe(0);
  expect((await run('config', 'get', 'max-points')).out).toBe('1\n');
});
