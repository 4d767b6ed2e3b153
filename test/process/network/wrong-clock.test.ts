import {spawn} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';
import {expect, test} from 'vitest';
import {clientId} from '../../../src/sandbox/api/sign-in.js';
import {cuttingProxy} from '../../support/servers/cutting-proxy.js';
import {countSends} from '../../support/harness.js';
import {hasStored} from '../../support/journal-files.js';
import {type Environment, killWhen, runProgram, withProgram} from '../../support/program.js';
import {seconds} from '../../support/patience.js';

/* The clock of this machine is wrong by about a year. */

const dayMs = 86_400_000;

/** A module that shifts a program's clock. */
const shift = (days: number) =>
  `data:text/javascript,${encodeURIComponent(`
    const Real = Date, ahead = ${days * dayMs};
    globalThis.Date = class extends Real {
      constructor(...args) { args.length ? super(...args) : super(Real.now() + ahead); }
      static now() { return Real.now() + ahead; }
    };`)}`;

async function withClocks(options: Parameters<typeof withProgram>[0] = {}) {
  const program = await withProgram(options);
  program.sandbox.world.timeUs = Date.now() * 1000;
  /** Runs poe with its clock so many days ahead. */
  const at = (days: number, argv: readonly string[], more: Environment = {}) =>
    runProgram(argv, {...program.env, ...more}, ['--import', shift(days)]);
  return {...program, at};
}

/** Days by which the clock is ahead. */
const offsets = [400, -400] as const;

const noSession = {POE_P_B: undefined, POE_P_LAT: undefined};

test.for(offsets)(
  'with the clock %i days ahead, a message whose send was not answered is found by its text',
  async (days) => {
    const {at, sandbox} = await withClocks();
    const proxy = await cuttingProxy(sandbox.url);
    sandbox.faults.dropField('clientNonce');
    sandbox.faults.loseResponseOnce('sendMessage', 'drop');
    proxy.mute();
    const ended = await at(days, ['send', '--timeout', seconds(2), '-b', 'Sandbox-Count', 'count to 3'], {
      POE_BASE_URL: proxy.url,
    });
    expect(ended).toEqual({code: 0, out: '1 2 3\n', err: ''});
    expect(countSends(sandbox)).toBe(1);
  },
);

test.for(offsets)(
  'with the clock %i days ahead, an older message with the same text is not taken for a lost one',
  async (days) => {
    const {at, sandbox} = await withClocks();
    const proxy = await cuttingProxy(sandbox.url);
    sandbox.world.timeUs = (Date.now() - 60_000) * 1000;
    await at(days, ['send', '-b', 'Sandbox-Count', 'count to 3']);
    sandbox.faults.dropField('clientNonce');
    sandbox.faults.respondOnce({operation: 'sendMessage'}, 'drop');
    proxy.mute();
    const {code, out, err} = await at(days, ['send', '--timeout', seconds(2), '-c', 'last', 'count to 3'], {
      POE_BASE_URL: proxy.url,
    });
    expect({code, out}).toEqual({code: 7, out: ''});
    expect(err).toContain('it is not known whether the message arrived');
  },
);

test.for(offsets)('with the clock %i days ahead, a Retry-After date is relative to Poe’s clock', async (days) => {
  const {at, sandbox} = await withClocks();
  const until = (seconds: number) => ({'Retry-After': new Date(Date.now() + seconds * 1000).toUTCString()});
  sandbox.faults.respondOnce({operation: 'sendMessage'}, {status: 429, headers: until(90)});
  sandbox.faults.respondOnce({path: '/v1/chat/completions'}, {status: 429, headers: until(90)});
  const send = ['send', '-b', 'Sandbox-Count', 'count to 3'];
  const both = () => Promise.all([at(days, send), at(days, send, {...noSession, POE_API_KEY: sandbox.apiKey})]);
  for (const {code, err} of await both()) {
    expect({code, err}).toEqual({code: 5, err: expect.stringMatching(/in (?:8\d|90) seconds/)});
  }
  sandbox.faults.respondOnce({operation: 'botInfo'}, {status: 429, headers: until(2)});
  sandbox.faults.respondOnce({path: '/v1/chat/completions'}, {status: 429, headers: until(2)});
  expect(await both()).toEqual([
    {code: 0, out: '1 2 3\n', err: ''},
    {code: 0, out: '1 2 3\n', err: ''},
  ]);
});

test.for(offsets)('with the clock %i days ahead at login, a key expires by Poe’s clock', async (days) => {
  const {at, sandbox, env} = await withClocks();
  const noKey = {...noSession, POE_API_KEY: undefined, POE_CLIENT_ID: clientId};
  const login = async (seconds: number) => {
    sandbox.faults.expireKeysAfter(seconds);
    const words = ['--import', shift(days), 'bin/poe.js', 'login', '--api-key'];
    const child = spawn(process.execPath, words, {env: {...env, ...noKey}, stdio: ['pipe', 'ignore', 'pipe']});
    let seen = '';
    let visited: Promise<unknown> | undefined;
    child.stderr.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      const url = /(http:\S+\/oauth\/authorize\?\S+)\s/.exec(seen)?.[1];
      if (url !== undefined) visited ??= fetch(url);
    });
    await once(child, 'close');
    await visited;
  };
  await login(3600);
  for (const ahead of [days, 0, -days]) {
    expect((await at(ahead, ['send', '-b', 'Sandbox-Echo', 'hello'], noKey)).out).toBe('hello\n');
  }
  await login(-1);
  for (const ahead of [400, 0]) {
    const {code, err} = await at(ahead, ['send', '-b', 'Sandbox-Echo', 'hello'], noKey);
    expect({code, err}).toEqual({code: 4, err: expect.stringContaining('expired at')});
  }
});

test.for(offsets)(
  'with the clock %i days ahead, the cost of an API reply and the recent usage are found',
  async (days) => {
    const {at, sandbox} = await withClocks();
    const env = {...noSession, POE_API_KEY: sandbox.apiKey};
    const {err} = await at(days, ['send', '--info', '-b', 'Sandbox-Echo', 'hello'], env);
    expect(err).toContain('17 points (estimate)');
    expect((await at(days, ['cost', 'last'], env)).out).toBe('17\n');
    const recent = (await at(days, ['usage', '--by', 'key', '--since', '25h', '--json'], env)).out
      .trimEnd()
      .split('\n');
    expect(recent.map((line): number => JSON.parse(line).count)).toEqual([5, 4, 1]);
  },
);

test('last is the chat used last, even if the clock was set back in between', async () => {
  const {at, sandbox, configDir, env} = await withClocks({pace: 0.1});
  await at(2, ['send', '-b', 'Sandbox-Count', 'count to 2']);
  sandbox.faults.respondOnce({operation: 'sendMessage'}, 'drop');
  expect((await at(2, ['send', '--timeout', seconds(1), '-b', 'Sandbox-Count', 'count to 4'])).code).toBe(7);
  await at(0, ['send', '-b', 'Sandbox-Count', 'count to 3']);
  expect(await at(0, ['attach', 'last'])).toEqual({code: 0, out: '1 2 3\n', err: ''});
  sandbox.faults.holdAfter(4);
  await killWhen(() => hasStored(configDir, 'One word a'), ['send', '-b', 'Sandbox-Slow', 'hello'], env);
  sandbox.faults.clear();
  expect(await at(-2, ['attach', 'last'])).toEqual({code: 0, out: expect.stringMatching(/^One word a/), err: ''});
});

test('facts of the site stored with a date in the future are refreshed', async () => {
  const {at, sandbox} = await withClocks({site: '2026-08'});
  const send = ['send', '-b', 'Sandbox-Echo', 'hello'];
  await at(0, send);
  sandbox.faults.rotateHash('sendMessage');
  expect((await at(400, send)).out).toBe('hello\n');
  sandbox.faults.rotateHash('sendMessage');
  sandbox.faults.respondOnce({operation: 'sendMessage'}, 'server-error');
  expect(await at(0, send)).toEqual({code: 0, out: 'hello\n', err: ''});
});
