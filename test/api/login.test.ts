import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {ownerOfKey, withKey} from '../support/with-key.js';

const noKey = {POE_API_KEY: undefined};

test('login --api-key checks and saves the key, and whoami shows it is in use', async () => {
  const {runWith, configDir, sandbox} = await withKey();
  const login = await runWith({env: noKey, stdin: `${sandbox.apiKey}\n`}, 'login', '--api-key', '--json');
  expect(login).toMatchObject({code: 0, err: ''});
  expect(JSON.parse(login.out)).toEqual(ownerOfKey);
  const file = join(configDir, 'config.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain(sandbox.apiKey);
  expect((await runWith({env: noKey}, 'whoami')).out).toBe(
    'Logged in as Sandbox (@sandbox) with an API key (profile default)\n',
  );
  expect((await runWith({env: noKey}, 'send', '-b', 'Sandbox-Echo', 'hello')).out).toBe('hello\n');
});

test('login --api-key accepts the key as its value or from the environment', async () => {
  const {run, runWith, sandbox} = await withKey();
  expect((await runWith({env: noKey}, 'login', '--api-key', sandbox.apiKey)).code).toBe(0);
  expect((await run('login', '--api-key', '--profile', 'other')).code).toBe(0);
});

test('a rejected key is neither saved nor printed', async () => {
  const {runWith} = await withKey();
  const {code, err} = await runWith({env: noKey}, 'login', '--api-key', 'secret-of-mine');
  expect(code).toBe(4);
  expect(err).not.toContain('secret-of-mine');
  expect((await runWith({env: noKey}, 'whoami')).code).toBe(4);
});

test('a profile can have a session and a key, and logout deletes both', async () => {
  const {runWith, sandbox} = await withKey();
  const {pB, pLat} = sandbox.tokens;
  await runWith({env: noKey}, 'login', '--api-key', sandbox.apiKey);
  await runWith({env: noKey}, 'login', '--p-b', pB, '--p-lat', pLat);
  const method = async (...argv: string[]): Promise<string> =>
    JSON.parse((await runWith({env: noKey}, 'whoami', '--json', ...argv)).out).method;
  expect(await method()).toBe('api-key');
  expect(await method('--via', 'web')).toBe('web');
  await runWith({env: noKey}, 'logout');
  expect((await runWith({env: noKey}, 'whoami')).code).toBe(4);
  expect((await runWith({env: noKey}, 'whoami', '--via', 'api')).code).toBe(4);
});

test('a key of the sandbox is not sent to the real Poe', async () => {
  const {runWith, sandbox} = await withKey();
  await runWith({env: noKey}, 'login', '--api-key', sandbox.apiKey);
  const {code, err} = await runWith({env: {...noKey, POE_API_URL: 'https://api.poe.invalid'}}, 'whoami');
  expect(code).toBe(4);
  expect(err).toContain('https://api.poe.invalid');
});
