import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync, symlinkSync} from 'node:fs';
import {createServer} from 'node:net';
import type {AddressInfo} from 'node:net';
import {join, resolve} from 'node:path';
import process from 'node:process';
import {expect, onTestFinished, test} from 'vitest';
import {operationsOf, temporaryFolder, withSandbox} from '../support/harness.js';

/*
 * The real program, in a process of its own. What can be tested within this process is tested there: it is faster.
 */

const bin = 'bin/poe.js';

async function withProcess(pace = 0.02) {
  const {sandbox, configDir} = await withSandbox({pace});
  const env = {PATH: process.env.PATH, HOME: temporaryFolder(), ...sandbox.env, POE_CONFIG_DIR: configDir};
  const shell = (script: string) =>
    new Promise<{code: number | null; out: string; err: string}>((resolve) => {
      const child = execFile('bash', ['-c', `set -o pipefail; ${script}`], {env}, (_error, out, err) =>
        resolve({code: child.exitCode, out, err}),
      );
    });
  return {sandbox, env, shell};
}

test('--version prints the version, alone or with other options', async () => {
  const {shell} = await withProcess();
  const {version}: {version: string} = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const words of ['--version', '-V', '--json -V', 'send --version']) {
    expect(await shell(`node ${bin} ${words}`)).toEqual({code: 0, out: `${version}\n`, err: ''});
  }
});

test('poe -h prints the same page as poe help', async () => {
  const {shell} = await withProcess();
  const {out: page} = await shell(`node ${bin} help`);
  expect(page).toContain('More help: poe help <command>');
  for (const words of ['--help', '-h', '--json --help']) {
    expect(await shell(`node ${bin} ${words}`)).toEqual({code: 0, out: page, err: ''});
  }
});

test('help and version fail on a full disk, and end quietly if nobody reads the output', async () => {
  const {shell} = await withProcess();
  for (const words of ['--version', '--help', 'help send']) {
    expect(await shell(`node ${bin} ${words} > /dev/full`)).toEqual({
      code: 1,
      out: '',
      err: 'poe: The output could not be written: the disk is full (ENOSPC)\n',
    });
    const toNobody = `exec 3> >(true); wait $!; node ${bin} ${words} >&3`;
    expect(await shell(toNobody)).toEqual({code: 0, out: '', err: ''});
  }
});

test('a pipe gets the exact text', async () => {
  const {shell} = await withProcess();
  expect(await shell(`printf 'a *b*\\n\\n  c' | node ${bin} -b Sandbox-Echo | cat`)).toEqual({
    code: 0,
    out: 'a *b*\n\n  c\n',
    err: '',
  });
});

test('a reader that goes away ends poe quietly', async () => {
  const {shell, sandbox} = await withProcess();
  const {code, out, err} = await shell(`node ${bin} send -b Sandbox-Markdown hello | head -1`);
  expect({code, err}).toEqual({code: 0, err: ''});
  expect(out.split('\n')).toHaveLength(2);
  expect(sandbox.requests.map(({queryName}) => queryName)).not.toContain(
    'cancelViewerActiveJobs_cancelViewerActiveJobs_Mutation',
  );
});

test('a reader of a list that goes away ends poe quietly', async () => {
  const {shell} = await withProcess();
  const {code, out, err} = await shell(`node ${bin} history --all | head -1`);
  expect({code, err, lines: out.split('\n').length}).toEqual({code: 0, err: '', lines: 2});
});

test('Ctrl-C in a shell cancels the reply on Poe, keeps what came, and ends with 130', async () => {
  const {env, sandbox} = await withProcess(0.2);
  const child = spawn(process.execPath, [bin, 'send', '-b', 'Sandbox-Slow', 'hello'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    if (out === '') child.kill('SIGINT');
    out += chunk.toString();
  });
  expect(await once(child, 'close')).toEqual([130, null]);
  expect(out).toMatch(/\S+\n$/);
  expect(operationsOf(sandbox)).toContain('cancelViewerActiveJobs_cancelViewerActiveJobs_Mutation');
});

test('a program that leaves stdin open does not keep poe waiting for ever', async () => {
  const {env} = await withProcess();
  const child = spawn(process.execPath, [bin, 'send', '-b', 'Sandbox-Count', 'count to 2'], {env, stdio: 'pipe'});
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(out).toBe('1 2\n');
});

test('poe sandbox prints an environment that a shell can take over', async () => {
  const {env, ...rest} = await withProcess();
  expect(rest.sandbox.url).toMatch(/^http:/);
  const server = spawn(process.execPath, [bin, 'sandbox'], {
    env: {PATH: env.PATH, HOME: env.HOME},
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void server.kill());
  const [chunk]: Buffer[] = await once(server.stdout, 'data');
  const {shell} = await withProcess();
  const {code, out} = await shell(`${chunk?.toString()}\nnode ${bin} send -b gemini-2.0-flash '2x2?'`);
  expect(code).toBe(0);
  expect(out).toContain('4');
  server.kill('SIGINT');
  expect(await once(server, 'close')).toEqual([0, null]);
});

test('what listens at the address and is no web server is told as such', async () => {
  const other = createServer((socket) => socket.on('error', () => {}).end('SSH-2.0-OpenSSH_9.7\r\n'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const {shell} = await withProcess();
  const host = `127.0.0.1:${(other.address() as AddressInfo).port}`;
  const {code, err} = await shell(`POE_BASE_URL=http://${host} node ${bin} whoami`);
  expect({code, err}).toEqual({
    code: 6,
    err: expect.stringContaining(
      `poe: ${host} does not speak HTTP\n     Check the address: another program may listen there.\n`,
    ),
  });
});

test('a proxy that speaks SOCKS is named as what poe does not speak, and its password is not', async () => {
  const {shell} = await withProcess();
  const way = 'POE_BASE_URL=https://poe.invalid HTTPS_PROXY= ALL_PROXY=socks5://me:my-password@127.0.0.1:9';
  expect(await shell(`${way} node ${bin} whoami`)).toMatchObject({
    code: 6,
    err:
      'poe: Unsupported proxy protocol: socks5:\n' +
      '     Use an http: or https: proxy. Correct HTTPS_PROXY, or bypass the proxy with: NO_PROXY=poe.invalid\n',
  });
});

test('a proxy that never answers is waited for no longer than --timeout allows, and poe ends then', async () => {
  const proxy = createServer((socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  const {shell} = await withProcess();
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const way = `POE_BASE_URL=https://poe.invalid HTTPS_PROXY=${address}`;
  const {code, err} = await shell(`${way} node ${bin} whoami --timeout 1`);
  expect({code, err}).toEqual({
    code: 6,
    err: 'poe: No data from poe.invalid for 1 second\n     Try again, or allow more time with --timeout <seconds>.\n',
  });
});

test('an https site is reached through the proxy of HTTPS_PROXY, and not where NO_PROXY forbids it', async () => {
  const asked: string[] = [];
  const proxy = createServer((socket) => {
    socket.once('data', (data) => {
      asked.push(data.toString().split('\r\n')[0] ?? '');
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  const {shell} = await withProcess();
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const send = `POE_BASE_URL=https://poe.invalid HTTPS_PROXY=${address} node ${bin} whoami`;
  const {code, err} = await shell(send);
  expect({code, asked: asked[0]}).toEqual({code: 6, asked: 'CONNECT poe.invalid:443 HTTP/1.1'});
  expect(err).toContain(
    `poe.invalid (through the proxy ${new URL(address).host}) could not be reached: the proxy refused the connection`,
  );
  const before = asked.length;
  expect((await shell(`NO_PROXY=poe.invalid ${send}`)).err).toContain('DNS');
  expect(asked).toHaveLength(before);
});

test('the program answers to the name poe-cli too', async () => {
  const {sandbox, configDir} = await withSandbox();
  const name = join(temporaryFolder(), 'poe-cli');
  symlinkSync(resolve('bin/poe.js'), name);
  const env = {PATH: process.env.PATH, ...sandbox.env, POE_CONFIG_DIR: configDir};
  const out = await new Promise((answer) => {
    execFile(process.execPath, [name, 'count to 2', '-b', 'Sandbox-Count'], {env}, (_error, stdout) =>
      answer(stdout),
    ).stdin?.end();
  });
  expect(out).toBe('1 2\n');
});
