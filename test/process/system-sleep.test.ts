import {spawn} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';
import {expect, test} from 'vitest';
import {cuttingProxy} from '../support/cutting-proxy.js';
import {sendsOf, temporaryFolder, withSandbox} from '../support/harness.js';

/* A lid is closed in mid-reply and opened later: the program stands still, and its connections are dead when it goes on. */

const dead = [
  ['cut while it stood still', (proxy: Awaited<ReturnType<typeof cuttingProxy>>) => proxy.cutAll()],
  ['mute from then on', (proxy: Awaited<ReturnType<typeof cuttingProxy>>) => proxy.mute()],
] as const;

test.for(dead)('a reply arrives whole after a sleep, with its connections %s', async ([, kill]) => {
  const {sandbox, configDir} = await withSandbox({pace: 0.1});
  const proxy = await cuttingProxy(sandbox.url);
  const env = {PATH: process.env.PATH, HOME: temporaryFolder(), ...sandbox.env, POE_CONFIG_DIR: configDir};
  const words = ['bin/poe.js', 'send', '--timeout', '1', '-b', 'Sandbox-Slow', 'hello'];
  const child = spawn(process.execPath, words, {
    env: {...env, POE_BASE_URL: proxy.url},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  await expect.poll(() => out, {timeout: 20_000}).toMatch(/One word a/);
  child.kill('SIGSTOP');
  kill(proxy);
  // The bot takes longer for all of it than the silence that is allowed.
  await expect.poll(() => sandbox.world.chats[0]?.messages.at(-1)?.state, {timeout: 20_000}).toBe('complete');
  child.kill('SIGCONT');
  const [code] = await once(child, 'close');
  expect({code, err}).toEqual({code: 0, err: ''});
  expect(out.trimEnd().split(' ')).toHaveLength(30);
  expect(sendsOf(sandbox)).toBe(1);
});
