import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {expect, onTestFinished, test} from 'vitest';
import {connect} from '../../src/index.js';
import type {FaultResponse} from '../../src/sandbox/faults/faults.js';
import {findLeak, injectPayloads, replacementMark} from '../support/hostile-text.js';
import {runOnTerminal} from '../support/terminal/fake-terminal.js';
import {cuttingProxy} from '../support/servers/cutting-proxy.js';
import {operationName, operationsOf, countSends, withSandbox} from '../support/harness.js';
import {milliseconds, seconds} from '../support/patience.js';

/* What poe does differently on site version 2025-03, besides prices. */

const site = '2025-03';
const send = ['send', '-b', 'Sandbox-Count', 'count to 3'];
const sent = {code: 0, out: '1 2 3\n', err: ''};
const settings = {path: '/api/settings'} as const;

test('with a known form key, the channel is requested first, once, and the home page is not read', async () => {
  const {runWith, sandbox} = await withSandbox({site});
  expect(await runWith({env: {POE_FORMKEY: sandbox.formKey}}, ...send)).toEqual(sent);
  const names = operationsOf(sandbox);
  expect([names.indexOf('/api/settings'), names.lastIndexOf('/api/settings')]).toEqual([0, 0]);
  expect(names).not.toContain('/');
});

test('the channel comes from the settings, and the message is sent once the socket is open', async () => {
  const {run, sandbox} = await withSandbox({site});
  expect(await run(...send)).toEqual(sent);
  const names = operationsOf(sandbox);
  const order = ['/api/settings', operationName('subscribe', site), operationName('sendMessage', site)].map((name) =>
    names.indexOf(name),
  );
  expect(order).not.toContain(-1);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test('one channel serves several replies', async () => {
  const {sandbox} = await withSandbox({site});
  const poe = await connect({...sandbox.tokens, baseUrl: sandbox.url});
  onTestFinished(() => poe.close());
  const replies = await Promise.all([3, 4, 5].map((n) => poe.send(`count to ${n}`, {bot: 'Sandbox-Count'})));
  const texts = await Promise.all(replies.map(async (reply) => (await reply.result()).text));
  expect(texts).toEqual(['1 2 3', '1 2 3 4', '1 2 3 4 5']);
  for (const path of ['/api/settings', '/up/'])
    expect(sandbox.requests.filter((request) => request.path.startsWith(path))).toHaveLength(1);
});

test('HTTP 429 from the settings exits with 5 before the message is sent', async () => {
  const {run, sandbox} = await withSandbox({site});
  sandbox.faults.respondAlways(settings, {status: 429, headers: {'Retry-After': '90'}});
  expect(await run(...send)).toEqual({code: 5, out: '', err: expect.stringContaining('90 seconds')});
  expect(countSends(sandbox)).toBe(0);
});

test.each([
  ['HTTP 429', {status: 429, headers: {'Retry-After': '1'}}],
  ['HTTP 503', {status: 503}],
  ['a cut connection', 'drop'],
] as const satisfies [string, FaultResponse][])('one %s from the settings is retried', async (_name, fault) => {
  const {runWith, sandbox} = await withSandbox({site});
  sandbox.faults.respondOnce(settings, fault);
  expect(await runWith({env: {POE_FORMKEY: sandbox.formKey}}, ...send)).toEqual(sent);
  expect(countSends(sandbox)).toBe(1);
});

test('a redirect of the settings to another host is not followed', async () => {
  let calls = 0;
  const elsewhere = createServer((_request, response) => {
    calls++;
    response.end();
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void elsewhere.close());
  const {port} = elsewhere.address() as AddressInfo;
  const {run, sandbox} = await withSandbox({site});
  for (const status of [301, 302, 307, 308])
    sandbox.faults.respondOnce(settings, {status, headers: {Location: `http://127.0.0.1:${port}/`}});
  expect((await run(...send)).code).toBeGreaterThan(0);
  expect(calls).toBe(0);
});

test('a message rejected for its session is tried once more with the headers of 2026-08, then exits with 4', async () => {
  const {run, sandbox} = await withSandbox({site});
  sandbox.faults.respondAlways({operation: 'sendMessage'}, 'empty-400');
  expect(await run(...send)).toEqual({code: 4, out: '', err: expect.stringMatching(/p-b|form key/)});
  const sends = sandbox.requests.filter(({queryName}) => queryName === operationName('sendMessage', site));
  expect(sends.map(({status}) => status)).toEqual([400, 400]);
});

test('Ctrl-C cancels the reply, and attach prints what arrived', async () => {
  const {run, runWith, sandbox} = await withSandbox({site, pace: 0.2});
  const stop = new AbortController();
  const stopped = await runWith({signal: stop.signal, onOut: () => stop.abort()}, 'send', '-b', 'Sandbox-Slow', 'hi');
  expect(stopped).toMatchObject({code: 130, out: expect.stringMatching(/^One/)});
  expect(operationsOf(sandbox)).toContain(operationName('cancelJobs', site));
  expect((await run('attach', 'last')).out).toMatch(/^One/);
});

test('a message whose response and events are lost is found in its chat by its author and nonce', async () => {
  const {sandbox} = await withSandbox({site});
  const proxy = await cuttingProxy(sandbox.url);
  const poe = await connect({
    ...sandbox.tokens,
    formKey: sandbox.formKey,
    baseUrl: proxy.url,
    timeoutMs: milliseconds(1_000),
  });
  onTestFinished(() => poe.close());
  proxy.mute();
  sandbox.faults.loseResponseOnce('sendMessage', 'drop');
  const first = await (await poe.send('count to 6', {bot: 'Sandbox-Count'})).result();
  expect(first).toMatchObject({text: '1 2 3 4 5 6', state: 'complete'});
  sandbox.faults.loseResponseOnce('sendMessage', 'drop');
  const next = await (await poe.send('count to 3', {chat: first.chat})).result();
  expect(next).toMatchObject({text: '1 2 3', chat: {chatId: first.chat.chatId}});
  expect(countSends(sandbox)).toBe(2);
});

test('a message that is not found is reported once, and last is the chat before it', async () => {
  const {sandbox, run} = await withSandbox({site});
  await run('send', '-b', 'Sandbox-Count', 'count to 2');
  sandbox.faults.respondOnce({operation: 'sendMessage'}, 'drop');
  expect((await run('send', '--timeout', seconds(1), '-b', 'Sandbox-Count', 'count to 6')).code).toBe(7);
  expect(await run('attach', 'last')).toEqual({code: 0, out: '1 2\n', err: expect.stringContaining('Sandbox-Count')});
  expect(await run('attach', 'last')).toEqual({code: 0, out: '1 2\n', err: ''});
});

test('no control sequence from Poe reaches the terminal', async () => {
  const {sandbox, configDir} = await withSandbox({site});
  const inject = (json: string) => injectPayloads(json, /(?:text|title|statusMessage|displayName|description)$/i);
  const proxy = await cuttingProxy(sandbox.url, {
    rewrite: (body) => (body.startsWith('{"data"') ? inject(body) : body),
    rewriteFrame: (text) => [inject(text)],
  });
  const env = {...sandbox.env, POE_BASE_URL: proxy.url, POE_FORMKEY: sandbox.formKey, POE_CONFIG_DIR: configDir};
  const code = sandbox.world.chats[0]?.code ?? '';
  for (const argv of [
    ['retry', code],
    ['send', '-b', 'Sandbox-Count', 'hello'],
    ['send', '-b', 'Sandbox-Broke', 'hello'],
    ['explore', '-n', '5'],
  ]) {
    const {out, err} = await runOnTerminal(argv, {...env, PAGER: 'cat'});
    expect({argv, leak: findLeak(out) ?? findLeak(err)}).toEqual({argv, leak: undefined});
    expect(out + err).toMatch(replacementMark);
  }
});
