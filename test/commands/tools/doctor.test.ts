import {readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {type AddressInfo, createServer, type Server} from 'node:net';
import {delimiter, join} from 'node:path';
import process from 'node:process';
import {createServer as createTlsServer} from 'node:tls';
import {expect, onTestFinished, test, vi} from 'vitest';
import {swappedPositions} from '../../../src/sandbox/site/tag-id.js';
import {operationsOf, temporaryFolder, withSandbox} from '../../support/harness.js';
import {runOnTerminal} from '../../support/terminal/fake-terminal.js';
import {withKey} from '../../support/with-key.js';

const statesOf = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => line.split('\t').slice(0, 2).join(': '));

const layers = [
  'program',
  'terminal',
  'store',
  'DNS',
  'proxy',
  'connection',
  'TLS',
  'response',
  'clock',
  'Cloudflare',
  'cookies',
  'page',
  'form key',
  'signature',
  'request headers',
  'hashes of messages',
  'hashes of chats',
  'hashes of bots and people',
  'hashes of own bots',
  'hashes of the account',
  'hashes of live updates',
  'operation',
  'channel',
  'socket',
];

test.each(['2025-03', '2026-08'] as const)('every check passes on site version %s', async (site) => {
  const {run} = await withSandbox({site});
  const {code, out, err} = await run('doctor');
  expect({code, err}).toEqual({code: 0, err: ''});
  expect(statesOf(out)).toEqual(layers.map((layer) => `${layer}: ok`));
  expect(out).toContain(`site version ${site}`);
});

test('on a narrow terminal, doctor still shows the result of each check', async () => {
  const {sandbox, configDir} = await withSandbox({site: '2026-08'});
  const env = {...sandbox.env, POE_CONFIG_DIR: configDir, NO_COLOR: '1'};
  const {out} = await runOnTerminal(['doctor'], env, {columns: 40});
  expect(out).toMatch(/^hashes of bots and peop…  ok  7 of 7/m);
});

test('doctor prints no secrets, as text or as JSON', async () => {
  const {run, sandbox} = await withSandbox({site: '2026-08'});
  const output = [await run('doctor', '-v'), await run('doctor', '--json', '-v')]
    .map(({out, err}) => out + err)
    .join('');
  for (const secret of [sandbox.tokens.pB, sandbox.tokens.pLat, sandbox.formKey, 'poe-chan']) {
    expect(output).not.toContain(secret);
  }
});

test('doctor names what has changed on the site, and --fix stores the new values', async () => {
  const {run, sandbox} = await withSandbox({site: '2026-08'});
  await run('whoami');
  sandbox.faults.rotateHash('sendMessage');
  sandbox.faults.permuteTag(swappedPositions(1, 2));
  const before = await run('doctor');
  expect(before).toMatchObject({code: 0, out: expect.stringMatching(/changed: sendMessageMutation.*poe doctor --fix/)});
  expect(statesOf(before.out).filter((line) => line.endsWith('changed'))).toEqual([
    'signature: changed',
    'hashes of messages: changed',
  ]);
  sandbox.faults.rotateHash('settings');
  sandbox.faults.rotateSubscription('jobUpdated');
  const {out} = await run('doctor', '--fix', '--json');
  const findings = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(findings.find(({layer}) => layer === 'hashes of messages')).toMatchObject({
    state: 'changed',
    hint: 'The new value was stored.',
  });
  expect(out).toContain('18 of 18 found in the scripts of the site; changed: jobUpdated');
  expect(statesOf((await run('doctor')).out)).toEqual(layers.map((layer) => `${layer}: ok`));
  const start = sandbox.requests.length;
  expect(await run('send', '-b', 'Sandbox-Echo', 'hi')).toMatchObject({code: 0, out: 'hi\n'});
  expect(sandbox.requests.slice(start).map(({path}) => path)).not.toContain('/');
});

test.each([
  ['cloudflare', 'Cloudflare', 6],
  [{status: 307, headers: {Location: '/login?redirect_url=%2F'}}, 'cookies', 4],
  [{status: 200, body: '<html></html>'}, 'form key', 1],
  [{status: 500}, 'page', 6],
] as const)('a page that fails to load is attributed to the right layer (%#)', async (answer, layer, exit) => {
  const {run, sandbox} = await withSandbox({site: '2026-08'});
  sandbox.faults.respondAlways({path: '/'}, answer);
  const {code, out, err} = await run('doctor');
  expect(statesOf(out).at(-1)).toBe(`${layer}: failed`);
  expect({code, err}).toEqual({code: exit, err: expect.stringContaining(layer)});
});

test('without tokens, doctor still checks everything that needs none', async () => {
  const {runWith} = await withSandbox({site: '2026-08'});
  const {code, out, err} = await runWith({env: {POE_P_B: undefined, POE_P_LAT: undefined}}, 'doctor');
  expect(statesOf(out)).toEqual([
    ...layers.slice(0, layers.indexOf('Cloudflare') + 1).map((layer) => `${layer}: ok`),
    'page: ok',
    'cookies: failed',
  ]);
  expect({code, err}).toEqual({code: 4, err: expect.stringContaining('poe login')});
});

/** Listens on this machine until the test ends. @returns the port */
async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const pem = readFileSync('test/fixtures/untrusted-localhost.pem');
const refusingProxy = (status: number) =>
  createServer((socket) => void socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`));

test.each([
  {
    fault: 'a host that does not exist',
    layer: 'DNS',
    site: () => 'https://poe.invalid',
    detail: /poe\.invalid .*DNS/,
    hint: 'network connection',
  },
  {
    fault: 'a port without a server',
    layer: 'connection',
    site: () => 'http://127.0.0.1:9',
    detail: /127\.0\.0\.1:9 refused the connection/,
    hint: 'Check that it is running',
  },
  {
    fault: 'a server without TLS',
    layer: 'TLS',
    site: async () => `https://localhost:${await listening(refusingProxy(400))}`,
    detail: /does not speak TLS/,
    hint: 'login page of your network',
  },
  {
    fault: 'an untrusted certificate',
    layer: 'TLS',
    site: async () => `https://localhost:${await listening(createTlsServer({key: pem, cert: pem}))}`,
    detail: /an untrusted certificate/,
    hint: 'NODE_EXTRA_CA_CERTS',
  },
  {
    fault: 'a proxy that is not running',
    layer: 'proxy',
    site: () => 'https://poe.invalid',
    proxy: () => 'http://user:secret@127.0.0.1:9',
    detail: /The proxy 127\.0\.0\.1:9 refused the connection/,
    hint: 'Correct HTTPS_PROXY, or bypass the proxy with: NO_PROXY=poe.invalid',
  },
  {
    fault: 'a proxy that requires a password',
    layer: 'proxy',
    site: () => 'https://poe.invalid',
    proxy: async () => `http://127.0.0.1:${await listening(refusingProxy(407))}`,
    detail: /does not connect to poe\.invalid:443 \(HTTP 407\)/,
    hint: 'Put the user name and the password into HTTPS_PROXY (<user>:<password>@<host>)',
  },
])('$fault is attributed to the right layer, with a hint', async ({layer, site, proxy, detail, hint}) => {
  const {runWith} = await withSandbox();
  for (const name of ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'no_proxy', 'NO_PROXY'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('HTTPS_PROXY', await proxy?.());
  onTestFinished(() => void vi.unstubAllEnvs());
  const {code, out, err} = await runWith({env: {POE_BASE_URL: await site()}}, 'doctor');
  expect(statesOf(out).at(-1)).toBe(`${layer}: failed`);
  expect(out.trim().split('\n').at(-1)).toMatch(detail);
  expect({code, err}).toEqual({code: 6, err: expect.stringContaining(hint)});
  expect(out + err).not.toContain('secret');
});

test('the facts about a site can be exported and used on another machine', async () => {
  const {run, runWith, sandbox} = await withSandbox({site: '2026-08'});
  const file = join(temporaryFolder(), 'site.json');
  expect(await run('doctor', '--export-site', file)).toMatchObject({code: 0});
  expect(readFileSync(file, 'utf8')).not.toContain(sandbox.formKey);
  const start = sandbox.requests.length;
  const env = {POE_CONFIG_DIR: temporaryFolder(), POE_FORMKEY: sandbox.formKey};
  expect(await runWith({env}, 'send', '--site-file', file, '-b', 'Sandbox-Echo', 'hi')).toMatchObject({code: 0});
  const requests = operationsOf({...sandbox, requests: sandbox.requests.slice(start)});
  expect(requests).not.toContain('/');
  expect(requests.filter((name) => name === 'sendMessageMutation')).toHaveLength(1);
});

test('a site file written by an earlier version is still read', async () => {
  const {runWith, sandbox} = await withSandbox({site: '2026-08'});
  const file = join(temporaryFolder(), 'site.json');
  writeFileSync(file, JSON.stringify({generation: '2026-08'}));
  const env = {POE_FORMKEY: sandbox.formKey};
  expect(await runWith({env}, 'send', '--site-file', file, '-b', 'Sandbox-Echo', 'hi')).toMatchObject({code: 0});
});

test('a site file without facts is rejected before any request', async () => {
  const {run, sandbox} = await withSandbox();
  const missing = await run('whoami', '--site-file', 'nope.json');
  expect(missing).toMatchObject({code: 2, err: expect.stringContaining('poe: nope.json was not found\n')});
  const {code, err} = await run('whoami', '--site-file', 'package.json');
  expect({code, err}).toEqual({code: 2, err: expect.stringContaining('has no facts about the site')});
  expect(sandbox.requests).toEqual([]);
});

test('with an API key, doctor checks the API and the key', async () => {
  const {run, runWith, sandbox} = await withKey();
  const good = await run('doctor');
  expect(good.code).toBe(0);
  expect(good.out).toMatch(/^API\tok\t127\.0\.0\.1:\d+ answers\nAPI key\tok\taccepted; 2,640 points left$/m);
  expect(good.out).not.toContain('socket');
  const old = await runWith({env: {POE_API_KEY: 'old-key-of-mine'}}, 'doctor');
  expect(old.code).toBe(4);
  expect(old.out).toMatch(/^API key\tfailed\t.*poe login --api-key/m);
  expect(old.out + old.err).not.toContain('old-key-of-mine');
  const away = await runWith({env: {POE_API_URL: 'http://127.0.0.1:1'}}, 'doctor');
  expect(away.code).toBe(6);
  const {pB: POE_P_B, pLat: POE_P_LAT} = sandbox.tokens;
  const both = await runWith({env: {POE_P_B, POE_P_LAT}}, 'doctor');
  expect(both.out).toMatch(/^API key\tok/m);
  expect(both.out).toMatch(/^socket\tok/m);
});

test('doctor lists other programs named poe', async () => {
  const {runWith} = await withSandbox();
  const [first, second, empty] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  for (const folder of [first, second]) writeFileSync(join(folder, 'poe'), '#!/bin/sh\n', {mode: 0o755});
  symlinkSync(join(first, 'poe'), join(empty, 'poe'));
  writeFileSync(join(empty, 'poe-cli'), '#!/bin/sh\n', {mode: 0o755});
  const PATH = [first, empty, '', '/nonexistent', second].join(delimiter);
  const {out} = await runWith({env: {PATH}}, 'doctor');
  expect(out.split('\n')[0]).toBe(
    `program\tok\tNode.js ${process.versions.node}. Programs named poe, of which the shell starts the first: ${first}/poe, ${second}/poe. poe-cli always starts this one.`,
  );
  const [line = ''] = (await runWith({env: {PATH: undefined}}, 'doctor')).out.split('\n');
  expect(line).toMatch(/^program\tok\t\/.*, Node\.js [\d.]+$/);
});
