import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {expect, onTestFinished, test} from 'vitest';
import {fetchImage} from '../../src/core/files/receive/fetch-image.js';
import {isHostedByPoe} from '../../src/core/files/receive/hosted-by-poe.js';

const poe = ['https://poe.com', 'https://api.poe.com'];
const isHosted = (url: string, homes = poe) => isHostedByPoe(new URL(url), homes);

test.each([
  ['https://pfst.cf2.poecdn.net/base/image/0f?w=1024&h=768', true],
  ['https://poecdn.net/a.png', true],
  ['https://poe.com/a.png', true],
  ['http://pfst.cf2.poecdn.net/a.png', false],
  ['https://pfst.cf2.poecdn.net:8443/a.png', false],
  ['https://poecdn.net.example/a.png', false],
  ['https://evilpoecdn.net/a.png', false],
  ['https://poecdn.net@evil.example/a.png', false],
  ['https://example.com/?https://poecdn.net/a.png', false],
  ['http://127.0.0.1/a.png', false],
  ['http://localhost:8080/a.png', false],
  ['https://169.254.169.254/latest', false],
  ['https://[::1]/a.png', false],
  ['file:///etc/passwd', false],
  ['data:image/png;base64,AAAA', false],
])('with poe.com, an image at %s is downloaded: %s', (url, expected) => {
  expect(isHosted(url)).toBe(expected);
});

test('if Poe is simulated on this machine, its server is the only one', () => {
  const homes = ['http://127.0.0.1:4000'];
  expect(isHosted('http://127.0.0.1:4000/a.png', homes)).toBe(true);
  expect(isHosted('http://localhost:4000/a.png', homes)).toBe(true);
  expect(isHosted('http://127.0.0.1:4001/a.png', homes)).toBe(false);
  expect(isHosted('https://pfst.cf2.poecdn.net/a.png', homes)).toBe(false);
});

test('a redirect to another server is not followed', async () => {
  const seen: string[] = [];
  const other = await serve((url) => (seen.push(url), {status: 200}));
  const home = await serve(() => ({status: 302, location: `${other}/a.png?secret`}));
  const options = {homes: [home], timeoutMs: 5000, signal: new AbortController().signal, log: () => {}};
  await expect(fetchImage(`${home}/a.png`, options)).rejects.toMatchObject({code: 'file'});
  expect(seen).toEqual([]);
  expect(await fetchImage(`${other}/a.png`, options)).toBeUndefined();
  expect(seen).toEqual([]);
});

async function serve(answer: (url: string) => {status: number; location?: string}): Promise<string> {
  const server = createServer((request, response) => {
    const {status, location} = answer(request.url ?? '');
    response.writeHead(status, location === undefined ? {} : {Location: location}).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
