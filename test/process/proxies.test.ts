import {createServer} from 'node:https';
import {readFileSync} from 'node:fs';
import {request as httpRequest} from 'node:http';
import {expect, test} from 'vitest';
import {connectProxy, listen, localhostPem} from '../support/servers/proxy-server.js';
import {withProgram} from '../support/program.js';
import {socksProxy} from '../support/servers/socks-proxy.js';

/** A sandbox whose API is behind TLS, and the program with a key for it. */
async function withSecureApi() {
  const program = await withProgram();
  const {apiUrl, apiKey} = program.sandbox;
  const pem = readFileSync(localhostPem);
  const server = createServer({key: pem, cert: pem}, (incoming, outgoing) => {
    const {method, headers, url = '/'} = incoming;
    const forwarded = httpRequest(new URL(url, apiUrl), {method, headers}, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(forwarded);
  });
  const port = await listen(server);
  const send = (proxy: string, more: Record<string, string> = {}) =>
    program.runProgram(['send', '--via', 'api', '-b', 'Sandbox-Echo', 'hello'], {
      POE_API_URL: `https://localhost:${port}`,
      POE_API_KEY: apiKey,
      NODE_EXTRA_CA_CERTS: localhostPem,
      HTTPS_PROXY: proxy,
      ...more,
    });
  return {port, send};
}

const received = {code: 0, out: 'hello\n', err: ''};

test('a message is sent through a proxy that speaks HTTP or HTTPS, with a login', async () => {
  const {port, send} = await withSecureApi();
  const plain = await connectProxy();
  expect(await send(`user:p%40ss@${plain.host}`)).toEqual(received);
  const secure = await connectProxy({tls: true});
  expect(await send(`https://user:p%40ss@${secure.host}`)).toEqual(received);
  for (const {targets, headers} of [plain, secure]) {
    expect(new Set(targets)).toEqual(new Set([`localhost:${port}`]));
    expect(new Set(headers.map((header) => header['proxy-authorization']))).toEqual(
      new Set([`Basic ${Buffer.from('user:p@ss').toString('base64')}`]),
    );
  }
});

test.each([
  ['socks5h', 'user:p%40ss', {version: 5, host: 'localhost', login: 'user:p@ss'}],
  [
    'socks5',
    'user:p%40ss',
    {version: 5, host: expect.stringMatching(/^(?:127\.0\.0\.1|0{4}:.*1)$/), login: 'user:p@ss'},
  ],
  ['socks5h', '', {version: 5, host: 'localhost'}],
  ['socks5h', 'user', {version: 5, host: 'localhost', login: 'user:'}],
  ['socks', '', {version: 5, host: 'localhost'}],
  ['socks4a', 'user', {version: 4, host: 'localhost', login: 'user'}],
  ['socks4', '', {version: 4, host: '127.0.0.1'}],
])('a message is sent through %s://%s', async (protocol, login, request) => {
  const {port, send} = await withSecureApi();
  const isVersion5 = request.version === 5;
  const proxy = await socksProxy({forwardTo: port, ...(isVersion5 && 'login' in request && {login: request.login})});
  expect(await send(`${protocol}://${login && `${login}@`}${proxy.host}`)).toEqual(received);
  for (const made of proxy.requests) expect(made).toEqual({...request, port});
});

test('no debug output contains the password of a proxy', async () => {
  const {port, send} = await withSecureApi();
  const http = await connectProxy();
  const socks = await socksProxy({login: 'user:my-password', forwardTo: port});
  const debug = {DEBUG: '*', NODE_DEBUG: 'http,https,net,tls,agent'};
  for (const proxy of [`http://user:my-password@${http.host}`, `socks5h://user:my-password@${socks.host}`]) {
    const {code, out, err} = await send(proxy, debug);
    expect({code, out}).toEqual({code: 0, out: 'hello\n'});
    expect(err).not.toContain('my-password');
  }
});
