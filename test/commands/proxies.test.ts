import {createServer} from 'node:net';
import {expect, test} from 'vitest';
import {openSocket} from '../../src/core/web/live/socket.js';
import {runMain, temporaryFolder} from '../support/harness.js';
import {socksProxy} from '../support/servers/socks-proxy.js';
import {connectProxy, listen, stubProxies} from '../support/servers/proxy-server.js';

const tokens = {POE_P_B: 'b', POE_P_LAT: 'l'};

const whoami = () =>
  runMain(['whoami', '--timeout', '5'], {
    env: {...tokens, POE_BASE_URL: 'https://poe.invalid', POE_CONFIG_DIR: temporaryFolder()},
  });

test('the error after a refusal names the requested host and the status of the proxy', async () => {
  const proxy = await connectProxy({status: 403});
  stubProxies({HTTPS_PROXY: proxy.host});
  expect(await whoami()).toEqual({
    code: 6,
    out: '',
    err:
      `poe: The proxy ${proxy.host} does not connect to poe.invalid:443 (HTTP 403)\n` +
      '     Correct HTTPS_PROXY, or bypass the proxy with: NO_PROXY=poe.invalid\n',
  });
  expect(proxy.targets).toEqual(['poe.invalid:443']);
});

test('a refused proxy login and a missing one have different errors, without the password', async () => {
  const proxy = await connectProxy({status: 407});
  stubProxies({HTTPS_PROXY: `http://${proxy.host}`});
  expect((await whoami()).err).toBe(
    `poe: The proxy ${proxy.host} does not connect to poe.invalid:443 (HTTP 407)\n` +
      '     It requires a login. ' +
      'Put the user name and the password into HTTPS_PROXY (<user>:<password>@<host>), ' +
      'or bypass the proxy with: NO_PROXY=poe.invalid\n',
  );
  stubProxies({HTTPS_PROXY: `http://user:my-password@${proxy.host}`});
  expect((await whoami()).err).toBe(
    `poe: The proxy ${proxy.host} does not connect to poe.invalid:443 (HTTP 407)\n` +
      '     It rejects the user name or the password. ' +
      'Correct HTTPS_PROXY, or bypass the proxy with: NO_PROXY=poe.invalid\n',
  );
});

test.each([
  ['us%40er:p%3Aass', 'us@er:p:ass'],
  ['user', 'user:'],
  ['user:', 'user:'],
  [':pass', ':pass'],
  ['user:50%', 'user:50%'],
  ['us%C3%A9r:p%25', 'usér:p%'],
])('the proxy receives the credentials %s', async (typed, received) => {
  const proxy = await connectProxy({status: 403});
  stubProxies({HTTPS_PROXY: `http://${typed}@${proxy.host}`});
  await whoami();
  const [scheme, credentials = ''] = proxy.headers[0]?.['proxy-authorization']?.split(' ') ?? [];
  expect([scheme, Buffer.from(credentials, 'base64').toString()]).toEqual(['Basic', received]);
});

test('the error names a proxy that cannot be reached, and explains how to bypass it', async () => {
  stubProxies({HTTPS_PROXY: 'http://user:my-password@127.0.0.1:9'});
  expect((await whoami()).err).toBe(
    'poe: The proxy 127.0.0.1:9 refused the connection\n' +
      '     Check that it is running and that no firewall blocks it. ' +
      'Correct HTTPS_PROXY, or bypass the proxy with: NO_PROXY=poe.invalid\n',
  );
});

test('the error names a proxy that closes the connection or speaks another protocol', async () => {
  const silent = await listen(createServer((client) => void client.end()));
  stubProxies({HTTPS_PROXY: `127.0.0.1:${silent}`});
  expect((await whoami()).err).toContain(`poe: The proxy 127.0.0.1:${silent} closed the connection\n`);
  const other = await listen(createServer((client) => void client.end('220 mail.example ESMTP\r\n')));
  stubProxies({HTTPS_PROXY: `127.0.0.1:${other}`});
  expect((await whoami()).err).toContain(`poe: The proxy 127.0.0.1:${other} does not speak HTTP\n`);
});

test.each([
  ['http://user:pa#ss@proxy.example:3128', 'The proxy setting is not a valid URL'],
  ['http://:80', 'The proxy setting is not a valid URL'],
  ['ftp://proxy.example', 'Unsupported proxy protocol: ftp:'],
])('the proxy setting %s is reported as an error, without the password', async (setting, message) => {
  stubProxies({HTTPS_PROXY: setting});
  const {code, err} = await whoami();
  expect({code, err}).toEqual({code: 6, err: expect.stringContaining(`poe: ${message}\n`)});
  expect(err).toContain('Correct HTTPS_PROXY, or bypass the proxy with: NO_PROXY=poe.invalid\n');
  expect(err).not.toContain('pa#ss');
});

test.each([
  [{reply: 4}, 'SOCKS: host unreachable', 'Correct HTTPS_PROXY, or bypass the proxy with: NO_PROXY=poe.invalid'],
  [{reply: 2}, 'SOCKS: not allowed', 'Correct HTTPS_PROXY, or bypass the proxy with: NO_PROXY=poe.invalid'],
  [{login: 'a:b'}, 'SOCKS: login failed', 'It requires a login. Put the user name and the password into HTTPS_PROXY'],
])('the refusal of a SOCKS proxy is reported: %j', async (options, status, hint) => {
  const proxy = await socksProxy(options);
  stubProxies({ALL_PROXY: `socks5h://${proxy.host}`});
  const {code, err} = await whoami();
  expect({code, err}).toEqual({code: 6, err: expect.stringContaining(hint)});
  expect(err).toContain(`poe: The proxy ${proxy.host} does not connect to poe.invalid:443 (${status})\n`);
});

test('a SOCKS proxy that rejects the login, closes the connection or speaks HTTP is reported without the password', async () => {
  const proxy = await socksProxy({login: 'user:other'});
  const silent = await listen(createServer((client) => void client.end()));
  const http = await listen(createServer((client) => void client.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
  const messages = [
    [proxy.host, `does not connect to poe.invalid:443 (SOCKS: login failed)`],
    [`127.0.0.1:${silent}`, 'closed the connection'],
    [`127.0.0.1:${http}`, 'does not connect to poe.invalid:443 (it does not speak SOCKS)'],
    ['127.0.0.1:9', 'refused the connection'],
  ];
  for (const [host, message] of messages) {
    stubProxies({ALL_PROXY: `socks5h://user:my-password@${host}`});
    const {code, err} = await whoami();
    expect({code, err}).toEqual({code: 6, err: expect.stringContaining(`poe: The proxy ${host} ${message}\n`)});
    expect(err).not.toContain('my-password');
  }
});

test('with socks5: this machine looks up the host, with socks5h: the proxy does', async () => {
  const proxy = await socksProxy({reply: 4});
  stubProxies({ALL_PROXY: `socks5://${proxy.host}`});
  expect((await whoami()).err).toContain('poe: poe.invalid could not be resolved (DNS');
  expect(proxy.requests).toEqual([]);
  stubProxies({ALL_PROXY: `socks5h://${proxy.host}`});
  await whoami();
  expect(proxy.requests).toEqual([{version: 5, host: 'poe.invalid', port: 443}]);
});

test('the live channel reports a refusal by the proxy, too', async () => {
  const proxy = await connectProxy({status: 502});
  stubProxies({HTTPS_PROXY: proxy.host});
  const options = {origin: 'x', userAgent: 'x', timeoutMs: 5000, onFrame: () => {}, onClose: () => {}};
  const attempt = openSocket(new URL('wss://tch1.tch.poe.invalid/up'), options);
  await expect(attempt).rejects.toMatchObject({
    code: 'network',
    message: `The proxy ${proxy.host} does not connect to tch1.tch.poe.invalid:443 (HTTP 502)`,
    facts: {remedy: 'fix_proxy', host: 'tch1.tch.poe.invalid'},
  });
});

test('sending is tried again if the proxy closes the connection before it connects to Poe', async () => {
  const attempts: string[] = [];
  const proxy = await listen(
    createServer((client) => {
      client.once('data', (data) => {
        attempts.push(data.toString().split('\r\n')[0] ?? '');
        client.destroy();
      });
      client.on('error', () => {});
    }),
  );
  stubProxies({HTTPS_PROXY: `127.0.0.1:${proxy}`});
  const env = {POE_API_KEY: 'key', POE_API_URL: 'https://poe.invalid', POE_CONFIG_DIR: temporaryFolder()};
  const {code, err} = await runMain(['send', '--protocol', 'openai', '-b', 'x', 'hello'], {env});
  expect({code, err}).toEqual({
    code: 6,
    err: expect.stringContaining(`poe: The proxy 127.0.0.1:${proxy} closed the connection\n`),
  });
  expect(new Set(attempts)).toEqual(new Set(['CONNECT poe.invalid:443 HTTP/1.1']));
  expect(attempts.length).toBeGreaterThan(1);
});
