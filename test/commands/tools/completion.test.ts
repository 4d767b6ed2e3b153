import {mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {distFiles} from '../../../scripts/generated-files.js';
import {answer} from '../../../src/completion/answer.js';
import {completionCache} from '../../support/setup/completion-cache.js';
import {runMain, temporaryFolder, withSandbox} from '../../support/harness.js';

const files = await distFiles();
const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;

/** Asks for completions with the names in `completionCache()`. */
function withCache() {
  const folder = completionCache();
  const env = {POE_CONFIG_DIR: folder};
  const treePath = join(folder, 'commands.json');
  writeFileSync(treePath, files['dist/commands.json'] ?? '');
  const complete = (args: string[], more = {}) =>
    answer(args, {...env, ...more}, treePath)
      ?.split('\n')
      .slice(0, -1) ?? [];
  return {
    env,
    complete,
    /** The candidates for the last of these words. */
    words: (...line: string[]) =>
      complete(['fish', ...line])
        .slice(1)
        .map((candidate) => candidate.replace(/\t.*/, '')),
    /** The replies for a line that ends at the cursor; Bash replaces what follows the last blank, `=` or `:`. */
    bash: (line: string, replaced = /[^\s=:]*$/.exec(line)?.[0] ?? '', type = '37') =>
      complete(['bash', line, replaced, type, '60']),
  };
}

test('commands, nested commands, options and choices are completed', () => {
  const {words} = withCache();
  expect(words('')).toContain('history');
  expect(words('history', '')).toEqual(['show', 'export', 'import', 'search', 'branch', 'prune', 'stats']);
  expect(words('settings', '')).toEqual(['default-bot', 'point-limit']);
  expect(words('context-optimization', 'last', '')).toEqual(['on', 'off']);
  expect(words('history', 'export', 'last', '--format', '')).toEqual(['md', 'json', 'html']);
  expect(words('history', 'export', '--format=')).toEqual(['--format=md', '--format=json', '--format=html']);
  expect(words('completion', '')).toEqual([...shells]);
  expect(words('usage', '--by', '')).toEqual(['bot', 'day', 'month', 'chat', 'key', 'client']);
  expect(words('send', 'hello', '')).toEqual([]);
  expect(words('send', '-')).toEqual(expect.arrayContaining(['-b', '--bot', '--max-points', '--json', '--help']));
  expect(words('send', '-')).not.toContain('--fromkey');
});

test('options of poe send are completed without the word send', () => {
  const {words} = withCache();
  expect(words('-')).toEqual(expect.arrayContaining(['--bot', '--chat', '--version']));
  expect(words('-b', '')).toContain('DeepSeek-R1');
});

test('poe help completes commands, nested commands and topics', () => {
  const {words} = withCache();
  expect(words('help', '')).toEqual(expect.arrayContaining(['send', 'history', 'all', 'options']));
  expect(words('help', 'history', '')).toEqual(['show', 'export', 'import', 'search', 'branch', 'prune', 'stats']);
  expect(words('help', 'send', '')).toEqual([]);
});

test('an option is offered again only if it can be repeated', () => {
  const {words} = withCache();
  const options = words('send', '-f', 'a.png', '-b', 'GPT-4o', '-qx', '--info', '-');
  expect(options).toEqual(expect.arrayContaining(['--file', '--param', '--share']));
  for (const used of ['-b', '--bot', '--quiet', '-x', '--extract', '--info']) expect(options).not.toContain(used);
});

test('words after -- are arguments', () => {
  const {words} = withCache();
  expect(words('send', '--', '--b')).toEqual([]);
  expect(words('share', '--', '')).toEqual(['last', '2abc']);
  expect(words('--', '')).toEqual([]);
});

test('the value of an option can follow in the next word or in the same one', () => {
  const {words} = withCache();
  const bots = ['DeepSeek-R1', 'DeepSeek-V3', 'Odd:Name', 'a $(b)`c`'];
  expect(words('send', '--bot', '')).toEqual(bots);
  expect(words('send', '--bot=De')).toEqual(bots.map((bot) => `--bot=${bot}`));
  expect(words('send', '-bDe')).toEqual(bots.map((bot) => `-b${bot}`));
  expect(words('send', '-qb', '')).toEqual(bots);
  expect(words('send', '--api-key', '--ve')).toContain('--verbose');
  expect(words('send', '--bot', '-')).toEqual(bots);
  expect(words('send', '--no-color=')).toEqual([]);
});

test('names of templates are completed, also before there are any', () => {
  const {words, env} = withCache();
  expect(words('send', '-t', '')).toEqual([]);
  mkdirSync(join(env.POE_CONFIG_DIR, 'templates'));
  for (const name of ['review.md', 'a b\u001b.md', 'notes.txt']) {
    writeFileSync(join(env.POE_CONFIG_DIR, 'templates', name), '');
  }
  expect(words('send', '-t', '')).toEqual(['review']);
  expect(words('template', 'run', '')).toEqual(['review']);
});

test('bots, chats, categories and profiles are completed from the cache of the profile in use', () => {
  const {words, complete} = withCache();
  expect(words('bot-info', '')).toContain('Odd:Name');
  expect(words('cost', '')).toEqual(['last', '2abc']);
  expect(words('delete-chat', 'last', '')).toEqual(['last', '2abc']);
  expect(words('explore', '--category', '')).toEqual(['Official', 'Image Generation']);
  expect(words('whoami', '--profile', '')).toEqual(['default', 'work']);
  expect(words('--profile', 'work', 'send', '-b', '')).toEqual(['WorkBot']);
  expect(words('send', '--profile=work', '-b', '')).toEqual(['WorkBot']);
  expect(words('send', '--profile', 'other', '-b', '')).toEqual([]);
  expect(complete(['fish', 'send', '-b', ''], {POE_PROFILE: 'work'})).toEqual(['words 0', 'WorkBot']);
  expect(complete(['fish', 'send', '-b', ''], {POE_BASE_URL: 'http://127.0.0.1:1'})).toEqual(['words 0']);
});

test('titles from other people are sanitized, and unsafe handles are left out', () => {
  const {complete, words} = withCache();
  expect(complete(['fish', 'share', ''])).toEqual([
    'words 0',
    'last\tMost recent chat',
    '2abc\tIt\'s a "quoted": title␛[31m of two lines',
  ]);
  expect(words('bot-info', '').join()).not.toContain('bad');
});

test('file names are completed by the shell', () => {
  const {complete, bash} = withCache();
  expect(complete(['fish', 'send', '-f', ''])).toEqual(['files 0']);
  expect(complete(['fish', 'bot', 'push', ''])).toEqual(['files 0']);
  expect(complete(['fish', 'send', '--file=a'])).toEqual(['files 7']);
  expect(complete(['zsh', 'send', '-fa'])).toEqual(['files 2 0']);
  expect(bash('poe send --file=a')).toEqual(['files']);
  expect(bash('poe send "is this right?" > a')).toEqual(['files']);
  expect(bash('poe send hello 2>a', 'a')).toEqual(['files']);
  expect(bash('poe context-optimization > log last o')).toEqual(['words', 'on', 'off']);
});

test('bash: candidates are quoted like the word, without the part that Bash does not replace', () => {
  const {bash} = withCache();
  expect(bash('poe his')).toEqual(['words', 'history']);
  expect(bash('poe send -b deepseek-r')).toEqual(['words', 'DeepSeek-R1']);
  expect(bash('poe send --bot=deepseek-r')).toEqual(['words', 'DeepSeek-R1']);
  expect(bash('poe send --bot=deepseek-r', '--bot=deepseek-r')).toEqual(['words', '--bot=DeepSeek-R1']);
  expect(bash('poe send -b Odd:')).toEqual(['words', 'Name']);
  expect(bash('poe send -b a')).toEqual(['words', String.raw`a\ \$\(b\)\`c\``]);
  expect(bash(String.raw`poe send -b a\ `, String.raw`a\ `)).toEqual(['words', String.raw`a\ \$\(b\)\`c\``]);
  expect(bash('poe send -b "a $', 'a $')).toEqual(['words', String.raw`a \$(b)\`c\``]);
  expect(bash("poe send -b 'a ", "'a ")).toEqual(['words', "'a $(b)`c`"]);
  expect(bash('poe send --bot="a', 'a')).toEqual(['words', String.raw`a \$(b)\`c\``]);
  expect(bash('poe send "a \\" b" \'c "d\' -b WORK --profile "wo')).toEqual(['words', '"work']);
});

test('bash: a list of several candidates shows descriptions that fit the line', () => {
  const {bash} = withCache();
  expect(bash('poe share ', '', '9')).toEqual([
    'words',
    'last  (Most recent chat)',
    '2abc  (It\'s a "quoted": title␛[31m of two lines)',
  ]);
  for (const line of bash('poe -', '-', '9')) expect(line.length).toBeLessThan(60);
  expect(bash('poe share l', 'l', '9')).toEqual(['words', 'last']);
});

test('zsh: options with a value come first and are counted, and colons are escaped', () => {
  const {complete} = withCache();
  const [head = '', ...options] = complete(['zsh', 'history', '-']);
  const [kind, prefixLength, count] = head.split(' ');
  expect([kind, prefixLength]).toEqual(['options', '0']);
  const valued = options.splice(0, Number(count));
  expect(valued).toEqual(
    expect.arrayContaining(['--bot:List only chats with this bot', '--profile:Account to use, if you saved several']),
  );
  expect(options).toEqual(
    expect.arrayContaining([
      String.raw`-n:Maximum number of chats (default\: 20)`,
      '--all:Show all chats',
      '--quiet:Hide notes',
    ]),
  );
  expect(complete(['zsh', 'send', '--bot=Od'])).toContain(String.raw`Odd\:Name`);
});

test('PowerShell: words come in the environment, and candidates are quoted', () => {
  const {complete} = withCache();
  const powershell = (...words: string[]) => complete(['powershell'], {POE_COMPLETE_WORDS: words.join('\n')});
  expect(powershell('his')).toEqual([
    'words',
    'history\thistory  (List, search, export and import chats)\tList, search, export and import chats',
  ]);
  expect(powershell('send', '--bot=deepseek-r')).toEqual([
    'words',
    '--bot=DeepSeek-R1\tDeepSeek-R1  (DeepSeek R1)\tDeepSeek R1',
  ]);
  expect(powershell('send', '-b', '"a')).toEqual(['words', "'a $(b)`c`'\ta $(b)`c`\ta $(b)`c`"]);
  expect(powershell('usage', '--since', '7d', '--by', '')).toEqual([
    'words',
    'bot\tbot\tbot',
    'day\tday\tday',
    'month\tmonth\tmonth',
    'chat\tchat\tchat',
    'key\tkey\tkey',
    'client\tclient\tclient',
  ]);
  expect(powershell('send', '--str')).toEqual([
    'options',
    '--stream-json\t--stream-json\tPrint each event as a line of JSON',
  ]);
  expect(powershell('send', '-f', '')).toEqual(['files']);
});

test('PowerShell: the script passes the words in the environment and reads kind, candidates and tooltips', async () => {
  const {code, out} = await runMain(['completion', 'powershell'], {});
  expect(code).toBe(0);
  for (const part of [
    "Register-ArgumentCompleter -Native -CommandName 'poe', 'poe-cli' -ScriptBlock {",
    '$env:POE_COMPLETE_WORDS = ($before + "$wordToComplete") -join [char]10',
    '$kind, $replies = & poe completion --complete powershell 2>$null',
    'finally { $env:POE_COMPLETE_WORDS = $null }',
    "if ($kind -eq 'files') { return }",
    '$text, $listed, $tooltip = $reply -split [char]9',
    '[System.Management.Automation.CompletionResult]::new($text, $listed, $type, $tooltip)',
  ]) {
    expect(out).toContain(part);
  }
  const brackets = out.replaceAll(/#.*|'[^']*'|"[^"]*"/g, '').replaceAll(/[^()[\]{}]/g, '');
  const inner = /\(\)|\[\]|\{\}/g;
  let rest = brackets;
  while (inner.test(rest)) rest = rest.replaceAll(inner, '');
  expect(rest).toBe('');
});

test('an unreadable cache or an unknown shell completes nothing', () => {
  const {complete, env} = withCache();
  writeFileSync(join(env.POE_CONFIG_DIR, 'cache.json'), '{"default');
  writeFileSync(join(env.POE_CONFIG_DIR, 'config.json'), '[]');
  expect(complete(['fish', 'send', '-b', ''])).toEqual(['words 0']);
  expect(complete(['fish', 'whoami', '--profile', ''])).toEqual(['words 0']);
  expect(complete(['tcsh', 'send', ''])).toEqual([]);
  expect(complete(['toString'])).toEqual([]);
});

test('names from earlier commands are cached for their owner only, by profile and site, until logout', async () => {
  const {run, configDir, sandbox} = await withSandbox();
  await run('explore', 'deepseek');
  await run('history', '-n', '3');
  const file = join(configDir, 'cache.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(configDir).mode & 0o777).toBe(0o700);
  const cache = () => JSON.parse(readFileSync(file, 'utf8'));
  const key = `default ${sandbox.url}`;
  expect(Object.keys(cache())).toEqual([key]);
  expect(cache()[key].bots.map(({handle}: {handle: string}) => handle)).toContain('DeepSeek-R1');
  expect(cache()[key].chats).toHaveLength(3);
  await run('send', '-b', 'Sandbox-Count', 'count to 2', '--profile', 'other');
  const other = `other ${sandbox.url}`;
  expect(cache()[other]).toMatchObject({bots: [{handle: 'Sandbox-Count'}], chats: [{title: 'Count to 2'}]});
  await run('title', 'last', 'Two', '--profile', 'other');
  expect(cache()[other].chats[0].title).toBe('Two');
  await run('delete-chat', 'last', '--yes', '--profile', 'other');
  expect(cache()[other].chats).toEqual([]);
  await run('logout', '--profile', 'other');
  expect(Object.keys(cache())).toEqual([key]);
});

test('commands work if the cache cannot be read or written', async () => {
  const {run, configDir} = await withSandbox();
  mkdirSync(join(configDir, 'cache.json'));
  expect((await run('history', '-n', '1')).code).toBe(0);
});

test('--sandbox caches nothing', async () => {
  const configDir = temporaryFolder();
  await runMain(['--sandbox', 'history', '-n', '1'], {env: {POE_CONFIG_DIR: configDir}});
  expect(() => statSync(join(configDir, 'cache.json'))).toThrow('ENOENT');
});

test.each(shells)('poe completion %s prints a script for poe and poe-cli', async (shell) => {
  const {code, out, err} = await runMain(['completion', shell], {});
  expect({code, err}).toEqual({code: 0, err: ''});
  expect(out).toContain(`poe completion ${shell}`);
  expect(out).toContain(`completion --complete ${shell}`);
  expect(out).toMatch(/\bpoe\b.*\bpoe-cli\b/);
});
