import {createServer} from 'node:http';
import {expect, onTestFinished, test} from 'vitest';
import {downloadPublicFile, isPublicAddress, isPublicUrl} from '../../src/core/files/receive/public-file.js';
import {listen} from '../support/servers/proxy-server.js';

test('only addresses of the internet are public', () => {
  const isPublic = (text: string) => text.split(' ').map(isPublicAddress);
  expect(isPublic('1.1.1.1 151.101.1.69 172.15.0.1 2606:4700::1111')).toEqual(Array(4).fill(true));
  const own = '127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255';
  expect(isPublic(own)).toEqual(Array(9).fill(false));
  const six = '::1 :: fe80::1 fd00::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 2002:7f00:1:: ff02::1 localhost';
  expect(isPublic(six)).toEqual(Array(10).fill(false));
});

test('a file is not downloaded from this machine or over http', async () => {
  const urls = [
    'https://127.0.0.1/x',
    'https://localhost/x',
    'https://a.localhost/x',
    'https://[::1]/x',
    'http://1.1.1.1/x',
  ];
  const odd = ['https://2130706433/x', 'https://0x7f.1/x', 'https://10.0.0.1:8443/x', 'file:///etc/passwd'];
  for (const url of [...urls, ...odd]) expect(await isPublicUrl(new URL(url)), url).toBe(false);
});

test('every redirect of a file is checked', async () => {
  const seen: string[] = [];
  const server = createServer(({url = ''}, response) => {
    seen.push(url);
    if (url === '/file.txt') response.end('content');
    else response.writeHead(302, {Location: url === '/inside' ? 'http://127.0.0.1:1/secret' : '/file.txt'}).end();
  });
  onTestFinished(() => void server.close());
  const origin = `http://127.0.0.1:${await listen(server)}`;
  const download = (path: string) =>
    downloadPublicFile(new URL(path, origin), {
      timeoutMs: 5_000,
      signal: new AbortController().signal,
      log() {},
      isAllowed: async (url) => url.origin === origin,
    });
  const {name, content} = await download('/moved');
  expect([name, Buffer.from(content).toString()]).toEqual(['file.txt', 'content']);
  await expect(download('/inside')).rejects.toThrow('only https: URLs of public servers are downloaded');
  expect(seen).toEqual(['/moved', '/file.txt', '/inside']);
});
