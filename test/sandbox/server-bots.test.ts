import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {type Bot, updateSettings} from '../../src/bot-server/serve-bot.js';
import type {SiteVersion} from '../../src/sandbox/server/server.js';
import {accessKey, serving} from '../bot-server/serve.js';
import {withSandbox} from '../support/harness.js';

/* Bots in the sandbox whose replies another server writes. */

async function withServerBot(reply: Bot['reply'], site: SiteVersion = '2026-08') {
  const {server, failures} = await serving(reply);
  const sandboxed = await withSandbox({site});
  expect(sandboxed.sandbox.addServerBot('Mine', {url: server.url, key: accessKey})).toBe(true);
  return {...sandboxed, server, failures};
}

const withMemory: Bot['reply'] = async function* ({messages}) {
  yield {type: 'replace_response', text: 'Thinking…'};
  yield {type: 'replace_response', text: messages.map(({role, content}) => `${role}: ${content}`).join('\n')};
  yield {type: 'suggested_reply', text: 'More'};
};

test.each<SiteVersion>(['2026-08', '2025-03'])(
  'poe send gets the reply of a server, on site version %s',
  async (site) => {
    const {run} = await withServerBot(withMemory, site);
    expect(await run('send', '-b', 'Mine', 'one')).toMatchObject({code: 0, out: 'user: one\n'});
    const {out} = await run('send', '-c', 'last', 'two', '--json');
    expect(JSON.parse(out)).toMatchObject({
      text: 'user: one\nbot: user: one\nuser: two',
      state: 'complete',
      suggestedReplies: ['More'],
    });
  },
);

test('with an API key, a server is asked as well', async () => {
  const {runWith, sandbox} = await withServerBot(withMemory);
  const env = {POE_API_KEY: sandbox.apiKey, POE_VIA: 'api'};
  expect(await runWith({env}, 'send', '-b', 'Mine', 'one')).toMatchObject({code: 0, out: 'user: one\n'});
});

test('an error of a server is an error of the bot', async () => {
  const {run, runWith, sandbox, server, failures} = await withServerBot(async () => {
    throw new Error('broken');
  });
  const failed = await run('send', '-b', 'Mine', 'one');
  expect(failed).toMatchObject({code: 1, err: expect.stringContaining('The bot encountered an unexpected issue.')});
  expect(failures.map(String)).toEqual(['Error: broken']);
  await server.close();
  const env = {POE_API_KEY: sandbox.apiKey, POE_VIA: 'api'};
  const unreachable = `The server of the bot cannot be reached at ${server.url}`;
  expect((await run('send', '-b', 'Mine', 'one')).err).toContain(unreachable);
  expect((await runWith({env}, 'send', '-b', 'Mine', 'one')).err).toContain(unreachable);
  sandbox.addServerBot('Elsewhere', {url: 'https://bot.example/', key: null});
  expect((await run('send', '-b', 'Elsewhere', 'one')).err).toContain('asks only servers on this machine');
});

test('Ctrl+C during a reply stops the server that writes it', async () => {
  const stop = new AbortController();
  let stopped = () => {};
  const seen = new Promise<void>((resolve) => (stopped = resolve));
  const {runWith} = await withServerBot(async function* (_query, {signal}) {
    signal.addEventListener('abort', stopped);
    yield 'Wait';
    await new Promise(() => {});
  });
  const onOut = (text: string) => text.includes('Wait') && stop.abort();
  const {code} = await runWith({signal: stop.signal, onOut}, 'send', '--stream-json', '-b', 'Mine', 'one');
  expect(code).toBe(130);
  await seen;
});

test('a bot that was pushed is asked at its server, and its settings are updated', async () => {
  const {server} = await serving(async ({message}) => `You wrote ${message.content}`);
  const {runWith, run, sandbox, configDir} = await withSandbox();
  const folder = join(configDir, 'mine');
  mkdirSync(folder);
  const settings = `handle: MyServer\ncategory: api\nserver_url: ${server.url}\naccess_key_env: MY_KEY\n`;
  writeFileSync(join(folder, 'bot.yaml'), settings);
  writeFileSync(join(folder, 'tests.yaml'), 'cases: [{prompt: Hi, contains: You wrote Hi}]');
  const pushed = await runWith({env: {MY_KEY: accessKey}}, 'bot', 'push', folder, '--yes');
  expect(pushed).toMatchObject({code: 0});
  expect((await run('send', '-b', 'MyServer', 'Hi')).out).toBe('You wrote Hi\n');
  expect(await run('bot', 'test', folder)).toMatchObject({
    code: 0,
    err: expect.stringContaining('Testing MyServer on Poe.'),
  });
  await updateSettings('MyServer', {introductionMessage: 'Welcome'}, {accessKey, apiUrl: sandbox.apiUrl});
  expect((await run('bot-info', 'MyServer')).out).toContain('Welcome');
  const wrong = updateSettings('MyServer', {}, {accessKey: 'x'.repeat(32), apiUrl: sandbox.apiUrl});
  await expect(wrong).rejects.toMatchObject({code: 'refused'});
});
