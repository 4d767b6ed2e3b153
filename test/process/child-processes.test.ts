import {execFile, execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync, writeFileSync} from 'node:fs';
import {createServer as createHttpServer, request as httpRequest} from 'node:http';
import {createServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import process from 'node:process';
import {expect, onTestFinished, test, vi} from 'vitest';
import {openSocket} from '../../src/core/web/live/socket.js';
import {clientId} from '../../src/sandbox/api/sign-in.js';
import {operationsOf, temporaryFolder, withSandbox} from '../support/harness.js';
import {onTerminal} from '../support/pseudo-terminal.js';

/* What the process shows of itself to other users, and what it takes from its environment. The real program. */

async function withProcess(pace?: number) {
  const {sandbox, configDir} = await withSandbox({pace});
  const env = {PATH: process.env.PATH, HOME: temporaryFolder(), ...sandbox.env, POE_CONFIG_DIR: configDir};
  const run = (words: string[], more: Record<string, string | undefined> = {}) =>
    new Promise<{code: number | null; out: string; err: string}>((resolve) => {
      const child = execFile(process.execPath, ['bin/poe.js', ...words], {env: {...env, ...more}}, (_error, out, err) =>
        resolve({code: child.exitCode, out, err}),
      );
      child.stdin?.end();
    });
  return {sandbox, env, run};
}

test('the list of processes does not show the tokens on the command line while a reply comes in', async () => {
  const {sandbox, env} = await withProcess(0.2);
  const {pB, pLat} = sandbox.tokens;
  const secrets = ['--p-b', pB, '--p-lat', pLat, `--formkey=${sandbox.formKey}`];
  const words = ['bin/poe.js', 'send', '-q', '-b', 'Sandbox-Slow', 'hello', ...secrets];
  const child = spawn(process.execPath, words, {
    env: {...env, POE_P_B: undefined, POE_P_LAT: undefined, POE_FORMKEY: undefined},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const listed = execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(child.pid)], {encoding: 'utf8'});
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(listed.trim()).toBe('poe');
});

test('nor does it show cookies of Cloudflare that a login is given, and it is said that others can see them', async () => {
  const {sandbox, env} = await withProcess();
  sandbox.faults.respondAlways({path: '/'}, 'silence');
  const secrets = ['--cf-clearance', 'MARKclearanceKRAM', '--cf-bm=MARKbmKRAM'];
  const child = spawn(process.execPath, ['bin/poe.js', 'login', ...secrets], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [noted]: Buffer[] = await once(child.stderr, 'data');
  const listed = execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(child.pid)], {encoding: 'utf8'});
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(listed.trim()).toBe('poe');
  expect(String(noted)).toBe(
    'Other users of this machine can see what --cf-clearance, --cf-bm on the command line was given. Better: poe login.\n',
  );
});

test('pager, editor and browser are given no secret, neither as an argument nor in the environment', async () => {
  const folder = temporaryFolder();
  const env = {PATH: `${folder}:${process.env.PATH}`, PAGER: 'program', EDITOR: 'program', SEEN: join(folder, 'seen')};
  const script = `#!${process.execPath}
    const {argv: [, name, ...words], env} = process;
    require('node:fs').appendFileSync(env.SEEN, JSON.stringify({name, words, env}) + '\\n');
    if (words[0]?.startsWith('http')) fetch(words[0]);
    else if (!process.stdin.isTTY) process.stdin.resume();`;
  for (const name of ['program', 'xdg-open', 'open']) writeFileSync(join(folder, name), script, {mode: 0o700});
  const secrets = {
    POE_API_KEY: 'MARKapi-keyKRAM',
    POE_CF_CLEARANCE: 'MARKclearanceKRAM',
    POE_CF_BM: 'MARKbmKRAM',
    POE_VIA: 'web',
    POE_CLIENT_ID: clientId,
  };
  const runs = [
    await onTerminal('node bin/poe.js history --all', {rows: 6, env: {...env, ...secrets}}),
    await onTerminal('node bin/poe.js chat -q', {
      env: {...env, ...secrets},
      when: [
        [/\w · new chat/, ({type}) => type('/edit\r')],
        [() => /message\.md/.test(readFileSync(env.SEEN, 'utf8')), ({type}) => type('\u0004')],
      ],
    }),
    await onTerminal('node bin/poe.js login --api-key', {env: {...env, ...secrets, POE_API_KEY: ''}}),
  ];
  const seen = readFileSync(env.SEEN, 'utf8');
  expect(seen.match(/"name":"[^"]+"/g)).toEqual(
    ['program', 'program', 'xdg-open'].map((name) => `"name":"${join(folder, name)}"`),
  );
  expect(seen.replaceAll(/client_id=\w+/g, '')).not.toMatch(/MARK|KRAM|POE_/);
  for (const {sandbox} of runs)
    for (const secret of [sandbox.tokens.pB, sandbox.tokens.pLat, sandbox.formKey]) expect(seen).not.toContain(secret);
});

test('a certificate that nobody vouches for is refused, also where Node is told to take any', async () => {
  let requests = 0;
  const pem = readFileSync('test/fixtures/untrusted-localhost.pem', 'utf8');
  const server = createServer({key: pem, cert: pem}, (_request, response) => {
    requests++;
    response.end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const {port} = server.address() as AddressInfo;
  const {run, sandbox} = await withProcess();
  const url = `https://localhost:${port}`;
  const lax = {NODE_TLS_REJECT_UNAUTHORIZED: '0', NO_PROXY: '*'};
  const toSite = await run(['send', 'hello'], {...lax, POE_BASE_URL: url});
  const byKey = {...lax, POE_API_KEY: 'key'};
  const toApi = await run(['send', '--via', 'api', 'hello'], {...byKey, POE_API_URL: url});
  const fetched = await run(['send', '-b', 'Sandbox-Count', 'hello', '-f', `${url}/file`], lax);
  const file = ['-f', 'test/fixtures/tag-vectors.json'];
  const uploaded = await run(['send', '-b', 'Sandbox-Count', 'hello', ...file], {...byKey, POE_UPLOAD_URL: url});
  for (const {code, out, err} of [toSite, toApi, fetched, uploaded]) {
    expect({code, out}).toEqual({code: 6, out: ''});
    expect(err).toMatch(/an untrusted certificate \(TLS: /);
  }
  expect(requests).toBe(0);
  expect(operationsOf(sandbox).filter((name) => /^send/i.test(name))).toEqual([]);
});

test('the library verifies certificates too, whatever the program around it has told Node', async () => {
  const pem = readFileSync('test/fixtures/untrusted-localhost.pem', 'utf8');
  let requests = 0;
  const server = createServer({key: pem, cert: pem}, (_request, response) => {
    requests++;
    response.end('{}');
  });
  server.on('upgrade', (_request, socket) => {
    requests++;
    socket.destroy();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  const script = `
    import {connect, connectWithKey} from './dist/lib/index.js';
    const told = async (work) => console.log(await work().then(() => 'done', ({code}) => code));
    await told(async () => (await connect({baseUrl: 'https://${host}', pB: 'b', pLat: 'l'})).account.settings());
    await told(async () => (await connectWithKey({apiUrl: 'https://${host}', apiKey: 'key'})).account.balance());
    const findings = (await connect({baseUrl: 'https://${host}', pB: 'b', pLat: 'l'})).diagnose();
    for await (const {layer, state} of findings) if (layer === 'TLS') console.log(state);`;
  const env = {PATH: process.env.PATH, NODE_TLS_REJECT_UNAUTHORIZED: '0', NO_PROXY: '*'};
  const out = await new Promise((resolve) =>
    execFile(process.execPath, ['--input-type=module', '-e', script], {env}, (_error, stdout) => resolve(stdout)),
  );
  expect({out, requests}).toEqual({out: 'network\nnetwork\nfailed\n', requests: 0});
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  onTestFinished(() => void vi.unstubAllEnvs());
  const options = {origin: 'x', userAgent: 'x', timeoutMs: 5000, onFrame: () => {}, onClose: () => {}};
  await expect(openSocket(new URL(`wss://${host}/`), options)).rejects.toThrow('an untrusted certificate');
  expect(requests).toBe(0);
});

test('the live channel of a site with TLS has TLS too, and its certificate has to be its own', async () => {
  const {run, sandbox} = await withProcess();
  const pem = readFileSync('test/fixtures/untrusted-localhost.pem', 'utf8');
  const there = new URL(sandbox.url);
  // The sandbox behind TLS, with a certificate for this host alone, and not for those below it where the channel is.
  const server = createServer({key: pem, cert: pem}, (asked, answered) => {
    const headers = {...asked.headers, host: there.host, origin: there.origin, referer: there.href};
    const options = {method: asked.method ?? 'GET', headers};
    const passed = httpRequest(new URL(asked.url ?? '/', there), options, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      answer.on('end', () => {
        const here = body.replaceAll(`localhost:${there.port}`, `localhost:${port}`);
        answered.writeHead(answer.statusCode ?? 500).end(here);
      });
    });
    asked.pipe(passed);
  });
  let upgrades = 0;
  server.on('upgrade', (_request, socket) => {
    upgrades++;
    socket.destroy();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const {port} = server.address() as AddressInfo;
  const env = {
    POE_BASE_URL: `https://localhost:${port}`,
    POE_FORMKEY: sandbox.formKey,
    NODE_EXTRA_CA_CERTS: 'test/fixtures/untrusted-localhost.pem',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    NO_PROXY: '*',
  };
  expect((await run(['whoami'], env)).code).toBe(0);
  const {code, out, err} = await run(['send', '-b', 'Sandbox-Count', 'hello'], env);
  expect({code, out, upgrades}).toEqual({code: 6, out: '', upgrades: 0});
  expect(err).toMatch(/tch\d+\.tch\.localhost:\d+ has a certificate for another host/);
});

test('a file that is fetched with TLS does not come without it in the end', async () => {
  const {run} = await withProcess();
  const pem = readFileSync('test/fixtures/untrusted-localhost.pem', 'utf8');
  let plain = 0;
  const insecure = createHttpServer((_request, response) => {
    plain++;
    response.end('changed on the way');
  });
  await once(insecure.listen(0, '127.0.0.1'), 'listening');
  const server = createServer({key: pem, cert: pem}, ({url}, response) => {
    if (url === '/file.txt') response.end('whole');
    else response.writeHead(302, {Location: url === '/further' ? '/file.txt' : there}).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
    insecure.close();
  });
  const there = `http://localhost:${(insecure.address() as AddressInfo).port}/file.txt`;
  const address = `https://localhost:${(server.address() as AddressInfo).port}`;
  const env = {NODE_EXTRA_CA_CERTS: 'test/fixtures/untrusted-localhost.pem', NO_PROXY: '*'};
  const send = (path: string) => run(['send', '-b', 'Sandbox-Files', 'hello', '-f', `${address}${path}`], env);
  expect((await send('/further')).out).toContain('file.txt, text/plain, 5');
  const {code, err} = await send('/down');
  expect({code, plain}).toEqual({code: 2, plain: 0});
  expect(err).toContain('redirects to an address that is not allowed');
});

test('that other users can see tokens on the command line is said once, in a chat too', async () => {
  const typed = '--p-b "$POE_P_B" --p-lat "$POE_P_LAT"';
  const {bytes} = await onTerminal(`node bin/poe.js chat -b Sandbox-Count ${typed}`, {
    cols: 300,
    when: [
      [/\w · new chat/, ({type}) => type('/whoami\r')],
      [/Logged in as[^]*\n> *\n/, ({type}) => type('/settings\r')],
      [/Point limit[^]*\n> *\n/, ({type}) => type('\u0004')],
    ],
  });
  expect(bytes.match(/Other users of this machine can see/g)).toHaveLength(1);
});

test('an address without TLS is taken on this machine only, for the site and for the API', async () => {
  const {run} = await withProcess();
  for (const address of ['http://poe.com', 'http://192.0.2.1:8080', 'http://localhost.evil.example', 'ftp://poe.com']) {
    const site = await run(['send', 'hello'], {POE_BASE_URL: address});
    const api = await run(['send', '--via', 'api', 'hello'], {POE_API_URL: address, POE_API_KEY: 'key'});
    expect({address, codes: [site.code, api.code]}).toEqual({address, codes: [2, 2]});
    expect(site.err).toContain('is not a secure address for the session');
    expect(api.err).toContain('is not a secure address for the API key');
  }
});

test.each(['ulimit -f 0', 'chmod 500 "$POE_CONFIG_DIR"'])(
  'a reply comes in where nothing can be kept: %s',
  async (limit) => {
    const {env} = await withProcess();
    const script = `${limit}; node bin/poe.js send -b Sandbox-Count 'count to 3'`;
    const ended = await new Promise<{code: number | null; out: string; err: string}>((resolve) => {
      const child = execFile('bash', ['-c', script], {env}, (_error, out, err) =>
        resolve({code: child.exitCode, out, err}),
      );
      child.stdin?.end();
    });
    expect(ended).toEqual({code: 0, out: '1 2 3\n', err: ''});
  },
);

test('over the API, too, and it is said that the chat could not be kept', async () => {
  const {env, sandbox} = await withProcess();
  const byKey = {...env, POE_P_B: '', POE_P_LAT: '', POE_API_KEY: sandbox.apiKey};
  const script = `ulimit -f 0; node bin/poe.js send -b Sandbox-Count 'count to 3'`;
  const ended = await new Promise<{code: number | null; out: string; err: string}>((resolve) => {
    const child = execFile('bash', ['-c', script], {env: byKey}, (_error, out, err) =>
      resolve({code: child.exitCode, out, err}),
    );
    child.stdin?.end();
  });
  expect(ended).toEqual({
    code: 1,
    out: '1 2 3\n',
    err: expect.stringMatching(/^poe: The local chats could not be read or written \(EFBIG\)\n.*room on the disk/),
  });
});

test('two processes that send at once each get their reply, and last is one of the chats', async () => {
  const {run, sandbox} = await withProcess(0.1);
  const counts = [7, 8, 9];
  const ended = await Promise.all(counts.map((count) => run(['send', '-b', 'Sandbox-Count', `count to ${count}`])));
  expect(ended.map(({code, out, err}) => ({code, last: out.trim().split(' ').at(-1), err}))).toEqual(
    counts.map((count) => ({code: 0, last: String(count), err: ''})),
  );
  expect(operationsOf(sandbox).filter((name) => /^send/i.test(name))).toHaveLength(3);
  expect((await run(['attach', 'last'])).code).toBe(0);
});
