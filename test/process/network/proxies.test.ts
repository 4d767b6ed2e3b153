import {expect, test} from 'vitest';
import {connectProxy} from '../../support/servers/proxy-server.js';
import {socksProxy} from '../../support/servers/socks-proxy.js';
import {withTlsApi} from '../../support/servers/tls-api.js';

/** The program, which sends a message to an API behind TLS through a proxy. */
async function withSecureApi() {
  const {program, port, keyEnv} = await withTlsApi();
  const send = (proxy: string, more: Record<string, string> = {}) =>
    program.runProgram(['send', '--via', 'api', '-b', 'Sandbox-Echo', 'hello'], {
      ...keyEnv,
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
