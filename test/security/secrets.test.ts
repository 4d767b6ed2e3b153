import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {exitCodes} from '../../src/cli/main.js';
import {Context} from '../../src/context/context.js';
import {program} from '../../src/cli/program.js';
import {type Outcome, runMain, type RunOptions, withSandbox} from '../support/harness.js';
import {onDisk} from '../support/stored-files.js';
import {seconds} from '../support/patience.js';

/* poe writes no secret to stdout, stderr or disk, except to the fields of the store that are for it. */

/** Arguments with which each command runs. The others need none. */
const commandArguments: Record<string, string[]> = {
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

/** All commands with arguments, except those that never end, delete everything or log out. */
async function allCommandLines(): Promise<string[][]> {
  const {stdin, stdout, stderr} = process;
  const tree = await program(new Context({stdin, stdout, stderr, env: {}}, new AbortController().signal));
  const lines = tree.commands.flatMap((command) =>
    [command, ...command.commands].map((each) => (each === command ? [command.name()] : [command.name(), each.name()])),
  );
  return lines
    .filter((line) => !['sandbox', 'serve', 'purge', 'logout'].includes(line.join(' ')))
    .map((line) => line.concat(commandArguments[line.join(' ')] ?? []));
}

/** Forms in which a server may quote a secret. */
const quotedForms = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  secret.toUpperCase(),
  Buffer.from(secret).toString('base64'),
  Buffer.from(secret).toString('hex'),
  secret.slice(0, -2),
];

async function withSecretCheck() {
  const {sandbox, configDir, runWith} = await withSandbox();
  const marks = new Set<string>();
  const mark = (name: string) => {
    const value = `MARK${name}KRAM`;
    marks.add(value);
    return value;
  };
  for (const secret of [sandbox.tokens.pB, sandbox.tokens.pLat, sandbox.formKey, sandbox.apiKey]) {
    for (const form of [secret, decodeURIComponent(secret)]) for (const quoted of quotedForms(form)) marks.add(quoted);
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
  // The secrets that are sent to the site and to the API, as a server may quote them.
  const {pB, pLat} = sandbox.tokens;
  const quote = [pB, pLat, decodeURIComponent(pB), decodeURIComponent(pLat), sandbox.formKey]
    .flatMap(quotedForms)
    .join(' ');
  const keyQuote = `no ${quotedForms(sandbox.apiKey).join(' ')}!`;
  const key = {POE_API_KEY: sandbox.apiKey};
  return {sandbox, configDir, run, mark, quote, keyQuote, key};
}

test('no command shows or stores secrets, with -v or --json', async () => {
  const {run, mark, sandbox} = await withSecretCheck();
  const env = {POE_CF_CLEARANCE: mark('clearance'), POE_CF_BM: mark('bm')};
  const {pB, pLat} = sandbox.tokens;
  await run({env, stdin: JSON.stringify({'p-b': pB, 'p-lat': pLat})}, 'login', '-v');
  let done = 0;
  for (const line of await allCommandLines()) {
    for (const flag of ['-v', '--json']) if ((await run({env}, ...line, flag)).code === 0) done++;
  }
  expect(done).toBeGreaterThan(30);
});

test('no command shows wrong tokens or form keys', async () => {
  const {run, mark} = await withSecretCheck();
  const wrong = {POE_P_B: mark('p-b'), POE_P_LAT: mark('p-lat')};
  for (const line of await allCommandLines()) {
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

test('no failure of a request reveals a secret', async () => {
  const failures = [
    'html',
    'cloudflare',
    'empty-400',
    'server-error',
    'drop',
    {status: 429},
    {status: 302, headers: {Location: 'https://evil.example/'}},
  ] as const;
  const places = [{operation: 'botInfo'}, {operation: 'sendMessage'}, {path: '/api/settings'}, {path: '/'}] as const;
  // Each waits before it repeats requests.
  const cases = failures.flatMap((failure) => places.map((match) => ({failure, match})));
  const fail = async ({failure, match}: (typeof cases)[number]) => {
    const {run, sandbox} = await withSecretCheck();
    sandbox.faults.respondAlways(match, failure);
    await run({}, 'send', '-b', 'Sandbox-Count', 'hello', 'operation' in match ? '-v' : '--json');
  };
  await Promise.all(cases.map(fail));
  const {run, mark, sandbox} = await withSecretCheck();
  sandbox.faults.respondAlways({operation: 'botInfo'}, {status: 200, body: `{"broken": "${sandbox.tokens.pB}`});
  await run({}, 'send', '-b', 'Sandbox-Count', 'hello', '-v');
  // Characters that a header cannot contain: an error about them may quote the value.
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

test('no command shows an API key, and purge and logout show no tokens', async () => {
  const {run, mark, sandbox} = await withSecretCheck();
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
    for (const flag of ['-v', '--json']) {
      await run({stdin: key}, 'login', '--api-key', flag);
      await run({}, 'login', '--api-key', key, flag);
    }
  }
  const {pB, pLat} = sandbox.tokens;
  await run({stdin: JSON.stringify({'p-b': pB, 'p-lat': pLat})}, 'login');
  expect((await run({}, 'purge', '--yes', '-v')).code).toBe(0);
  expect((await run({}, 'logout', '-v')).code).toBe(0);
});

/** How to cause each kind of failure. */
const failures: Record<keyof typeof exitCodes, (at: Awaited<ReturnType<typeof withSecretCheck>>) => Failing> = {
  refused: ({sandbox, quote}) => {
    sandbox.faults.respondAlways({operation: 'sendMessage'}, jsonResponse({data: null, errors: [{message: quote}]}));
    return [send];
  },
  stale_operation: ({sandbox}) => {
    sandbox.faults.rotateHash('sendMessage');
    sandbox.faults.hideHash('sendMessage');
    return [send];
  },
  not_understood: ({sandbox, quote}) => {
    sandbox.faults.respondAlways({operation: 'botInfo'}, {status: 200, body: `{"broken": "${quote}`});
    return [send];
  },
  bot_failed: ({sandbox, keyQuote, key}) => {
    const body = `data: ${JSON.stringify({error: {message: keyQuote, type: 'x'}})}\n\n`;
    const headers = {'Content-Type': 'text/event-stream'};
    sandbox.faults.respondAlways({path: '/v1/chat/completions'}, {status: 200, headers, body});
    return [send, key];
  },
  conflict: ({configDir}) => {
    const folder = join(configDir, 'my-bot');
    mkdirSync(folder);
    writeFileSync(join(folder, 'bot.yaml'), 'handle: MyBot\n');
    writeFileSync(join(folder, 'prompt.md'), 'Be brief.\n');
    return [['bot', 'diff', folder]];
  },
  store: ({configDir}) => {
    rmSync(join(configDir, 'config.json'));
    mkdirSync(join(configDir, 'config.json'));
    return [['logout']];
  },
  usage: () => [['send', ' ']],
  file: () => [[...send, '-f', '/nowhere']],
  no_code: () => [[...send, '-x']],
  test_failed: ({configDir}) => {
    const folder = join(configDir, 'tested');
    mkdirSync(folder);
    writeFileSync(join(folder, 'bot.yaml'), 'handle: MyBot\nbase_bot: Sandbox-Echo\n');
    writeFileSync(join(folder, 'prompt.md'), 'Be brief.\n');
    writeFileSync(join(folder, 'tests.yaml'), 'cases: [{prompt: Hi, contains: Bye}]\n');
    return [['bot', 'test', folder]];
  },
  schema_mismatch: () => [[...send, '--schema', 'name', '--no-repair']],
  no_file: () => [[...send, '-o', '/tmp/']],
  bot_not_found: () => [['send', '-b', 'no-such-name', 'hello']],
  user_not_found: () => [['user-info', 'no-such-name']],
  chat_not_found: () => [[...send, '-c', 'nosuchchat']],
  message_not_found: () => [['save', 'last']],
  delivery_unknown: ({sandbox, keyQuote, key}) => {
    const body = JSON.stringify({error: {message: keyQuote}});
    sandbox.faults.respondAlways({path: '/v1/chat/completions'}, {status: 502, body});
    return [send, key];
  },
  not_logged_in: () => [send, {POE_P_B: undefined, POE_P_LAT: undefined}],
  bad_tokens: ({mark}) => [send, {POE_P_B: mark('p-b'), POE_P_LAT: mark('p-lat')}],
  bad_form_key: ({mark}) => [send, {POE_FORMKEY: mark('formkey').replaceAll('-', '')}],
  out_of_points: () => [['send', '-b', 'Sandbox-Broke', 'hello']],
  too_expensive: () => [[...send, '--max-points', '1']],
  over_budget: ({configDir}) => {
    const folder = join(configDir, 'ledger', 'default');
    mkdirSync(folder, {recursive: true});
    writeFileSync(join(folder, 'budget.json'), '{"limit": 1, "period": "day"}');
    return [send];
  },
  rate_limited: ({sandbox, quote}) => {
    sandbox.faults.respondAlways({operation: 'botInfo'}, {status: 429, body: quote, headers: {'Retry-After': '90'}});
    return [send];
  },
  too_large: ({sandbox, keyQuote, key}) => {
    sandbox.faults.respondAlways(
      {path: '/v1/chat/completions'},
      {...jsonResponse({error: {message: keyQuote}}), status: 413},
    );
    return [send, key];
  },
  network: () => [send, {POE_BASE_URL: 'http://127.0.0.1:9'}],
  unavailable: ({sandbox, keyQuote, key}) => {
    sandbox.faults.respondAlways({path: '/v1/chat/completions'}, {status: 503, body: keyQuote});
    return [send, key];
  },
  cloudflare: ({sandbox}) => {
    sandbox.faults.respondAlways({operation: 'botInfo'}, 'cloudflare');
    return [send];
  },
  timeout: ({sandbox}) => {
    sandbox.faults.respondAlways({operation: 'botInfo'}, 'silence');
    return [[...send, '--timeout', seconds(0.3)]];
  },
  reply_lost: ({sandbox, keyQuote, key}) => {
    const body = `data: ${JSON.stringify({choices: [{delta: {content: 'hi'}}]})}\n\ndata: {"${keyQuote}`;
    const headers = {'Content-Type': 'text/event-stream'};
    sandbox.faults.respondAlways({path: '/v1/chat/completions'}, {status: 200, headers, body});
    return [send, key];
  },
  interrupted: () => [send, {}, AbortSignal.abort()],
};

type Failing = [line: string[], env?: Record<string, string | undefined>, signal?: AbortSignal];

const send = ['send', '-b', 'Sandbox-Count', 'count to 2'];
const jsonResponse = (body: object) => ({
  status: 200,
  body: JSON.stringify(body),
  headers: {'Content-Type': 'application/json'},
});

test('no error reveals a secret, even if a server quotes it', async () => {
  const outcomes: Record<string, unknown> = {};
  const fail = async ([kind, provoke]: [string, (typeof failures)['usage']]) => {
    const at = await withSecretCheck();
    await at.run({}, ...send);
    const [line, env = {}, signal] = provoke(at);
    const {code, err} = await at.run({env, signal}, ...line, '--json');
    const {error} = JSON.parse(err);
    outcomes[kind] = {code, kind: error.code};
    await at.run({env, signal}, ...line, '-v');
    if (line[0] === 'send') await at.run({env, signal}, ...line, '--stream-json');
  };
  await Promise.all(Object.entries(failures).map(fail));
  expect(outcomes).toEqual(Object.fromEntries(Object.entries(exitCodes).map(([kind, code]) => [kind, {code, kind}])));
});

test('a key that the API quotes in a response is not shown', async () => {
  const {run, sandbox, keyQuote: quote, key} = await withSecretCheck();
  const file = ['-f', 'test/fixtures/tag-vectors.json'];
  for (const status of [401, 404, 422]) {
    for (const body of [
      quote,
      JSON.stringify({error: {message: quote}}),
      JSON.stringify({detail: quote}),
      `<p>${quote}`,
    ]) {
      sandbox.faults.clear();
      sandbox.faults.respondAlways({path: '/v1/models'}, {status, body});
      sandbox.faults.respondAlways({path: '/usage/current_balance'}, {status, body});
      sandbox.faults.respondAlways({path: '/poe_api/file_upload_3RD_PARTY_POST'}, {status, body});
      await run({env: key}, 'explore', '--via', 'api', '-v');
      await run({env: key}, 'doctor', '-v');
      await run({env: key}, ...send, ...file, '--json');
    }
  }
  sandbox.faults.clear();
  const body = `event: error\ndata: ${JSON.stringify({allow_retry: false, text: quote})}\n\n`;
  const headers = {'Content-Type': 'text/event-stream', 'x-request-id': sandbox.apiKey};
  sandbox.faults.respondAlways({path: '/bot/Unlisted'}, {status: 200, headers, body});
  expect((await run({env: key}, 'send', '-b', 'Unlisted', 'hello', '-v')).err).toContain('…');
});

test('poe sandbox prints only its own tokens', async () => {
  const env = {POE_P_B: 'MARKp-bKRAM', POE_P_LAT: 'MARKp-latKRAM', POE_API_KEY: 'MARKkeyKRAM', POE_FORMKEY: 'MARKKRAM'};
  for (const flags of [['-v'], ['--json']]) {
    const stop = new AbortController();
    const onOut = () => stop.abort();
    const {out, err} = await runMain(['sandbox', ...flags], {env, signal: stop.signal, onOut});
    expect(out).toContain('POE_P_B');
    expect(out + err).not.toMatch(/MARK|KRAM/);
  }
});
