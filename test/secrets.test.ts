import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {Context} from '../src/context.js';
import {program} from '../src/program.js';
import {type Outcome, type RunOptions, withSandbox} from './harness.js';

/* No secret is in anything that poe writes, on stdout, on stderr or on disk, but for the store's own fields. */

/** Arguments that bring each command further than its usage. Commands that are not named here take none. */
const words: Record<string, string[]> = {
  send: ['-b', 'Sandbox-Count', '--info', '--share', 'count to 2'],
  retry: ['last'],
  attach: ['last'],
  cancel: ['last'],
  share: ['last'],
  cost: ['last'],
  previews: ['last'],
  'delete-messages': ['last', '1', '--yes'],
  'history show': ['last'],
  'history export': ['last'],
  'history search': ['a'],
  title: ['last', 'T'],
  'clear-context': ['last'],
  'context-optimization': ['last', 'on'],
  import: ['nosuch'],
  'delete-chat': ['1', '--yes'],
  explore: ['-n', '2'],
  'bot-info': ['gemini-2.0-flash'],
  'user-info': ['openai'],
  follow: ['openai'],
  unfollow: ['openai'],
  'settings default-bot': ['Sandbox-Count'],
  'settings point-limit': ['5'],
  completion: ['bash'],
};

/** Every command there is, with arguments; what serves for ever or ends everything is left out. */
async function everyLine(): Promise<string[][]> {
  const {stdin, stdout, stderr} = process;
  const tree = program(new Context({stdin, stdout, stderr, env: {}}, new AbortController().signal));
  const lines = tree.commands.flatMap((command) =>
    [command, ...command.commands].map((each) => (each === command ? [command.name()] : [command.name(), each.name()])),
  );
  return lines
    .filter(([name]) => name !== 'sandbox' && name !== 'purge' && name !== 'logout')
    .map((line) => line.concat(words[line.join(' ')] ?? []));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, {withFileTypes: true, recursive: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** What is on disk, without the fields that hold tokens by their purpose. */
function onDisk(folder: string): string {
  return filesBelow(folder)
    .map((path) => {
      const text = readFileSync(path, 'utf8');
      if (!path.endsWith('config.json')) return text;
      return JSON.stringify(
        JSON.parse(text, (key, value: unknown) => (key === 'tokens' || key === 'foundFormKey' ? '' : value)),
      );
    })
    .join('\n');
}

async function watched() {
  const {sandbox, configDir, runWith} = await withSandbox();
  const marks = new Set<string>();
  const mark = (name: string) => {
    const value = `MARK${name}KRAM`;
    marks.add(value);
    return value;
  };
  for (const secret of [sandbox.tokens.pB, sandbox.tokens.pLat, sandbox.formKey, sandbox.apiKey]) {
    marks.add(secret);
    marks.add(decodeURIComponent(secret));
  }
  const check = (what: string, {out, err}: Outcome) => {
    const written = `${out}\n${err}\n${onDisk(configDir)}`;
    expect({what, found: [...marks].filter((secret) => written.includes(secret))}).toEqual({what, found: []});
  };
  const run = async (options: RunOptions, ...argv: string[]) => {
    const outcome = await runWith(options, ...argv);
    check(argv.join(' '), outcome);
    return outcome;
  };
  return {sandbox, run, mark};
}

test('every command keeps the secrets, with -v and with --json', {timeout: 60_000}, async () => {
  const {run, mark, sandbox} = await watched();
  const env = {POE_CF_CLEARANCE: mark('clearance'), POE_CF_BM: mark('bm')};
  const {pB, pLat} = sandbox.tokens;
  await run({env, stdin: JSON.stringify({'p-b': pB, 'p-lat': pLat})}, 'login', '-v');
  let done = 0;
  for (const line of await everyLine()) {
    for (const flag of ['-v', '--json']) if ((await run({env}, ...line, flag)).code === 0) done++;
  }
  expect(done).toBeGreaterThan(30);
});

test('every command keeps wrong tokens to itself, and keys that are refused', {timeout: 60_000}, async () => {
  const {run, mark} = await watched();
  const wrong = {POE_P_B: mark('p-b'), POE_P_LAT: mark('p-lat')};
  for (const line of await everyLine()) {
    await run({env: wrong}, ...line, '-v');
    await run({env: {POE_FORMKEY: mark('form key')}}, ...line, '-v');
  }
  await run(
    {env: {POE_P_B: undefined, POE_P_LAT: undefined}},
    'send',
    '--p-b',
    mark('flag'),
    '--p-lat',
    mark('other'),
    'hello',
    '-v',
  );
});

test('no failure gives a secret away', {timeout: 60_000}, async () => {
  const {run, mark, sandbox} = await watched();
  const failures = [
    'html',
    'cloudflare',
    'empty-400',
    'server-error',
    'drop',
    {status: 429},
    {status: 302, headers: {Location: 'https://evil.example/'}},
  ] as const;
  for (const failure of failures) {
    for (const match of [
      {operation: 'botInfo'},
      {operation: 'sendMessage'},
      {path: '/api/settings'},
      {path: '/'},
    ] as const) {
      sandbox.faults.clear();
      sandbox.faults.respondAlways(match, failure);
      await run({}, 'send', '-b', 'Sandbox-Count', 'hello', 'operation' in match ? '-v' : '--json');
    }
  }
  sandbox.faults.clear();
  sandbox.faults.respondAlways({operation: 'botInfo'}, {status: 200, body: `{"broken": "${sandbox.tokens.pB}`});
  await run({}, 'send', '-b', 'Sandbox-Count', 'hello', '-v');
  // What no header can hold: whatever refuses it may quote it.
  for (const odd of ['\n', '\u0000', 'é', '日', ';', '"', '\r\nX: 1']) {
    const env = {
      POE_P_B: `${mark('odd')}${odd}`,
      POE_P_LAT: mark('lat'),
      POE_CF_BM: `${mark('cf')}${odd}`,
      POE_FORMKEY: `${mark('key')}${odd}`,
    };
    for (const flag of ['-v', '--json']) {
      expect((await run({env}, 'send', '-b', 'Sandbox-Count', 'hello', flag)).code).toBeGreaterThan(0);
      expect((await run({env: {...env, POE_FORMKEY: undefined}}, 'whoami', flag)).code).toBeGreaterThan(0);
    }
  }
});

test('an API key is kept to oneself, a good one and one that is refused, and so are the tokens at the end of everything', async () => {
  const {run, mark, sandbox} = await watched();
  const lines = [
    ['send', '--via', 'api', '-b', 'Sandbox-Count', 'hello'],
    ['retry', 'last', '--via', 'api'],
    ['history', '--via', 'api'],
    ['explore', '--via', 'api'],
    ['settings', '--via', 'api'],
    ['usage', '--via', 'api'],
    ['whoami', '--via', 'api'],
  ];
  for (const key of [sandbox.apiKey, mark('api-key'), `${mark('odd-key')}é`]) {
    for (const line of lines) {
      for (const flag of ['-v', '--json']) await run({env: {POE_API_KEY: key}}, ...line, flag);
    }
  }
  const {pB, pLat} = sandbox.tokens;
  await run({stdin: JSON.stringify({'p-b': pB, 'p-lat': pLat})}, 'login');
  expect((await run({}, 'purge', '--yes', '-v')).code).toBe(0);
  expect((await run({}, 'logout', '-v')).code).toBe(0);
});
