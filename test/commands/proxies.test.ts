import {createServer} from 'node:net';
import {expect, test} from 'vitest';
import {openSocket} from '../../src/core/web/live/socket.js';
import {runMain, temporaryFolder} from '../support/harness.js';
import {connectProxy, listen, stubProxies} from '../support/proxy-server.js';

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

test('a refused login is told apart from a missing one, and neither prints the password', async () => {
  const proxy = await connectProxy({status: 407});
  stubProxies({HTTPS_PROXY: `http://${proxy.host}`});
  expect((await whoami()).err).toBe(
    `poe: The proxy ${proxy.host} does not connect to poe.invalid:443 (HTTP 407)\n` +
      '     It requires a login. ' +
      'Set HTTPS_PROXY=http://<user>:<password>@<host>:<port>, or bypass the proxy with: NO_PROXY=poe.invalid\n',
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

test('the error names a proxy that cannot be reached, and how to do without it', async () => {
  stubProxies({HTTPS_PROXY: 'http://user:my-password@127.0.0.1:9'});
  expect((await whoami()).err).toBe(
    'poe: The proxy 127.0.0.1:9 refused the connection\n' +
      '     Check that it is running and that no firewall blocks it. ' +
      'Correct HTTPS_PROXY, or bypass the proxy with: NO_PROXY=poe.invalid\n',
  );
});

test('a proxy that hangs up or speaks another protocol is named', async () => {
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

test('the live channel reports a refusal by the proxy in the same way', async () => {
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
