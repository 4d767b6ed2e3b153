import {readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {withSandbox} from '../../support/harness.js';

const noTokens = {POE_P_B: undefined, POE_P_LAT: undefined};

test('login checks the tokens, stores them in a private file, and whoami shows the account', async () => {
  const {run, runWith, sandbox, configDir} = await withSandbox();
  expect(await run('login', '--json')).toMatchObject({code: 0, err: ''});
  const file = join(configDir, 'config.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain(sandbox.tokens.pB);
  const {code, out} = await runWith({env: noTokens}, 'whoami', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({profile: 'default', method: 'web', uid: 659168979, email: 'sandbox@poe.example'});
  expect((await runWith({env: noTokens}, 'send', '-b', 'Sandbox-Count', 'count to 2')).out).toBe('1 2\n');
});

test('login reads JSON from stdin, as an object or as a browser’s list of cookies', async () => {
  const {runWith, sandbox} = await withSandbox();
  const {pB, pLat} = sandbox.tokens;
  const forms = [
    {'p-b': pB, 'p-lat': pLat},
    {pB, pLat},
    [
      {name: 'p-b', value: pB, domain: 'poe.com'},
      {name: 'p-lat', value: pLat},
    ],
  ];
  for (const form of forms) {
    const {code, out} = await runWith({stdin: JSON.stringify(form), env: noTokens}, 'login');
    expect({code, out}).toEqual({code: 0, out: expect.stringContaining('sandbox@poe.example')});
  }
});

test('login accepts flags', async () => {
  const {runWith, sandbox} = await withSandbox();
  const {pB, pLat} = sandbox.tokens;
  expect(
    (await runWith({env: noTokens}, 'login', '--p-b', pB, '--p-lat', pLat, '--formkey', sandbox.formKey)).code,
  ).toBe(0);
});

test('wrong tokens are not saved', async () => {
  const {runWith} = await withSandbox();
  expect((await runWith({env: noTokens, stdin: '{"p-b":"x","p-lat":"y"}'}, 'login')).code).toBe(4);
  expect((await runWith({env: noTokens}, 'whoami')).code).toBe(4);
});

test('an invalid cookie or form key is rejected without being shown', async () => {
  const {runWith, sandbox} = await withSandbox();
  for (const env of [{POE_P_B: 'secret…value'}, {POE_P_LAT: 'secret value'}, {POE_FORMKEY: 'secret\nvalue'}]) {
    const {code, err} = await runWith({env}, 'whoami', '-v');
    expect({env, code}).toEqual({env, code: 4});
    expect(err).not.toContain('secret');
  }
  expect(sandbox.requests).toEqual([]);
});

test('a wrong form key is not saved', async () => {
  const {run, runWith} = await withSandbox();
  expect((await run('login', '--formkey', 'e'.repeat(32))).code).toBe(4);
  expect((await runWith({env: noTokens}, 'whoami')).code).toBe(4);
});

test('logout deletes the tokens, and can be repeated', async () => {
  const {run, runWith} = await withSandbox();
  await run('login');
  expect(JSON.parse((await runWith({env: noTokens}, 'logout', '--json')).out)).toEqual({
    profile: 'default',
    method: 'web',
  });
  expect((await runWith({env: noTokens}, 'whoami')).code).toBe(4);
  expect(JSON.parse((await runWith({env: noTokens}, 'logout', '--json')).out)).toEqual({
    profile: 'default',
    method: null,
  });
});

test('each profile has its own login', async () => {
  const {run, runWith} = await withSandbox();
  await run('login', '--profile', 'work');
  expect((await runWith({env: noTokens}, 'whoami')).code).toBe(4);
  expect(JSON.parse((await runWith({env: {...noTokens, POE_PROFILE: 'work'}}, 'whoami', '--json')).out)).toMatchObject({
    profile: 'work',
  });
});

test('tokens of the sandbox are not sent to another site', async () => {
  const {run, runWith} = await withSandbox();
  await run('login');
  const {code, err} = await runWith({env: {...noTokens, POE_BASE_URL: 'https://poe.invalid'}}, 'whoami');
  expect(code).toBe(4);
  expect(err).toContain('https://poe.invalid');
});

test('a saved form key is replaced when the site has a new one', async () => {
  const {run, runWith, sandbox} = await withSandbox();
  await run('login', '--formkey', sandbox.formKey);
  sandbox.faults.rotateFormKey();
  expect((await runWith({env: noTokens}, 'whoami')).code).toBe(0);
});

test('login --help explains that browser sessions are unofficial and where to find the cookies', async () => {
  const {run} = await withSandbox();
  const {out} = await run('login', '--help');
  for (const word of ['not an official interface', 'https://poe.com/api/keys', 'Firefox', 'Safari', 'Chrome']) {
    expect(out.replaceAll(/\s+/g, ' ')).toContain(word);
  }
});

test('logout deletes the prompt history of its profile only', async () => {
  const {run, configDir} = await withSandbox();
  await run('login');
  writeFileSync(join(configDir, 'history.jsonl'), '"a secret"\n');
  writeFileSync(join(configDir, 'history-work.jsonl'), '"work"\n');
  expect((await run('logout')).code).toBe(0);
  expect(readdirSync(configDir).filter((name) => name.startsWith('history'))).toEqual(['history-work.jsonl']);
});
