import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {connect} from '../src/index.js';
import {cuttingProxy} from './cutting-proxy.js';
import {operationsOf, withSandbox} from './harness.js';

/* What becomes of a message whose send nobody answered. */

const sendsOf = (sandbox: Parameters<typeof operationsOf>[0]) =>
  operationsOf(sandbox).filter((name) => name === 'SendMessageMutation').length;

test('with neither answer nor echo, the message is found on Poe, in a new chat and in a given one', async () => {
  const {sandbox} = await withSandbox();
  const proxy = await cuttingProxy(sandbox.url);
  const poe = await connect({...sandbox.tokens, formKey: sandbox.formKey, baseUrl: proxy.url, timeoutMs: 2_000});
  onTestFinished(() => poe.close());
  proxy.mute();
  sandbox.faults.loseAnswerOnce('sendMessage', 'drop');
  const first = await (await poe.send('count to 6', {bot: 'Sandbox-Count'})).whole();
  expect(first).toMatchObject({text: '1 2 3 4 5 6', state: 'complete', bot: 'Sandbox-Count'});
  sandbox.faults.loseAnswerOnce('sendMessage', 'drop');
  const next = await (await poe.send('count to 3', {chat: first.chat})).whole();
  expect(next).toMatchObject({text: '1 2 3', chat: {chatId: first.chat.chatId}});
  expect(sendsOf(sandbox)).toBe(2);
});

test('when poe dies right after the send of a new chat, attach last finds the chat and the reply', async () => {
  const {sandbox, run, runWith, configDir} = await withSandbox();
  sandbox.faults.loseAnswerOnce('sendMessage', 'silence');
  const stop = new AbortController();
  const dying = runWith({signal: stop.signal}, 'send', '-b', 'Sandbox-Count', 'count to 6');
  await expect.poll(() => sendsOf(sandbox)).toBe(1);
  const file = join(configDir, 'config.json');
  const kept = readFileSync(file, 'utf8');
  expect(JSON.parse(kept)).toMatchObject({
    profiles: {default: {sendings: [{chatId: null, bot: 'Sandbox-Count', site: sandbox.url}]}},
  });
  expect(kept).not.toContain('count to 6');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await run('attach', 'last')).toEqual({code: 0, out: '1 2 3 4 5 6\n', err: ''});
  expect(readFileSync(file, 'utf8')).not.toContain('sendings');
  expect(sendsOf(sandbox)).toBe(1);
  stop.abort();
  await dying;
});

test('a message that did not arrive is told of once, and last is the chat before it', async () => {
  const {sandbox, run} = await withSandbox();
  await run('send', '-b', 'Sandbox-Count', 'count to 2');
  sandbox.faults.respondOnce({operation: 'sendMessage'}, 'drop');
  expect((await run('send', '-b', 'Sandbox-Count', 'count to 6')).code).toBe(6);
  const {code, out, err} = await run('attach', 'last');
  expect({code, out}).toEqual({code: 0, out: '1 2\n'});
  expect(err).toMatch(/The message to Sandbox-Count of \S+, which poe lost sight of, is not on Poe/);
  expect(await run('attach', 'last')).toEqual({code: 0, out: '1 2\n', err: ''});
});

test('a message that Poe refused leaves nothing behind', async () => {
  const {run} = await withSandbox();
  await run('send', '-b', 'Sandbox-Count', 'count to 2');
  expect((await run('send', '-b', 'Sandbox-Broke', 'count to 6')).code).toBe(5);
  expect((await run('attach', 'last')).err).toBe('');
});
