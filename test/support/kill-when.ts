import {spawn} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';
import {expect} from 'vitest';

/** Runs the real program and kills it, as nothing can be done against, once something is so. */
export async function killedOnce(
  isSo: () => boolean,
  words: readonly string[],
  env: Record<string, string | undefined>,
): Promise<void> {
  const child = spawn(process.execPath, ['bin/poe.js', ...words], {env, stdio: ['ignore', 'pipe', 'inherit']});
  child.stdout.resume();
  await expect.poll(isSo, {timeout: 20_000}).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'close');
}
