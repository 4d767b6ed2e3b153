import {get} from 'node:http';
import {readdirSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {withKey} from '../support/with-key.js';
import {serving} from './support.js';

test('the status of running servers is shown, without those that have ended', async () => {
  const {addToken, fetchJson, run, configDir, url, stop} = await serving();
  const token = await addToken('editor', '--budget', '2000/day');
  await addToken('idle');
  const body = {model: 'claude-sonnet-4.6', messages: [{role: 'user', content: 'Hello'}]};
  expect((await fetchJson('/v1/chat/completions', {token, body})).status).toBe(200);
  const folder = join(configDir, 'serve', 'default');
  const file = readdirSync(folder).find((name) => name.startsWith('running-')) ?? '';
  expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  // Of a process that was killed, and of one whose port another server has by now.
  const stale = {pid: 2 ** 22 + 1, url, id: 'ab', key: 'some-key'};
  writeFileSync(join(folder, 'running-4194305-ab.json'), JSON.stringify(stale));
  writeFileSync(join(folder, `running-${process.pid}-cd.json`), JSON.stringify({...stale, pid: process.pid, id: 'cd'}));
  const {out} = await run('serve', 'status', '--json');
  const status = JSON.parse(out);
  expect(status).toEqual({
    url,
    via: 'api',
    startedTime: expect.stringMatching(/^\d{4}-/),
    requests: {active: 0, total: 1},
    points: {today: expect.any(Number)},
    clients: [
      {
        name: 'editor',
        requests: {active: 0, total: 1},
        lastTime: expect.stringMatching(/^\d{4}-/),
        budget: {limit: 2000, period: 'day'},
        points: {today: status.points.today},
      },
      {name: 'idle', requests: {active: 0, total: 0}, lastTime: null, budget: null, points: {today: 0}},
    ],
    pid: process.pid,
    page: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\?key=[\da-f]{32}$/),
  });
  expect(status.points.today).toBeGreaterThan(0);
  expect(readdirSync(folder).filter((name) => name.startsWith('running-'))).toEqual([file]);
  await stop();
  expect(await run('serve', 'status')).toEqual({
    code: 0,
    out: '',
    err: 'No server is running. Start one with: poe serve\n',
  });
});

test('programs can ask with HEAD whether the server runs', async () => {
  const {url} = await serving();
  const [head, other] = await Promise.all(['HEAD', 'DELETE'].map((method) => fetch(new URL('/health', url), {method})));
  expect([head?.status, await head?.text()]).toEqual([200, '']);
  expect([other?.status, other?.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

test('the page shows clients and points only with its key, and can load, run and send nothing', async () => {
  const {addToken, request, run} = await serving();
  const token = await addToken('editor');
  await request('/v1/models', {token});
  const {page} = JSON.parse((await run('serve', 'status', '--json')).out) as {page: string};
  const shown = await fetch(page);
  const html = await shown.text();
  expect(html).toContain('<td>editor</td>');
  expect(html).not.toContain(token);
  expect(html).not.toMatch(/<script|https?:\/\/(?!127\.0\.0\.1)|<(?:img|link|iframe|form)\b| style=| on\w+=/);
  const policy = shown.headers.get('content-security-policy') ?? '';
  const [, nonce] = /^default-src 'none'; style-src 'nonce-([^']+)'; frame-ancestors 'none'/.exec(policy) ?? [];
  expect(html).toContain(`<style nonce="${nonce}">`);
  expect(shown.headers.get('referrer-policy')).toBe('no-referrer');
  for (const path of ['/', '/?key=', '/?key=wrong', `/?key=${token}`]) {
    const locked = await (await request(path)).text();
    expect(locked).toContain('The server is running.');
    expect(locked).not.toContain('editor');
  }
  expect((await request('/status', {token})).status).toBe(401);
});

test.each([
  [['--listen', '203.0.113.9'], 'This machine has no address "203.0.113.9"'],
  [['--listen', 'no-such-host.invalid'], 'This machine has no address "no-such-host.invalid"'],
  [['--origin', 'app.example'], 'Expected the scheme, the host and the port of a page, such as https://app.example.'],
  [['--port', '99999'], 'Expected a port number from 0 to 65535.'],
])('poe serve %j is an error', async (flags, message) => {
  const {run} = await withKey();
  expect(await run('serve', ...flags)).toMatchObject({code: 2, out: '', err: expect.stringContaining(message)});
});

test('on other addresses a warning is printed, and requests for its IP addresses and the allowed names are answered', async () => {
  const {url, log} = await serving({}, '--listen', '0.0.0.0', '--allow-host', 'host.docker.internal');
  expect(log()).toContain('Warning: other machines can connect.');
  const statusFor = (host: string) =>
    new Promise((resolve) => {
      get(`${url}/health`, {headers: {Host: host}}, (response) => resolve(response.resume().statusCode));
    });
  const hosts = ['192.168.1.2', 'host.docker.internal:80', 'evil.example'];
  expect(await Promise.all(hosts.map(statusFor))).toEqual([200, 200, 421]);
});
