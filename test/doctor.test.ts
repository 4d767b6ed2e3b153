import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {exchanged} from '../src/sandbox/form.js';
import {operationsOf, temporaryFolder, withSandbox} from './harness.js';

const statesOf = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => line.split('\t').slice(0, 2).join(': '));

const layers = [
  'terminal',
  'store',
  'name',
  'connection',
  'clock',
  'Cloudflare',
  'cookies',
  'page',
  'form key',
  'tag',
  'headers',
  'hashes',
  'an operation',
  'live channel',
];

test.each(['2025-03', '2026-08'] as const)('every layer is good on the site of %s', async (site) => {
  const {run} = await withSandbox({site});
  const {code, out, err} = await run('doctor');
  expect({code, err}).toEqual({code: 0, err: ''});
  expect(statesOf(out)).toEqual(layers.map((layer) => `${layer}: good`));
  expect(out).toContain(`in the form of ${site}`);
});

test('no secret is shown, as text or as JSON', async () => {
  const {run, sandbox} = await withSandbox({site: '2026-08'});
  const said = [await run('doctor', '-v'), await run('doctor', '--json', '-v')].map(({out, err}) => out + err).join('');
  for (const secret of [sandbox.tokens.pB, sandbox.tokens.pLat, sandbox.formKey, 'poe-chan']) {
    expect(said).not.toContain(secret);
  }
});

test('what has changed on the site is named, and kept when it is to be fixed', async () => {
  const {run, sandbox} = await withSandbox({site: '2026-08'});
  await run('whoami');
  sandbox.faults.rotateHash('sendMessage');
  sandbox.faults.permuteTag(exchanged(1, 2));
  const before = await run('doctor');
  expect(before).toMatchObject({code: 0, out: expect.stringMatching(/changed: sendMessageMutation.*poe doctor --fix/)});
  sandbox.faults.rotateHash('settings');
  const {out} = await run('doctor', '--fix', '--json');
  const findings = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(findings.find(({layer}) => layer === 'hashes')).toMatchObject({state: 'changed', fix: 'It has been kept.'});
  expect(statesOf((await run('doctor')).out)).toEqual(layers.map((layer) => `${layer}: good`));
  const start = sandbox.requests.length;
  expect(await run('send', '-b', 'Sandbox-Echo', 'hi')).toMatchObject({code: 0, out: 'hi\n'});
  expect(sandbox.requests.slice(start).map(({path}) => path)).not.toContain('/');
});

test.each([
  ['cloudflare', 'Cloudflare', 6],
  [{status: 307, headers: {Location: '/login?redirect_url=%2F'}}, 'cookies', 4],
  [{status: 200, body: '<html></html>'}, 'form key', 1],
  [{status: 500}, 'page', 6],
] as const)('a page that does not come is laid to its layer (%#)', async (answer, layer, exit) => {
  const {run, sandbox} = await withSandbox({site: '2026-08'});
  sandbox.faults.respondAlways({path: '/'}, answer);
  const {code, out, err} = await run('doctor');
  expect(statesOf(out).at(-1)).toBe(`${layer}: bad`);
  expect({code, err}).toEqual({code: exit, err: expect.stringContaining(layer)});
});

test('a site that is not there is laid to the connection', async () => {
  const {runWith} = await withSandbox();
  const {code, out} = await runWith({env: {POE_BASE_URL: 'http://127.0.0.1:9'}}, 'doctor');
  expect(code).toBe(6);
  expect(statesOf(out).at(-1)).toBe('connection: bad');
});

test('what is known of the site can be taken along', async () => {
  const {run, runWith, sandbox} = await withSandbox({site: '2026-08'});
  const file = join(temporaryFolder(), 'site.json');
  expect(await run('doctor', '--export-site', file)).toMatchObject({code: 0});
  expect(readFileSync(file, 'utf8')).not.toContain(sandbox.formKey);
  const start = sandbox.requests.length;
  const env = {POE_CONFIG_DIR: temporaryFolder(), POE_FORMKEY: sandbox.formKey};
  expect(await runWith({env}, 'send', '--site-file', file, '-b', 'Sandbox-Echo', 'hi')).toMatchObject({code: 0});
  const asked = operationsOf({...sandbox, requests: sandbox.requests.slice(start)});
  expect(asked).not.toContain('/');
  expect(asked.filter((name) => name === 'sendMessageMutation')).toHaveLength(1);
});

test('a file without facts is refused before anything is asked', async () => {
  const {run, sandbox} = await withSandbox();
  const {code, err} = await run('whoami', '--site-file', 'package.json');
  expect({code, err}).toEqual({code: 2, err: expect.stringContaining('holds no facts about the site')});
  expect(sandbox.requests).toEqual([]);
});
