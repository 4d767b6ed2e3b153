import {readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {temporaryFolder} from '../support/harness.js';
import {withKey} from '../support/with-key.js';
import {seconds} from '../support/patience.js';

const completions = '/v1/chat/completions';

test('send prints only the text of the reply', async () => {
  const {run, sandbox} = await withKey();
  expect(await run('send', '-b', 'sandbox-echo', 'grüße, 世界 👋')).toEqual({
    code: 0,
    out: 'grüße, 世界 👋\n',
    err: '',
  });
  expect(sandbox.requests.map(({path}) => path)).toEqual(['/v1/models', completions]);
});

test('without -b, Assistant replies and a note is printed', async () => {
  const {run} = await withKey();
  const {code, out, err} = await run('send', '2x2?');
  expect({code, out}).toEqual({code: 0, out: '2 × 2 is **4**.\n'});
  expect(err).toContain('so Assistant answers');
});

test('--json includes backend, reasoning and tokens', async () => {
  const {run} = await withKey();
  const {code, out} = await run('send', '--json', '-b', 'Sandbox-Thinker', '2+2?');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({
    text: '4',
    state: 'complete',
    bot: 'Sandbox-Thinker',
    chat: {
      id: expect.stringMatching(/^local:/),
      chatId: expect.any(Number),
      chatCode: expect.stringMatching(/^local-/),
      title: '2+2?',
      bot: 'Sandbox-Thinker',
      lastInteractionTime: expect.any(String),
    },
    userMessage: {messageId: expect.any(Number)},
    botMessage: {messageId: expect.any(Number), messageCode: null},
    attachments: [],
    suggestedReplies: [],
    points: {cost: null, balance: null},
    via: 'api',
    protocol: 'openai',
    reasoning: 'Two and two is four.',
    usage: {promptTokens: 7, completionTokens: 3, cachedTokens: null},
    finishReason: 'stop',
  });
});

test('a reply that is only reasoning is printed, with a note', async () => {
  const {run} = await withKey();
  const {code, out, err} = await run('send', '-b', 'Sandbox-Muser', '2+2?');
  expect({code, out}).toEqual({code: 0, out: 'It is 4.\n'});
  expect(err).toContain('only in its reasoning');
});

test('the events of --stream-json add up to the reply', async () => {
  const {run} = await withKey();
  const {out} = await run('send', '--stream-json', '-b', 'Sandbox-Count', 'count to 5');
  const events = out
    .trimEnd()
    .split('\n')
    .map((line): {type: string; text?: string} => JSON.parse(line));
  const appended = events.filter(({type}) => type === 'append').map(({text}) => text);
  expect(appended.join('')).toBe('1 2 3 4 5');
  expect(events.at(-1)).toMatchObject({type: 'done', text: '1 2 3 4 5', via: 'api'});
});

test('-x prints only the code, and the message may come from stdin', async () => {
  const {runWith} = await withKey();
  expect((await runWith({stdin: 'count words'}, 'send', '-x', '-b', 'Sandbox-Code')).out).toBe('wc -w file\n');
});

test('--info shows tokens, reasoning and the points left', async () => {
  const {run} = await withKey();
  const {err} = await run('send', '--info', '-b', 'Sandbox-Thinker', '2+2?');
  expect(err).toContain('2,640 points');
  expect(err).toContain('Two and two is four.');
  expect(err).toContain('3 written');
});

test('-c last sends the context of the chat', async () => {
  const {run} = await withKey();
  await run('send', '-b', 'Sandbox-Memory', 'one');
  expect((await run('send', '-c', 'last', 'two')).out).toBe('user: one\nassistant: user: one\nuser: two\n');
});

test('--protocol openai sends files inside the request', async () => {
  const {run} = await withKey();
  const folder = temporaryFolder();
  const [png, txt] = [join(folder, 'a.png'), join(folder, 'b.txt')];
  writeFileSync(png, Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
  writeFileSync(txt, 'hello');
  const {code, out} = await run('send', '--protocol', 'openai', '-b', 'Sandbox-Echo', '-f', png, '-f', txt, 'look');
  expect({code, out}).toEqual({
    code: 0,
    out: 'look\n[image data:image/png;base64]\n[file b.txt data:text/plain;base64]\n',
  });
});

test('parameters are checked and converted as the list of bots requires', async () => {
  const {run, sandbox} = await withKey();
  const send = (...params: string[]) =>
    run('send', '-b', 'Sandbox-Parameters', ...params.flatMap((param) => ['--param', param]), 'go');
  const {out} = await send('effort=high', 'search=true', 'budget=7', 'temperature=0.5');
  expect(JSON.parse(out)).toEqual({effort: 'high', search: true, budget: 7, temperature: 0.5});
  const sent = sandbox.requests.length;
  for (const [param, hint] of [
    ['effor=high', 'effort'],
    ['effort=huge', 'high, low'],
    ['search=maybe', 'true or false'],
    ['budget=101', 'at most 100'],
  ] as const) {
    const {code, err} = await send(param);
    expect({param, code}).toEqual({param, code: 2});
    expect(err).toContain(hint);
  }
  expect(sandbox.requests.length).toBe(sent);
});

test.each([
  [400, 1, "Poe's API rejected the request", 'Change the message, its files or its parameters.', 1],
  [401, 4, "Poe's API rejected the key", 'poe login --api-key', 1],
  [402, 5, 'Not enough points', 'Your balance is 2,640 points.', 1],
  [403, 1, 'API does not allow', 'may break a rule', 1],
  [404, 3, 'Poe lists the bot Sandbox-Echo, but cannot reach it', 'Try again later.', 1],
  [408, 7, 'The bot did not respond in time', 'poe usage', 1],
  [413, 5, 'too large for the bot', 'Shorten the message.\n', 1],
  [429, 5, 'Rate limited by Poe', 'Try again in a minute', 3],
  [500, 7, "The bot's provider failed", 'poe usage', 1],
  [502, 7, 'model behind the bot is unavailable', 'poe usage', 1],
  [503, 6, 'API is unavailable', 'Try again', 3],
  [529, 6, 'API is overloaded', 'Try again', 3],
])(
  'HTTP %i ends with exit code %i and a hint, after the right number of attempts',
  async (status, code, text, hint, tries) => {
    const {run, sandbox} = await withKey();
    const body = JSON.stringify({error: {message: 'Message of Poe.', type: 'x', code: status}});
    sandbox.faults.respondAlways({path: completions}, {status, body, headers: {}});
    const outcome = await run('send', '-b', 'Sandbox-Echo', 'hello');
    expect(outcome).toMatchObject({code, out: ''});
    expect(outcome.err).toContain(text);
    expect(outcome.err).toContain(hint);
    if (status !== 404) expect(outcome.err).toContain(`(HTTP ${status}: Message of Poe.)`);
    expect(outcome.err).not.toContain(sandbox.apiKey);
    expect(sandbox.requests.filter(({path}) => path === completions)).toHaveLength(tries);
  },
);

test('a message that is too large in a long chat, and rejected parameters, have next steps of their own', async () => {
  const {run, sandbox} = await withKey();
  await run('send', '-b', 'Sandbox-Echo', 'hello');
  sandbox.faults.respondOnce({path: completions}, {status: 413});
  const long = await run('send', '-c', 'last', 'a long text');
  expect(long.err).toContain(
    '\n     Shorten the message. Or let the bot forget the chat so far: poe clear-context last\n',
  );
  sandbox.faults.respondOnce({path: completions}, {status: 400});
  const {err} = await run('send', '-b', 'Sandbox-Parameters', '--param', 'effort=high', 'go');
  expect(err).toContain(
    'To see which parameters the bot accepts: poe bot-info Sandbox-Parameters --params --via api\n',
  );
});

test('a bot that does not exist ends with exit code 3 and suggestions', async () => {
  const {run} = await withKey();
  const {code, err} = await run('send', '-b', 'Sandbox-Ecko', 'hello');
  expect(code).toBe(3);
  expect(err).toContain('Did you mean Sandbox-Echo');
});

test('a rate limit or overload before the reply is retried, unless the pause is too long', async () => {
  const {run, sandbox} = await withKey();
  for (const status of [429, 529]) {
    sandbox.faults.respondOnce({path: completions}, {status, headers: {'Retry-After': '0'}});
  }
  expect((await run('send', '-b', 'Sandbox-Echo', 'hello')).out).toBe('hello\n');
  expect(sandbox.requests.filter(({path}) => path === completions)).toHaveLength(3);
  sandbox.faults.respondOnce({path: completions}, {status: 429, headers: {'Retry-After': '60'}});
  const {code, err} = await run('send', '-b', 'Sandbox-Echo', 'hello');
  expect(code).toBe(5);
  expect(err).toContain('60 seconds');
  expect(sandbox.requests.filter(({path}) => path === completions)).toHaveLength(4);
});

test.each([
  ['Sandbox-Cut', 7],
  ['Sandbox-Endless', 7],
  ['Sandbox-Broken', 1],
])('%s: a reply that ends early is printed and stored, with exit code %i', async (bot, expected) => {
  const {run, sandbox} = await withKey();
  const {code, out} = await run('send', '-b', bot, 'count');
  expect({code, out}).toEqual({code: expected, out: '1 2 \n'});
  expect(sandbox.requests.filter(({path}) => path === completions)).toHaveLength(1);
  expect((await run('history', 'show', 'last')).out).toContain('1 2');
});

test('a bot that rejects stream_options is asked once more without it, and without it from then on', async () => {
  const {run, sandbox} = await withKey();
  for (const text of ['one', 'two']) {
    expect(await run('send', '-q', '-b', 'Sandbox-Strict', text)).toEqual({code: 0, out: `${text}\n`, err: ''});
  }
  const asked = sandbox.requests.filter(({path}) => path === completions);
  expect(asked.map(({status, body}) => [status, body.includes('stream_options')])).toEqual([
    [400, true],
    [200, false],
    [200, false],
  ]);
});

test('a bot that stops sending ends with exit code 7', async () => {
  const {run} = await withKey();
  expect((await run('send', '--timeout', seconds(0.2), '-b', 'Sandbox-Slow', 'count')).code).toBe(7);
});

test('Ctrl-C cancels the reply after printing what arrived', async () => {
  const {runWith} = await withKey();
  const stop = new AbortController();
  const onOut = (text: string) => {
    if (text.includes('1')) stop.abort();
  };
  const {code, out} = await runWith({signal: stop.signal, onOut}, 'send', '-b', 'Sandbox-Slow', 'count');
  expect(code).toBe(130);
  expect(out).toContain('1');
});

test('the key is not sent to a remote http: URL and not logged', async () => {
  const {run, runWith, sandbox} = await withKey();
  const remote = await runWith({env: {POE_API_URL: 'http://api.example'}}, 'send', '-b', 'Sandbox-Echo', 'hello');
  expect(remote.code).toBe(2);
  const {err} = await run('send', '-v', '-b', 'Sandbox-Echo', 'hello');
  expect(err).toMatch(/api \/v1\/chat\/completions: 200 \(req_poe_[0-9a-f]{32}\)/);
  expect(err).not.toContain(sandbox.apiKey);
});

test('redirects are not followed', async () => {
  const {run, sandbox} = await withKey();
  sandbox.faults.respondOnce({path: completions}, {status: 307, headers: {Location: '/v1/models'}});
  expect((await run('send', '-b', 'Sandbox-Echo', 'hello')).code).toBe(7);
  expect(sandbox.requests.filter(({path}) => path === completions)).toHaveLength(1);
});

test('--sandbox --via api needs no key', async () => {
  const {run} = await withKey();
  expect((await run('--sandbox', '--via', 'api', 'send', '-b', 'Sandbox-Echo', 'hello')).out).toBe('hello\n');
});

test('operations that require a session fail before anything is sent', async () => {
  const {run, sandbox} = await withKey();
  for (const argv of [
    ['send', '--share', '-b', 'Sandbox-Echo', 'hello'],
    ['categories'],
    ['share', 'last'],
    ['settings', 'point-limit', '5'],
  ]) {
    const {code, err} = await run(...(argv[0] === 'share' ? ['share', 'abc'] : argv));
    expect({argv, code}).toEqual({argv, code: 4});
    expect(err).toContain('poe login');
  }
  expect(sandbox.requests).toEqual([]);
});

test('a local chat is stored in a file that only its owner can read', async () => {
  const {run, configDir} = await withKey();
  await run('send', '-b', 'Sandbox-Echo', 'hello');
  const folder = join(configDir, 'chats', 'default');
  const [name = ''] = readdirSync(folder);
  expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  const lines = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
  expect(lines.map((line): string => JSON.parse(line).type)).toEqual(['chat', 'message', 'message', 'more']);
  expect(lines.map((line): string | undefined => JSON.parse(line).state)).toEqual([
    undefined,
    'complete',
    'incomplete',
    'complete',
  ]);
});
