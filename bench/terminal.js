import {spawn} from '@lydell/node-pty';
import {readFileSync, rmSync} from 'node:fs';
import process from 'node:process';
import {probe, programEnv, temporary} from './process.js';

/**
 * Runs Node once with these arguments on a pseudo-terminal.
 * @param {string[]} argv
 * @param {{env?: Record<string, string>, keys?: [seen: RegExp, keys: string | ((child: IPty) => void)][], isProbed?: boolean}} [options]
 *   keys to press, or what else to do, when the output since the previous keys matches
 * @returns {Promise<{wallMs: number, seenMs: number[], cpuMs: number, bytes: number, text: string}>} `seenMs`: the
 *   times of the matches; `bytes`: the length of the output
 * @throws Error if the program fails
 */
export function onTerminal(argv, {env = {}, keys = [], isProbed = false} = {}) {
  const report = temporary('probe.json');
  rmSync(report, {force: true});
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...(isProbed ? ['--require', probe] : []), ...argv], {
    cols: 80,
    rows: 24,
    env: {TERM: 'xterm-256color', ...programEnv(report), ...env},
  });
  const waiting = [...keys];
  const seenMs = [];
  let text = '';
  let sinceKey = '';
  child.onData((data) => {
    text += data;
    sinceKey += data;
    const [next] = waiting;
    if (!next || !next[0].test(sinceKey)) return;
    seenMs.push(performance.now() - startedAt);
    waiting.shift();
    sinceKey = '';
    if (typeof next[1] === 'string') child.write(next[1]);
    else next[1](child);
  });
  return new Promise((resolve, reject) => {
    child.onExit(({exitCode}) => {
      const wallMs = performance.now() - startedAt;
      if (exitCode !== 0 || waiting.length > 0) {
        reject(new Error(`node ${argv.join(' ')} exited with ${exitCode}, waiting for ${waiting[0]?.[0]}: ${text}`));
        return;
      }
      const cpuMs = isProbed ? JSON.parse(readFileSync(report, 'utf8')).cpuMs : 0;
      resolve({wallMs, seenMs, cpuMs, bytes: Buffer.byteLength(text), text});
    });
  });
}
