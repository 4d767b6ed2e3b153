import {spawn} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';
import {expect, test} from 'vitest';
import {cuttingProxy} from '../../support/servers/cutting-proxy.js';
import {countSends, temporaryFolder, withSandbox} from '../../support/harness.js';
import {seconds} from '../../support/patience.js';

/* The machine sleeps during a reply: poe is stopped, and its connections are dead when it continues. */

const dead = [
  ['closed in the meantime', (proxy: Awaited<ReturnType<typeof cuttingProxy>>) => proxy.cutAll()],
  ['silent afterwards', (proxy: Awaited<ReturnType<typeof cuttingProxy>>) => proxy.mute()],
] as const;

test.for(dead)('a reply is complete after a sleep, with connections %s', async ([, kill]) => {
  const {sandbox, configDir} = await withSandbox({pace: 0.1});
  const proxy = await cuttingProxy(sandbox.url);
  const env = {PATH: process.env.PATH, HOME: temporaryFolder(), ...sandbox.env, POE_CONFIG_DIR: configDir};
  const words = ['bin/poe.js', 'send', '--timeout', seconds(1), '-b', 'Sandbox-Slow', 'hello'];
  const child = spawn(process.execPath, words, {
    env: {...env, POE_BASE_URL: proxy.url},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  await expect.poll(() => out).toMatch(/One word a/);
  child.kill('SIGSTOP');
  kill(proxy);
  // Longer than --timeout.
  await expect.poll(() => sandbox.world.chats[0]?.messages.at(-1)?.state).toBe('complete');
  child.kill('SIGCONT');
  const [code] = await once(child, 'close');
  expect({code, err}).toEqual({code: 0, err: ''});
  expect(out.trimEnd().split(' ')).toHaveLength(30);
  expect(countSends(sandbox)).toBe(1);
});
