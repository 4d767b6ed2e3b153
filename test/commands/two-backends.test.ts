import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import type {SandboxOptions} from '../../src/sandbox/server/server.js';
import {operationsOf} from '../support/harness.js';
import {withKey} from '../support/with-key.js';

/* A profile with a browser session and an API key: which backend runs what. */

async function withBoth(options: SandboxOptions = {}) {
  const {sandbox, configDir, run: runWithKey, runWith: runWithEnv} = await withKey(options);
  const {pB: POE_P_B, pLat: POE_P_LAT} = sandbox.tokens;
  const env = {POE_P_B, POE_P_LAT};
  const runWith = (more: Record<string, string | undefined>, ...argv: string[]) =>
    runWithEnv({env: {...env, ...more}}, ...argv);
  const backendOf = async (more: Record<string, string | undefined>, ...argv: string[]): Promise<string> =>
    JSON.parse((await runWith(more, 'send', '--json', '-b', 'Sandbox-Count', 'count to 2', ...argv)).out).via;
  const run = (...argv: string[]) => runWith({}, ...argv);
  return {sandbox, configDir, run, runWith, backendOf, runWithKey};
}

const none = {POE_P_B: undefined, POE_P_LAT: undefined, POE_API_KEY: undefined};

test('if both backends can do something, the API key is used, as --json and -v show', async () => {
  const {run, backendOf, sandbox} = await withBoth();
  expect(await backendOf({})).toBe('api');
  expect((await run('whoami')).out).toContain('with an API key');
  expect((await run('explore', 'anthropic')).out).toContain('claude-sonnet-4.6');
  expect(JSON.parse((await run('bot-info', '--json', 'Sandbox-Echo')).out)).toHaveProperty('pricesUsd');
  expect((await run('settings')).out).toContain('2640');
  expect((await run('send', '-v', '-b', 'Sandbox-Count', 'hello')).err).toContain('backend: API key (environment)');
  expect(operationsOf(sandbox).every((name) => /^\/(?:v1|usage|bot)/.test(name))).toBe(true);
});

test('what only the browser session can do uses it', async () => {
  const {run} = await withBoth();
  const web = await run('send', '-v', '--via', 'web', '--json', '-b', 'Sandbox-Count', 'count to 2');
  expect(web.err).toContain('backend: browser session (environment)');
  const {chat, via} = JSON.parse(web.out);
  expect(via).toBe('web');
  expect((await run('share', chat.chatCode)).out).toMatch(/^http/);
  expect(JSON.parse((await run('retry', '--json', chat.chatCode)).out).via).toBe('web');
  expect(JSON.parse((await run('send', '--json', '-c', chat.chatCode, 'count to 3')).out).via).toBe('web');
  for (const argv of [
    ['categories'],
    ['explore', '--category', 'Reasoning'],
    ['explore', '--user', 'openai'],
    ['user-info', 'openai'],
    ['settings', 'point-limit', '100'],
    ['context-optimization', chat.chatCode, 'off'],
    ['cost', chat.chatCode],
  ]) {
    expect({argv, code: (await run(...argv)).code}).toEqual({argv, code: 0});
  }
});

test('an option that only one backend supports selects that backend', async () => {
  const {run, runWith, backendOf} = await withBoth();
  expect(await backendOf({}, '--share')).toBe('web');
  const ofApi = ['-b', 'Sandbox-Parameters', '--temperature', '0.5', 'x'];
  expect((await run('send', '--json', '--via', 'web', ...ofApi)).code).toBe(4);
  const withTemperature = await runWith({POE_VIA: 'web'}, 'send', '--json', ...ofApi);
  expect(JSON.parse(withTemperature.out)).toMatchObject({via: 'api', text: '{"temperature":0.5}'});
  for (const via of ['web', 'api']) {
    const argv = ['-b', 'Sandbox-Parameters', '--param', 'effort=high', 'x'];
    const {out} = await runWith({POE_VIA: via}, 'send', '--json', ...argv);
    expect(JSON.parse(out)).toMatchObject({via, text: '{"effort":"high"}'});
  }
});

test('--max-points does not change the backend, and works with both', async () => {
  const {run} = await withBoth();
  for (const via of ['web', 'api'] as const) {
    const send = ['send', '--via', via, '-b', 'gemini-2.0-flash', '--max-tokens', '100', '2x2?'].filter(
      (word) => via === 'api' || !/^(?:--max-tokens|100)$/.test(word),
    );
    expect({via, ...(await run(...send, '--max-points', '1000'))}).toMatchObject({via, code: 0});
    const refused = await run(...send, '--max-points', '0', '--json');
    expect(JSON.parse(refused.err).error.code).toBe('too_expensive');
  }
});

test('flags override environment variables, which override saved settings', async () => {
  const {runWith, backendOf, sandbox} = await withBoth();
  const {pB, pLat} = sandbox.tokens;
  await runWith({...none}, 'login', '--p-b', pB, '--p-lat', pLat);
  expect(await backendOf(none)).toBe('web');
  expect(await backendOf({...none, POE_API_KEY: sandbox.apiKey})).toBe('api');
  expect(await backendOf({...none, POE_API_KEY: sandbox.apiKey}, '--p-b', pB, '--p-lat', pLat)).toBe('web');
  await runWith(none, 'login', '--api-key', sandbox.apiKey);
  expect(await backendOf(none)).toBe('api');
  expect(await backendOf({...none, POE_P_B: pB, POE_P_LAT: pLat})).toBe('web');
  expect(await backendOf({POE_API_KEY: undefined}, '--api-key', sandbox.apiKey)).toBe('api');
});

test('--via selects the backend, and POE_VIA does unless an option is given', async () => {
  const {backendOf, runWith, sandbox} = await withBoth();
  expect(await backendOf({}, '--via', 'web')).toBe('web');
  expect(await backendOf({POE_VIA: 'web'})).toBe('web');
  expect(await backendOf({POE_VIA: 'web'}, '--via', 'api')).toBe('api');
  expect(await backendOf({POE_VIA: 'web'}, '--api-key', sandbox.apiKey)).toBe('api');
  expect((await runWith({POE_VIA: 'web'}, 'usage')).code).toBe(0);
  expect((await runWith({POE_VIA: 'post'}, 'whoami')).code).toBe(2);
});

test('--via with a backend that lacks the operation explains what to do', async () => {
  const {run} = await withBoth();
  const api = await run('categories', '--via', 'api');
  expect(api.code).toBe(4);
  expect(api.err).toContain('Omit --via api. Log in with: poe login');
  const web = await run('explore', '--sort', 'context', '--via', 'web');
  expect(web.code).toBe(4);
  expect(web.err).toContain('Omit --via web. Create a key at https://poe.com/api/keys, then run: poe login --api-key');
});

test('with only a key, a chat on Poe is an error that explains how to log in', async () => {
  const {run, runWithKey} = await withBoth();
  const {chat} = JSON.parse((await run('send', '--json', '--via', 'web', '-b', 'Sandbox-Count', 'count to 2')).out);
  for (const argv of [
    ['send', '-c', chat.chatCode, 'more'],
    ['send', '-c', `https://poe.com/chat/${chat.chatCode}`, 'more'],
    ['retry', chat.chatCode],
    ['share', chat.chatCode],
    ['history', 'show', 'last'],
    ['import', 'abc'],
    ['follow', 'openai'],
  ]) {
    const {code, err} = await runWithKey(...argv);
    expect({argv, code}).toEqual({argv, code: 4});
    expect(err).toContain('This requires a browser session, but the profile "default" has only an API key');
    expect(err).toContain('Log in with: poe login');
  }
});

test('history lists the chats of both backends, and --via those of one', async () => {
  const {run} = await withBoth();
  const here = JSON.parse((await run('send', '--json', '-b', 'Sandbox-Count', 'count to 1')).out).chat.chatCode;
  const there = JSON.parse((await run('send', '--json', '--via', 'web', '-b', 'Sandbox-Count', 'count to 2')).out).chat
    .chatCode;
  const codes = async (...argv: string[]) =>
    (await run('history', '-n', '30', ...argv)).out.split('\n').map((line) => line.split('\t')[0] ?? '');
  const both = await codes();
  expect(both).toContain(here);
  expect(both).toContain(there);
  expect(await codes('--via', 'api')).toEqual([here, '']);
  expect(await codes('--via', 'web')).not.toContain(here);
});

test('if the session is expired, the error of history explains how to list the chats on this machine', async () => {
  const {run, runWith} = await withBoth();
  await run('send', '-b', 'Sandbox-Count', 'count to 1');
  const {code, err} = await runWith({POE_P_B: 'old'}, 'history');
  expect(code).toBe(4);
  expect(err).toContain('The chats on this machine are listed with --via api.');
  expect((await runWith({POE_P_B: 'old'}, 'history', '--via', 'api')).out).toMatch(/^local-/);
});

test('purge deletes the chats of both backends, and with --via those of one', async () => {
  const {run} = await withBoth();
  await run('send', '-b', 'Sandbox-Count', 'count to 1');
  expect((await run('purge', '--yes', '--via', 'web')).code).toBe(0);
  expect((await run('history')).out).toMatch(/^local-[^\n]*\n$/);
  await run('send', '--via', 'web', '-b', 'Sandbox-Count', 'count to 2');
  expect((await run('purge', '--yes', '--via', 'api')).out).toBe('Deleted all chats on this machine\n');
  expect((await run('history')).out).toMatch(/^(?!local-)[^\n]+\n$/);
  await run('send', '-b', 'Sandbox-Count', 'count to 1');
  expect((await run('purge', '--yes')).out).toBe('Deleted all chats\n');
  expect((await run('history')).out).toBe('');
});

test('logging in with a session preserves the key and its default bot', async () => {
  const {runWith, configDir, sandbox} = await withBoth();
  const {pB, pLat} = sandbox.tokens;
  await runWith(none, 'login', '--api-key', sandbox.apiKey);
  await runWith(none, 'settings', 'default-bot', 'sandbox-echo');
  await runWith(none, 'login', '--p-b', pB, '--p-lat', pLat);
  const settings = JSON.parse(readFileSync(join(configDir, 'config.json'), 'utf8'));
  expect(settings.profiles.default).toMatchObject({apiKey: sandbox.apiKey, apiBot: 'Sandbox-Echo', tokens: {pB}});
});
