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
import {operationsOf, temporaryFolder} from '../support/harness.js';
import {withProgram} from '../support/program.js';
import {onTerminal} from '../support/terminal/pseudo-terminal.js';

/* What the process shows to other users, and what it accepts from its environment. */

test('ps does not show tokens from the command line during a reply', async () => {
  const {sandbox, env} = await withProgram({pace: 0.2});
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

test('ps does not show Cloudflare cookies from the command line of a login, which prints a warning', async () => {
  const {sandbox, env} = await withProgram();
  sandbox.faults.respondAlways({path: '/'}, 'silence');
  const secrets = ['--cf-clearance', 'MARKclearanceKRAM', '--cf-bm=MARKbmKRAM'];
  const child = spawn(process.execPath, ['bin/poe.js', 'login', ...secrets], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [warning]: Buffer[] = await once(child.stderr, 'data');
  const listed = execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(child.pid)], {encoding: 'utf8'});
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(listed.trim()).toBe('poe');
  expect(String(warning)).toBe(
    'Other users of this machine can see the values of --cf-clearance, --cf-bm. It is safer to use poe login.\n',
  );
});

test('pager, editor and browser receive no secrets in arguments or environment', async () => {
  const folder = temporaryFolder();
  const env = {PATH: `${folder}:${process.env.PATH}`, PAGER: 'program', EDITOR: 'program', SEEN: join(folder, 'seen')};
  const script = `#!${process.execPath}
    const {argv: [, name, ...words], env} = process;
    require('node:fs').appendFileSync(env.SEEN, JSON.stringify({name, words, env}) + '\\n');
    if (process.stdout.isTTY) console.log('program was here');
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
        // What is typed while the editor has the terminal can be lost.
        [/program was here[^]*\w · new chat/, ({type}) => type('\u0004')],
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

test('an untrusted certificate is rejected, even with NODE_TLS_REJECT_UNAUTHORIZED=0', async () => {
  let requests = 0;
  const pem = readFileSync('test/fixtures/untrusted-localhost.pem', 'utf8');
  const server = createServer({key: pem, cert: pem}, (_request, response) => {
    requests++;
    response.end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const {port} = server.address() as AddressInfo;
  const {runProgram: run, sandbox} = await withProgram();
  const url = `https://localhost:${port}`;
  const insecure = {NODE_TLS_REJECT_UNAUTHORIZED: '0', NO_PROXY: '*'};
  const toSite = await run(['send', 'hello'], {...insecure, POE_BASE_URL: url});
  const byKey = {...insecure, POE_API_KEY: 'key'};
  const toApi = await run(['send', '--via', 'api', 'hello'], {...byKey, POE_API_URL: url});
  const fetched = await run(['send', '-b', 'Sandbox-Count', 'hello', '-f', `${url}/file`], insecure);
  const file = ['-f', 'test/fixtures/tag-vectors.json'];
  const uploaded = await run(['send', '-b', 'Sandbox-Count', 'hello', ...file], {...byKey, POE_UPLOAD_URL: url});
  for (const {code, out, err} of [toSite, toApi, fetched, uploaded]) {
    expect({code, out}).toEqual({code: 6, out: ''});
    expect(err).toMatch(/an untrusted certificate \(TLS: /);
  }
  expect(requests).toBe(0);
  expect(operationsOf(sandbox).filter((name) => /^send/i.test(name))).toEqual([]);
});

test('the library rejects untrusted certificates, whatever Node is configured to do', async () => {
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
    const report = async (work) => console.log(await work().then(() => 'done', ({code}) => code));
    await report(async () => (await connect({baseUrl: 'https://${host}', pB: 'b', pLat: 'l'})).account.settings());
    await report(async () => (await connectWithKey({apiUrl: 'https://${host}', apiKey: 'key'})).account.balance());
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

test('the live channel of an https site uses TLS, and its certificate must match its host', async () => {
  const {runProgram: run, sandbox} = await withProgram();
  const pem = readFileSync('test/fixtures/untrusted-localhost.pem', 'utf8');
  const target = new URL(sandbox.url);
  // The sandbox behind TLS, with a certificate for localhost only. The channel is on a subdomain.
  const server = createServer({key: pem, cert: pem}, (incoming, outgoing) => {
    const headers = {...incoming.headers, host: target.host, origin: target.origin, referer: target.href};
    const options = {method: incoming.method ?? 'GET', headers};
    const forwarded = httpRequest(new URL(incoming.url ?? '/', target), options, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      answer.on('end', () => {
        const rewritten = body.replaceAll(`localhost:${target.port}`, `localhost:${port}`);
        outgoing.writeHead(answer.statusCode ?? 500).end(rewritten);
      });
    });
    incoming.pipe(forwarded);
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

test('a file URL with https must not redirect to http', async () => {
  const {runProgram: run} = await withProgram();
  const pem = readFileSync('test/fixtures/untrusted-localhost.pem', 'utf8');
  let insecureRequests = 0;
  const insecure = createHttpServer((_request, response) => {
    insecureRequests++;
    response.end('manipulated');
  });
  await once(insecure.listen(0, '127.0.0.1'), 'listening');
  const server = createServer({key: pem, cert: pem}, ({url}, response) => {
    if (url === '/file.txt') response.end('whole');
    else response.writeHead(302, {Location: url === '/further' ? '/file.txt' : httpUrl}).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
    insecure.close();
  });
  const httpUrl = `http://localhost:${(insecure.address() as AddressInfo).port}/file.txt`;
  const address = `https://localhost:${(server.address() as AddressInfo).port}`;
  const env = {NODE_EXTRA_CA_CERTS: 'test/fixtures/untrusted-localhost.pem', NO_PROXY: '*'};
  const send = (path: string) => run(['send', '-b', 'Sandbox-Files', 'hello', '-f', `${address}${path}`], env);
  expect((await send('/further')).out).toContain('file.txt, text/plain, 5');
  const {code, err} = await send('/down');
  expect({code, insecureRequests}).toEqual({code: 2, insecureRequests: 0});
  expect(err).toContain('redirects to a URL that is not allowed');
});

test('the warning about tokens on the command line is printed once, also in a chat', async () => {
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

test('a URL without TLS is accepted only on this machine, for the site and the API', async () => {
  const {runProgram: run} = await withProgram();
  for (const address of ['http://poe.com', 'http://192.0.2.1:8080', 'http://localhost.evil.example', 'ftp://poe.com']) {
    const site = await run(['send', 'hello'], {POE_BASE_URL: address});
    const api = await run(['send', '--via', 'api', 'hello'], {POE_API_URL: address, POE_API_KEY: 'key'});
    expect({address, codes: [site.code, api.code]}).toEqual({address, codes: [2, 2]});
    expect(site.err).toContain('is not a secure URL for the session');
    expect(api.err).toContain('is not a secure URL for the API key');
  }
});

test.each(['ulimit -f 0', 'chmod 500 "$POE_CONFIG_DIR"'])(
  'a reply arrives even if nothing can be stored: %s',
  async (limit) => {
    const {shell} = await withProgram();
    const script = `${limit}; node bin/poe.js send -b Sandbox-Count 'count to 3'`;
    const {code, out} = await shell(script);
    expect({code, out}).toEqual({code: 0, out: '1 2 3\n'});
  },
);

test('two processes that send at the same time each receive their reply', async () => {
  const {runProgram: run, sandbox} = await withProgram({pace: 0.1});
  const counts = [7, 8, 9];
  const ended = await Promise.all(counts.map((count) => run(['send', '-b', 'Sandbox-Count', `count to ${count}`])));
  expect(ended.map(({code, out, err}) => ({code, last: out.trim().split(' ').at(-1), err}))).toEqual(
    counts.map((count) => ({code: 0, last: String(count), err: ''})),
  );
  expect(operationsOf(sandbox).filter((name) => /^send/i.test(name))).toHaveLength(3);
  expect((await run(['attach', 'last'])).code).toBe(0);
});
