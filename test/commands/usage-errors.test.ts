import {expect, test} from 'vitest';
import {runMain, temporaryFolder, withSandbox} from '../support/harness.js';

/* Wrong usage exits with 2 and prints the next step. */

test.each([
  [
    ['history', 'shwo', 'last'],
    'Unknown command "history shwo". Did you mean show?',
    'Commands: show, export, import, search, branch, prune, stats',
  ],
  [['history', 'foo'], 'Unknown command "history foo"', 'Commands: show, export, import, search, branch, prune, stats'],
  [['sned', 'hello'], 'Unknown command "sned". Did you mean send?', 'To send it as a message: poe send sned hello'],
  [['bot', 'info', 'o1'], 'Unknown command "bot info". Did you mean bot-info?', 'Show usage with: poe bot-info --help'],
  [
    ['-b', 'o1', 'history'],
    'The command "history" must come before its options',
    'Put it first: poe history … To send it as a message: poe send history',
  ],
  [
    ['--no-stdin', 'retry', 'last'],
    'The command "retry" must come before its options',
    'Put it first: poe retry … To send it as a message: poe send retry last',
  ],
  [['-c', '', 'hi'], 'Invalid chat ""', 'Use a chat ID, code, URL (https://poe.com/chat/<code>) or "last".'],
  [['settings', 'default-bot'], 'Missing argument <handle>', 'Show usage with: poe settings default-bot --help'],
  [['title', 'last'], 'Missing argument <title>', 'Show usage with: poe title --help'],
  [['purge', 'everything'], 'Too many arguments', 'Show usage with: poe purge --help'],
  [
    ['-5 + 3?'],
    'Unknown option -5 + 3?',
    'To send a message that begins with a dash, put -- before it: poe -- "-5 + 3?"',
  ],
  [
    ['send', '- buy milk'],
    'Unknown option - buy milk',
    'To send a message that begins with a dash, put -- before it: poe -- "-5 + 3?"',
  ],
  [['send', '-b'], '--bot needs a value', 'Show usage with: poe send --help'],
  [['send', '--jsn'], 'Unknown option --jsn. Did you mean --json?', 'Show usage with: poe send --help'],
  [
    ['explore', '--bot', 'x', '--user', 'y'],
    '--user cannot be combined with --bot',
    'Show usage with: poe explore --help',
  ],
  [
    ['chat', '-c', 'last', '--temporary'],
    '--temporary cannot be combined with --chat',
    'An existing chat cannot become temporary.',
  ],
  [['history', '-n', 'many'], 'Invalid value "many" for --limit', 'Expected a whole number of at least 1.'],
  [
    ['--timeout', '0'],
    'Invalid value "0" for --timeout',
    'Expected a number of seconds, more than 0 and at most 86400.',
  ],
  [
    ['history', 'export', 'last', '--format', 'pdf'],
    'Invalid value "pdf" for --format',
    'Allowed values: md, json, html.',
  ],
  [['completion', 'tcsh'], 'Invalid value "tcsh" for <shell>', 'Allowed values: bash, zsh, fish, powershell.'],
])('poe %j prints the error and the next step', async (argv, message, hint) => {
  expect(await runMain(argv, {})).toEqual({code: 2, out: '', err: `poe: ${message}\n     ${hint}\n`});
});

test('with --json, wrong usage is reported as JSON', async () => {
  const {code, err} = await runMain(['title', 'last', '--json'], {});
  expect({code, error: JSON.parse(err)}).toEqual({
    code: 2,
    error: {
      error: {
        code: 'usage',
        message: 'Missing argument <title>',
        hint: 'Show usage with: poe title --help',
        retryable: false,
      },
    },
  });
});

test('every command with subcommands does something useful on its own, and prints only JSON with --json', async () => {
  const {run} = await withSandbox();
  for (const name of ['archive', 'budget', 'config', 'history', 'settings', 'template']) {
    expect(await run(name, '--json', ...(name === 'history' ? ['-n', '1'] : []))).toMatchObject({code: 0, err: ''});
  }
});

test('a server that is not named by a URL is an error that names the variable', async () => {
  for (const [variable, url] of [
    ['POE_BASE_URL', 'https://poe.com'],
    ['POE_API_URL', 'https://api.poe.com'],
  ] as const) {
    for (const argv of [['send', 'hi'], ['jobs'], ['budget'], ['login', '--api-key'], ['serve'], ['doctor']]) {
      const env = {POE_API_KEY: 'some-key', POE_CONFIG_DIR: temporaryFolder(), [variable]: 'poe.com'};
      expect(await runMain(argv, {env})).toMatchObject({
        code: 2,
        err: `poe: "poe.com" is not a URL\n     Correct ${variable}: write the whole URL, such as ${url}.\n`,
      });
    }
  }
});

test('a long message of one word is sent at once, and a long name of a bot gets no suggestion', async () => {
  const {run} = await withSandbox();
  // Comparing it with the names of the commands took minutes.
  const word = 'a'.repeat(20_000);
  expect(await run(word, '-b', 'Sandbox-Echo')).toMatchObject({code: 0, out: `${word}\n`});
  expect((await run('send', '-b', word, 'hi')).code).toBe(3);
});

test('a user agent that no header can contain is named as the reason', async () => {
  const {runWith} = await withSandbox();
  const {code, err} = await runWith({env: {POE_USER_AGENT: 'a\nb'}}, 'whoami');
  expect({code, err}).toEqual({code: 2, err: expect.stringContaining('The user agent contains an invalid character')});
});

test('words after -- are a message, also if they name a command', async () => {
  const {run} = await withSandbox();
  for (const words of [
    ['-b', 'Sandbox-Echo', '--', 'history'],
    ['--quiet', '--bot=Sandbox-Echo', '--', 'logout', '--yes'],
    ['send', '-b', 'Sandbox-Echo', '--', 'sned', 'it'],
  ]) {
    const message = words.slice(words.indexOf('--') + 1).join(' ');
    expect(await run(...words)).toEqual({code: 0, out: `${message}\n`, err: ''});
  }
  expect((await run('--', 'whoami')).out).toContain('whoami');
  expect((await run('whoami', '--')).out).toContain('sandbox@poe.example');
});

test('the value of a short option may follow an equals sign', async () => {
  const {run} = await withSandbox();
  const chat = {code: 0, out: 'hi\n', err: ''};
  expect(await run('-b=Sandbox-Echo', 'hi')).toEqual(chat);
  expect(await run('send', 'hi', '-b=Sandbox-Echo')).toEqual(chat);
  expect(await run('send', '-b', 'Sandbox-Echo', '--', '-b=x')).toEqual({...chat, out: '-b=x\n'});
  expect(await run('send', '-b', 'Sandbox-Echo', '--system', '-c=1', 'hi')).toMatchObject({out: '-c=1\n\nhi\n'});
  expect((await run('history', '-n=2')).out.trim().split('\n')).toHaveLength(2);
  expect(await run('history', '-n=')).toMatchObject({code: 2});
});

test('-m and --model mean --bot in each command that sends', async () => {
  const {run} = await withSandbox();
  expect((await run('send', '-b', 'Assistant', '-m', 'Sandbox-Echo', 'hi')).out).toBe('hi\n');
  expect((await run('send', '--model=Assistant', '-b=Sandbox-Echo', 'hi')).out).toBe('hi\n');
  const compared = await run('compare', '-m', 'Sandbox-Echo', '--model', 'Sandbox-Count', '--json', 'count to 2');
  expect(compared.out).toContain('"bot":"Sandbox-Echo"');
  expect(compared.out).toContain('"bot":"Sandbox-Count"');
  expect(await run('template', 'save', 'echo', '-m', 'Sandbox-Echo', 'hi')).toMatchObject({code: 0});
  expect((await run('template', 'run', 'echo')).out).toBe('hi\n');
  expect((await run('batch', '-', '-m', 'Sandbox-Echo', '--dry-run')).err).not.toContain('Unknown option');
});

test('a command that only has subcommands shows its help', async () => {
  const {run} = await withSandbox();
  const help = await run('help', 'bot');
  expect(await run('bot')).toEqual({code: 0, out: help.out, err: ''});
  expect(await run('bot', 'bogus')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^poe: Unknown command "bot bogus"\n +Commands: init, /),
  });
});

test.each([
  [['serve', '--listen', ''], 'The address of --listen is empty'],
  [['bot', 'serve', 'bot.mjs', '--listen='], 'The address of --listen is empty'],
  [['serve', '--allow-host', ''], 'The name of --allow-host is empty'],
  [['mcp', '--files', ''], 'The path of --files is empty'],
  [['mcp', '-o', ''], 'The path of --output is empty'],
  [['mcp', 'install', 'codex', '--files', ''], 'The path of --files is empty'],
  [['bot', 'init', ''], 'The path <folder> is empty'],
  [['batch', ''], 'The path <file> is empty'],
  [['batch', 'prompts.jsonl', '-o', ''], 'The path of --output is empty'],
  [['history', 'import', ''], 'The path <file> is empty'],
  [['history', 'export', '--all', ''], 'Name the folder to export to'],
  [['history', 'search', ''], 'The text to search for is empty'],
  [['whoami', '--site-file', ''], 'The path of --site-file is empty'],
  [['send', '-f', '', 'hi'], 'The path of --file is empty'],
  [['send', '--stop', '', 'hi'], 'Invalid value "" for --stop'],
])('poe %j does not take an empty value for a default', async (argv, message) => {
  const {run} = await withSandbox();
  expect(await run(...argv)).toMatchObject({code: 2, out: '', err: expect.stringContaining(`poe: ${message}\n`)});
});
