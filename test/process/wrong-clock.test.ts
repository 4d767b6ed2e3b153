import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {expect, test} from 'vitest';
import {clientId} from '../../src/sandbox/api/sign-in.js';
import {cuttingProxy} from '../support/cutting-proxy.js';
import {sendsOf, temporaryFolder, withSandbox} from '../support/harness.js';
import {killedOnce} from '../support/kill-when.js';

/* The clock of this machine is wrong, by a year or so, and that of Poe is right. The real program. */

const dayMs = 86_400_000;

/** Has a program take the time to be another. */
const shift = (days: number) =>
  `data:text/javascript,${encodeURIComponent(`
    const Real = Date, ahead = ${days * dayMs};
    globalThis.Date = class extends Real {
      constructor(...given) { given.length ? super(...given) : super(Real.now() + ahead); }
      static now() { return Real.now() + ahead; }
    };`)}`;

async function withClocks(settings: Parameters<typeof withSandbox>[0] = {}) {
  const given = await withSandbox(settings);
  const {sandbox, configDir} = given;
  sandbox.world.timeUs = Date.now() * 1000;
  const env = {PATH: process.env.PATH, HOME: temporaryFolder(), ...sandbox.env, POE_CONFIG_DIR: configDir};
  const words = (days: number, argv: readonly string[]) => ['--import', shift(days), 'bin/poe.js', ...argv];
  const at = (days: number, argv: readonly string[], more: Record<string, string | undefined> = {}) =>
    new Promise<{code: number | null; out: string; err: string}>((resolve) => {
      const options = {env: {...env, ...more}};
      const child = execFile(process.execPath, words(days, argv), options, (_error, out, err) =>
        resolve({code: child.exitCode, out, err}),
      );
      child.stdin?.end();
    });
  return {...given, env, at};
}

/** Days by which the clock is ahead. */
const wrong = [400, -400] as const;

const byKey = {POE_P_B: undefined, POE_P_LAT: undefined};

test.for(wrong)('%i days ahead, a message whose send was not answered is found by its text', async (days) => {
  const {at, sandbox} = await withClocks();
  const proxy = await cuttingProxy(sandbox.url);
  sandbox.faults.dropField('clientNonce');
  sandbox.faults.loseResponseOnce('sendMessage', 'drop');
  proxy.mute();
  const ended = await at(days, ['send', '--timeout', '2', '-b', 'Sandbox-Count', 'count to 3'], {
    POE_BASE_URL: proxy.url,
  });
  expect(ended).toEqual({code: 0, out: '1 2 3\n', err: ''});
  expect(sendsOf(sandbox)).toBe(1);
});

test.for(wrong)('%i days ahead, an older message of the same text is not taken for one that was lost', async (days) => {
  const {at, sandbox} = await withClocks();
  const proxy = await cuttingProxy(sandbox.url);
  sandbox.world.timeUs = (Date.now() - 60_000) * 1000;
  await at(days, ['send', '-b', 'Sandbox-Count', 'count to 3']);
  sandbox.faults.dropField('clientNonce');
  sandbox.faults.respondOnce({operation: 'sendMessage'}, 'drop');
  proxy.mute();
  const {code, out, err} = await at(days, ['send', '-c', 'last', 'count to 3'], {POE_BASE_URL: proxy.url});
  expect({code, out}).toEqual({code: 6, out: ''});
  expect(err).toContain('it is not known whether the message arrived');
});

test.for(wrong)('%i days ahead, a pause that Poe asks for until a time is as long as Poe means', async (days) => {
  const {at, sandbox} = await withClocks();
  const until = (seconds: number) => ({'Retry-After': new Date(Date.now() + seconds * 1000).toUTCString()});
  sandbox.faults.respondOnce({operation: 'sendMessage'}, {status: 429, headers: until(90)});
  sandbox.faults.respondOnce({path: '/v1/chat/completions'}, {status: 429, headers: until(90)});
  const send = ['send', '-b', 'Sandbox-Count', 'count to 3'];
  const both = () => Promise.all([at(days, send), at(days, send, {...byKey, POE_API_KEY: sandbox.apiKey})]);
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

test.for(wrong)(
  'made %i days ahead, a key for a time is used until Poe’s clock says that this is over',
  async (days) => {
    const {at, sandbox, env} = await withClocks();
    const noKey = {...byKey, POE_API_KEY: undefined, POE_CLIENT_ID: clientId};
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
      expect({code, err}).toEqual({code: 4, err: expect.stringContaining('was good until')});
    }
  },
);

test.for(wrong)(
  '%i days ahead, what a reply over the API has cost is found, and what was spent of late',
  async (days) => {
    const {at, sandbox} = await withClocks();
    const env = {...byKey, POE_API_KEY: sandbox.apiKey};
    const {err} = await at(days, ['send', '--info', '-b', 'Sandbox-Echo', 'hello'], env);
    expect(err).toContain('17 points, as well as can be told');
    expect((await at(days, ['cost', 'last'], env)).out).toBe('17\n');
    const recent = (await at(days, ['usage', '--by', 'key', '--since', '25h', '--json'], env)).out
      .trimEnd()
      .split('\n');
    expect(recent.map((line): number => JSON.parse(line).count)).toEqual([5, 4, 1]);
  },
);

test('last is the chat used last, however the clock was set meanwhile', async () => {
  const {at, sandbox, configDir, env} = await withClocks({pace: 0.1});
  await at(2, ['send', '-b', 'Sandbox-Count', 'count to 2']);
  sandbox.faults.respondOnce({operation: 'sendMessage'}, 'drop');
  expect((await at(2, ['send', '-b', 'Sandbox-Count', 'count to 4'])).code).toBe(6);
  await at(0, ['send', '-b', 'Sandbox-Count', 'count to 3']);
  expect(await at(0, ['attach', 'last'])).toEqual({code: 0, out: '1 2 3\n', err: ''});
  const folder = join(configDir, 'journal', 'default');
  const hasBegun = () =>
    readdirSync(folder).some((name) => readFileSync(join(folder, name), 'utf8').includes('One word a'));
  await killedOnce(hasBegun, ['send', '-b', 'Sandbox-Slow', 'hello'], env);
  expect(await at(-2, ['attach', 'last'])).toEqual({code: 0, out: expect.stringMatching(/^One word a/), err: ''});
});

test('what the site told at a time to come is asked for again now', async () => {
  const {at, sandbox} = await withClocks({site: '2026-08'});
  const send = ['send', '-b', 'Sandbox-Echo', 'hello'];
  await at(0, send);
  sandbox.faults.rotateHash('sendMessage');
  expect((await at(400, send)).out).toBe('hello\n');
  sandbox.faults.rotateHash('sendMessage');
  sandbox.faults.respondOnce({operation: 'sendMessage'}, 'server-error');
  expect(await at(0, send)).toEqual({code: 0, out: 'hello\n', err: ''});
});
