import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import type {AddressInfo} from 'node:net';
import {join, resolve} from 'node:path';
import process from 'node:process';
import {expect, onTestFinished, test} from 'vitest';
import {operationsOf, temporaryFolder} from '../support/harness.js';
import {runProgram, withProgram} from '../support/program.js';

/* Behavior that only bin/poe.js in its own process has. */

test('--version prints the version, alone or with other options', async () => {
  const {shell} = await withProgram();
  const {version}: {version: string} = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const words of ['--version', '-V', '--json -V', 'send --version']) {
    expect(await shell(`node bin/poe.js ${words}`)).toEqual({code: 0, out: `${version}\n`, err: ''});
  }
});

test('a clone that was not built says how to build it', async () => {
  const {shell} = await withProgram();
  const clone = temporaryFolder();
  const words = ['', ' --help', ' send hi'].map((each) => `node ${clone}/bin/poe.js${each}`).join('; ');
  const {out, err} = await shell(`cp -r bin package.json ${clone}; ${words}`);
  expect({out, err}).toEqual({out: '', err: 'poe: This clone is not built. Run: npm ci\n'.repeat(3)});
});

test('a current folder that was deleted is named as the reason', async () => {
  const {shell} = await withProgram();
  const gone = join(temporaryFolder(), 'gone');
  // A relative path, and a thread.
  for (const words of ['bot init x', '-q --sandbox whoami']) {
    const {code, err} = await shell(
      `bin=$PWD/bin; mkdir -p ${gone}; cd ${gone}; rmdir ${gone}; node $bin/poe.js ${words}`,
    );
    expect({code, err}).toEqual({
      code: 2,
      err: 'poe: The current folder does not exist any more\n     Change to another folder.\n',
    });
  }
});

test('poe -h prints the same page as poe help', async () => {
  const {shell} = await withProgram();
  const {out: page} = await shell(`node bin/poe.js help`);
  expect(page).toContain('More help: poe help <command>');
  for (const words of ['--help', '-h', '--json --help']) {
    expect(await shell(`node bin/poe.js ${words}`)).toEqual({code: 0, out: page, err: ''});
  }
});

test('help and version fail on a full disk, and end quietly if the reader has closed the pipe', async () => {
  const {shell} = await withProgram();
  for (const words of ['--version', '--help', 'help send']) {
    expect(await shell(`node bin/poe.js ${words} > /dev/full`)).toEqual({
      code: 1,
      out: '',
      err: 'poe: Could not write the output: no space left on the disk (ENOSPC)\n',
    });
    const withoutReader = `exec 3> >(true); wait $!; node bin/poe.js ${words} >&3`;
    expect(await shell(withoutReader)).toEqual({code: 0, out: '', err: ''});
  }
});

test('a pipe gets the exact text', async () => {
  const {shell} = await withProgram();
  expect(await shell(`printf 'a *b*\\n\\n  c' | node bin/poe.js -b Sandbox-Echo | cat`)).toEqual({
    code: 0,
    out: 'a *b*\n\n  c\n',
    err: '',
  });
});

test('poe ends quietly when the reader of a reply closes the pipe', async () => {
  const {shell, sandbox} = await withProgram();
  const {code, out, err} = await shell(`node bin/poe.js send -b Sandbox-Markdown hello | head -1`);
  expect({code, err}).toEqual({code: 0, err: ''});
  expect(out.split('\n')).toHaveLength(2);
  expect(sandbox.requests.map(({queryName}) => queryName)).not.toContain(
    'cancelViewerActiveJobs_cancelViewerActiveJobs_Mutation',
  );
});

test('poe ends quietly when the reader of a list closes the pipe', async () => {
  const {shell} = await withProgram();
  const {code, out, err} = await shell(`node bin/poe.js history --all | head -1`);
  expect({code, err, lines: out.split('\n').length}).toEqual({code: 0, err: '', lines: 2});
});

test('Ctrl-C cancels the reply on Poe, leaves its beginning on stdout, and exits with 130', async () => {
  const {env, sandbox} = await withProgram({pace: 0.2});
  const child = spawn(process.execPath, ['bin/poe.js', 'send', '-b', 'Sandbox-Slow', 'hello'], {
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

test('poe does not wait forever for a program that leaves stdin open', async () => {
  const {env} = await withProgram();
  const child = spawn(process.execPath, ['bin/poe.js', 'send', '-b', 'Sandbox-Count', 'count to 2'], {
    env,
    stdio: 'pipe',
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(out).toBe('1 2\n');
});

test('poe sandbox prints environment variables that a shell can source', async () => {
  const {env, ...rest} = await withProgram();
  expect(rest.sandbox.url).toMatch(/^http:/);
  const server = spawn(process.execPath, ['bin/poe.js', 'sandbox'], {
    env: {PATH: env.PATH, HOME: env.HOME},
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void server.kill());
  const [chunk]: Buffer[] = await once(server.stdout, 'data');
  const {shell} = await withProgram();
  const {code, out} = await shell(`${chunk?.toString()}\nnode bin/poe.js send -b gemini-2.0-flash '2x2?'`);
  expect(code).toBe(0);
  expect(out).toContain('4');
  server.kill('SIGINT');
  expect(await once(server, 'close')).toEqual([0, null]);
});

test('a URL with another kind of server is reported', async () => {
  const other = createServer((socket) => socket.on('error', () => {}).end('SSH-2.0-OpenSSH_9.7\r\n'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const {shell} = await withProgram();
  const host = `127.0.0.1:${(other.address() as AddressInfo).port}`;
  const {code, err} = await shell(`POE_BASE_URL=http://${host} node bin/poe.js whoami`);
  expect({code, err}).toEqual({
    code: 6,
    err: expect.stringContaining(
      `poe: ${host} does not speak HTTP\n     Check the URL: another program may be using that port.\n`,
    ),
  });
});

test('a proxy that never answers ends poe after --timeout', async () => {
  const proxy = createServer((socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  const {shell} = await withProgram();
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const settings = `POE_BASE_URL=https://poe.invalid HTTPS_PROXY=${address}`;
  const {code, err} = await shell(`${settings} node bin/poe.js whoami --timeout 1`);
  expect({code, err}).toEqual({
    code: 6,
    err: `poe: No data from poe.invalid (through the proxy ${address.slice(7)}) for 1 second\n     Try again, or allow more time with --timeout <seconds>.\n`,
  });
});

test('an https site is reached through HTTPS_PROXY, unless NO_PROXY excludes it', async () => {
  const requests: string[] = [];
  const proxy = createServer((socket) => {
    socket.once('data', (data) => {
      requests.push(data.toString().split('\r\n')[0] ?? '');
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  const {shell} = await withProgram();
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const send = `POE_BASE_URL=https://poe.invalid HTTPS_PROXY=${address} node bin/poe.js whoami`;
  const {code, err} = await shell(send);
  expect({code, request: requests[0]}).toEqual({code: 6, request: 'CONNECT poe.invalid:443 HTTP/1.1'});
  expect(err).toContain(`The proxy ${new URL(address).host} does not connect to poe.invalid:443 (HTTP 502)`);
  const before = requests.length;
  expect((await shell(`NO_PROXY=poe.invalid ${send}`)).err).toContain('DNS');
  expect(requests).toHaveLength(before);
});

test('the program is also named poe-cli', async () => {
  const {shell} = await withProgram();
  const name = join(temporaryFolder(), 'poe-cli');
  symlinkSync(resolve('bin/poe.js'), name);
  expect((await shell(`node ${name} 'count to 2' -b Sandbox-Count`)).out).toBe('1 2\n');
});

test('a version of Node.js that is too old is reported in one line, and nothing is sent', async () => {
  const {version}: {version: string} = JSON.parse(readFileSync('package.json', 'utf8'));
  const {engines}: {engines: {node: string}} = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(engines.node).toBe('>=20.19');
  const {env, sandbox} = await withProgram();
  const run = (node: string, ...words: string[]) => {
    const preload = join(temporaryFolder(), 'version.cjs');
    writeFileSync(
      preload,
      `Object.defineProperty(process, 'versions', {value: {...process.versions, node: '${node}'}});`,
    );
    return runProgram(words, env, ['--require', preload]);
  };
  for (const node of ['18.20.8', '20.18.3']) {
    expect(await run(node, 'send', '-b', 'Sandbox-Echo', 'hello')).toEqual({
      code: 1,
      out: '',
      err: `poe: Node.js ${node} is too old: poe requires 20.19 or newer (https://nodejs.org)\n`,
    });
  }
  expect(sandbox.requests).toEqual([]);
  expect((await run('18.20.8', '--version')).out).toBe(`${version}\n`);
  for (const node of ['20.19.0', '22.0.0']) {
    expect((await run(node, 'send', '-b', 'Sandbox-Echo', 'hello')).out).toBe('hello\n');
  }
});
