import {createServer} from 'node:net';
import type {AddressInfo} from 'node:net';
import {expect, onTestFinished, test} from 'vitest';
import {operationName, runMain, countSends, withSandbox} from '../support/harness.js';
import {seconds} from '../support/patience.js';
import {withKey} from '../support/with-key.js';

/** One line that says what failed, followed by the next step. */
const twoLines = /^poe: .+\n {5}\S.+\n$/;

test('a mistyped bot exits with 3 and suggests similar names', async () => {
  const {run, sandbox} = await withSandbox();
  const {code, out, err} = await run('send', '-b', 'gemni-2.0-flsh', '2x2?');
  expect({code, out}).toEqual({code: 3, out: ''});
  expect(err).toMatch(twoLines);
  expect(err).toContain('gemini-2.0-flash');
  expect(countSends(sandbox)).toBe(0);
});

test('a mistyped part of a long name is enough for a suggestion', async () => {
  const {run} = await withSandbox();
  expect((await run('send', '-b', 'gemni', '2x2?')).err).toContain(
    'Did you mean gemini-2.0-flash, Gemini-2.0-Pro or Gemini-2.0-Flash-Lite?',
  );
  expect((await run('send', '-b', 'cluade', '2x2?')).err).toContain('Claude-3.7-Sonnet');
});

test('a bot name that resembles no other exits with 3 without a suggestion', async () => {
  const {run} = await withSandbox();
  const {code, err} = await run('send', '-b', 'zzzzqqqqxxxx', '2x2?');
  expect(code).toBe(3);
  expect(err).not.toContain('Did you mean');
  expect(err).toContain('Search for bots with: poe explore <query>');
});

test('tokens may be surrounded by white space, as values from files are, and blank ones count as missing', async () => {
  const {runWith, sandbox} = await withSandbox();
  const {pB, pLat} = sandbox.tokens;
  const env = {
    POE_P_B: ` ${pB}\n`,
    POE_P_LAT: `${pLat}\r\n`,
    POE_FORMKEY: `${sandbox.formKey}\n`,
    POE_USER_AGENT: 'UA/1\n',
  };
  expect(await runWith({env}, 'whoami')).toMatchObject({code: 0, err: ''});
  expect((await runWith({env: {...env, POE_P_B: 'a b'}}, 'whoami')).code).toBe(4);
  const blank = {POE_P_B: ' \n', POE_P_LAT: '', POE_API_KEY: '\n'};
  expect(await runWith({env: blank}, 'login', '--api-key', sandbox.apiKey)).toMatchObject({code: 0});
  expect(await runWith({env: blank}, 'whoami')).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringContaining('API key'),
  });
});

test('an empty user exits with 2 before any request', async () => {
  const {run, sandbox} = await withSandbox();
  for (const argv of [
    ['user-info', ''],
    ['follow', '@'],
    ['unfollow', ' '],
  ]) {
    const {code, err} = await run(...argv);
    expect({argv, code}).toEqual({argv, code: 2});
    expect(err).toMatch(twoLines);
  }
  expect(sandbox.requests).toEqual([]);
});

test('an empty message exits with 2 before any request', async () => {
  const {run, sandbox} = await withSandbox();
  for (const argv of [['send'], ['send', '   '], ['send', '-']]) {
    const {code, err} = await run(...argv);
    expect({argv, code}).toEqual({argv, code: 2});
    expect(err).toMatch(twoLines);
  }
  expect(sandbox.requests).toEqual([]);
});

test('without tokens, a command exits with 4 and mentions poe login and --sandbox', async () => {
  const {runWith} = await withSandbox();
  const {code, err} = await runWith({env: {POE_P_B: undefined, POE_P_LAT: undefined}}, 'send', 'hello');
  expect(code).toBe(4);
  expect(err).toContain('poe login');
  expect(err).toContain('--sandbox');
});

test('wrong tokens exit with 4, with and without a given form key', async () => {
  const {runWith, sandbox} = await withSandbox();
  for (const env of [{POE_P_B: 'wrong'}, {POE_P_B: 'wrong', POE_FORMKEY: sandbox.formKey}]) {
    const {code, out, err} = await runWith({env}, 'send', '-b', 'gemini-2.0-flash', 'hello');
    expect({code, out}).toEqual({code: 4, out: ''});
    expect(err).toContain('p-b');
    expect(err).not.toContain('wrong');
  }
});

test('a wrong --formkey exits with 4 and is named in the error', async () => {
  const {run} = await withSandbox();
  const {code, err} = await run('send', '--formkey', 'f'.repeat(32), '-b', 'gemini-2.0-flash', 'hello');
  expect(code).toBe(4);
  expect(err).toMatch(/form key/);
});

test('a chat that does not exist exits with 3', async () => {
  const {run, sandbox} = await withSandbox();
  for (const chat of ['nosuchchatcode', '987654321', 'https://poe.com/chat/nosuchchatcode', 'last']) {
    const {code, out, err} = await run('send', '-b', 'gemini-2.0-flash', '-c', chat, 'hello');
    expect({chat, code, out}).toEqual({chat, code: 3, out: ''});
    expect(err).toMatch(twoLines);
  }
  expect(countSends(sandbox)).toBe(0);
});

test('a lack of points exits with 5, whether Poe reports it at once or with the reply', async () => {
  const {run} = await withSandbox();
  for (const bot of ['Sandbox-Broke', 'Sandbox-Insolvent']) {
    const {code, out, err} = await run('send', '-b', bot, 'hello');
    expect({bot, code, out}).toEqual({bot, code: 5, out: ''});
    expect(err).toContain('points');
    expect(err).not.toContain('rate');
  }
});

test('a bot that fails exits with 1 and shows Poe’s error message', async () => {
  const {run} = await withSandbox();
  const {code, err} = await run('send', '-b', 'Sandbox-Fails', 'hello');
  expect(code).toBe(1);
  expect(err).toContain('Sandbox-Fails failed');
});

test("data of Poe's API that cannot be read, and a newer version of the API, are different errors", async () => {
  const {run, sandbox} = await withKey();
  const cases = [
    [{body: '<html>Log in to this network'}, 6, 'returned a web page instead of data'],
    [{body: 'not compressed', headers: {'Content-Encoding': 'gzip'}}, 6, 'sent data that cannot be decompressed'],
    [{body: '[]'}, 1, 'Unknown response'],
  ] as const;
  for (const [response, code, message] of cases) {
    sandbox.faults.respondOnce({path: '/v1/models'}, {status: 200, ...response});
    expect(await run('explore')).toMatchObject({code, err: expect.stringContaining(message)});
  }
});

test('a web page instead of data exits with 6 and mentions Cloudflare only if it came from there', async () => {
  const {run, sandbox} = await withSandbox();
  sandbox.faults.respondAlways({operation: 'botInfo'}, 'html');
  const page = await run('send', '-b', 'gemini-2.0-flash', 'hello');
  expect(page.code).toBe(6);
  expect(page.err).toContain('web page');
  expect(page.err).not.toContain('Cloudflare');
  sandbox.faults.clear();
  sandbox.faults.respondAlways({operation: 'botInfo'}, 'cloudflare');
  const challenge = await run('send', '-b', 'gemini-2.0-flash', 'hello');
  expect(challenge.code).toBe(6);
  expect(challenge.err).toContain('Cloudflare');
  expect(countSends(sandbox)).toBe(0);
});

test('a refused connection exits with 6', async () => {
  const {run, sandbox} = await withSandbox();
  await sandbox.close();
  const {code, out, err} = await run('send', '-b', 'x', 'hello');
  expect({code, out}).toEqual({code: 6, out: ''});
  expect(err).toContain(`${new URL(sandbox.url).host} refused the connection`);
  expect(err).toMatch(twoLines);
});

test('a host that DNS does not know exits with 6', async () => {
  const {code, err} = await runMain(['send', '-b', 'x', 'hello'], {
    env: {POE_BASE_URL: 'https://poe.invalid', POE_P_B: 'a', POE_P_LAT: 'b'},
  });
  expect(code).toBe(6);
  expect(err).toContain('DNS');
});

test('a timeout before the message is accepted exits with 6', async () => {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const {port} = server.address() as AddressInfo;
  const {code, err} = await runMain(['send', '--timeout', seconds(0.3), '-b', 'x', 'hello'], {
    env: {POE_BASE_URL: `http://127.0.0.1:${port}`, POE_P_B: 'a', POE_P_LAT: 'b'},
  });
  expect(code).toBe(6);
  expect(err).toContain('No data from');
});

test('a timeout after the message was accepted prints the partial reply, names the chat and exits with 7', async () => {
  const {run, sandbox} = await withSandbox({pace: 0.2});
  sandbox.faults.silentAfter(3);
  sandbox.faults.respondAlways({operation: 'chatPage'}, 'silence');
  const {code, out, err} = await run('send', '--timeout', seconds(1), '-b', 'Sandbox-Count', 'count to 9');
  expect(code).toBe(7);
  expect(out).toMatch(/^1 2/);
  expect(err).toMatch(/poe attach \w+/);
  expect(countSends(sandbox)).toBe(1);
});

test('if the channel stops sending, the rest of the reply is requested from Poe', async () => {
  const {run, sandbox} = await withSandbox();
  // The first message loads and stores everything slow, so that only the silence exceeds the timeout.
  await run('send', '-b', 'Sandbox-Count', 'count to 2');
  sandbox.faults.silentAfter(2);
  const {code, out} = await run('send', '--timeout', seconds(1), '-b', 'Sandbox-Count', 'count to 9');
  expect({code, out}).toEqual({code: 0, out: '1 2 3 4 5 6 7 8 9\n'});
});

test('a reply continues after the socket was cut', async () => {
  const {run, sandbox} = await withSandbox({pace: 0.2});
  sandbox.faults.dropSocketAfter(2);
  const {code, out, err} = await run('send', '-b', 'Sandbox-Count', 'count to 9');
  expect({code, out, err}).toEqual({code: 0, out: '1 2 3 4 5 6 7 8 9\n', err: ''});
  expect(countSends(sandbox)).toBe(1);
});

test('malformed frames are ignored, and logged with -v', async () => {
  const {run, sandbox} = await withSandbox();
  sandbox.faults.malformedFrames(true);
  expect(await run('send', '-b', 'Sandbox-Count', 'count to 4')).toEqual({code: 0, out: '1 2 3 4\n', err: ''});
  const {err} = await run('send', '-v', '-b', 'Sandbox-Count', 'count to 4');
  expect(err).toContain('malformed frame');
});

test('events of other chats, an early job event and a late echo do not affect a reply', async () => {
  const {run, sandbox} = await withSandbox();
  sandbox.faults.foreignEvents(true);
  sandbox.faults.jobBeforeText(true);
  sandbox.faults.lateEcho(true);
  expect(await run('send', '-b', 'Sandbox-Count', 'count to 6')).toEqual({code: 0, out: '1 2 3 4 5 6\n', err: ''});
});

test('events that arrive before the response to the send are not lost', async () => {
  const {run, sandbox} = await withSandbox();
  sandbox.faults.eventsBeforeAnswer(true);
  expect((await run('send', '-b', 'Sandbox-Count', 'count to 6')).out).toBe('1 2 3 4 5 6\n');
});

test('a message whose response is lost is not sent again if its echo shows that it arrived', async () => {
  const {run, sandbox} = await withSandbox();
  sandbox.faults.loseResponseOnce('sendMessage', 'drop');
  const {code, out} = await run('send', '-b', 'Sandbox-Count', 'count to 6');
  expect({code, out}).toEqual({code: 0, out: '1 2 3 4 5 6\n'});
  expect(countSends(sandbox)).toBe(1);
});

test('a query that fails is repeated, a message is not', async () => {
  const {run, sandbox} = await withSandbox();
  sandbox.faults.respondOnce({operation: 'botInfo'}, {status: 502});
  expect((await run('send', '-b', 'Sandbox-Count', 'count to 2')).out).toBe('1 2\n');
  sandbox.faults.respondOnce({operation: 'sendMessage'}, {status: 502});
  expect((await run('send', '--timeout', seconds(1), '-b', 'Sandbox-Count', 'count to 2')).code).toBe(7);
});

test('a rate limit is reported with the time to wait', async () => {
  const {run, sandbox} = await withSandbox();
  sandbox.faults.respondAlways({operation: 'botInfo'}, {status: 429, headers: {'Retry-After': '90'}});
  const {code, err} = await run('send', '-b', 'Sandbox-Count', 'count to 2');
  expect(code).toBe(5);
  expect(err).toContain('90 seconds');
});

test('an error names an operation that the site no longer knows', async () => {
  const {run, sandbox} = await withSandbox();
  sandbox.faults.rotateHash('sendMessage');
  sandbox.faults.hideHash('sendMessage');
  const {code, err} = await run('send', '-b', 'Sandbox-Count', 'hello');
  expect(code).toBe(1);
  expect(err).toContain(operationName('sendMessage'));
  expect(err).toContain('its hash');
  expect(err).toContain('poe doctor');
});

test('with --json, an error is one object on stderr, and stdout is empty', async () => {
  const {run} = await withSandbox();
  const {code, out, err} = await run('send', '--json', '-b', 'gemni-2.0-flash', '2x2?');
  expect({code, out}).toEqual({code: 3, out: ''});
  expect(JSON.parse(err)).toEqual({
    error: {
      code: 'bot_not_found',
      message: expect.any(String),
      hint: expect.stringContaining('gemini-2.0-flash'),
      retryable: false,
    },
  });
});

test('with --stream-json, an error is the last event', async () => {
  const {run} = await withSandbox();
  const {code, out} = await run('send', '--stream-json', '-b', 'Sandbox-Fails', 'hello');
  expect(code).toBe(1);
  expect(JSON.parse(out.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({type: 'error', code: 'bot_failed'});
});

test('a mistyped command is not sent as a message', async () => {
  const {run, sandbox} = await withSandbox();
  const {code, err} = await run('sned', 'hello');
  expect(code).toBe(2);
  expect(err).toContain('poe send');
  expect(sandbox.requests).toEqual([]);
});

test('poe sandbox reports a port that is in use', async () => {
  const {run, sandbox} = await withSandbox();
  const {port} = new URL(sandbox.url);
  const {code, out, err} = await run('sandbox', '--port', port);
  expect({code, out}).toEqual({code: 2, out: ''});
  expect(err).toContain(`Port ${port} is already in use`);
});

test('a mistyped option exits with 2 and a suggestion', async () => {
  const {run} = await withSandbox();
  const {code, err} = await run('send', '--jsn', 'hello');
  expect(code).toBe(2);
  expect(err).toContain('--json');
});

test('no output contains a secret', async () => {
  const {runWith, sandbox} = await withSandbox();
  const secrets = [sandbox.tokens.pB, sandbox.tokens.pLat, sandbox.formKey];
  const outcomes = [
    await runWith({}, 'send', '-v', '-b', 'Sandbox-Count', 'hello'),
    await runWith({}, 'whoami', '-v', '--json'),
    await runWith({env: {POE_FORMKEY: sandbox.formKey, POE_P_LAT: 'no'}}, 'send', '-v', 'hello'),
    await runWith({stdin: `{"p-lat": "${sandbox.tokens.pLat}"`, env: {POE_P_B: undefined}}, 'login'),
  ];
  for (const {out, err} of outcomes) {
    for (const secret of secrets) expect(out + err).not.toContain(secret);
  }
});

test('with --sandbox, the missing last chat is explained', async () => {
  const {code, err} = await runMain(['--sandbox', '-q', 'cost', 'last'], {});
  expect({code, err}).toEqual({
    code: 3,
    err: 'poe: There is no last chat\n     Each command with --sandbox starts without chats. To keep them, run: poe sandbox\n',
  });
});

test('the error of a bot is quoted without its state', async () => {
  const {err} = await runMain(['--sandbox', '-q', '-b', 'Sandbox-Fails', 'hi'], {});
  expect(err).toContain('poe: Sandbox-Fails failed: "The bot is not available right now."\n');
});
