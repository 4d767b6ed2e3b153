import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';

/** What one run of a program took; `firstMs` until it wrote something. @typedef {{wallMs: number, firstMs: number, cpuMs: number, rssMiB: number}} Taken */

/** Loaded into a program whose CPU and memory are wanted. */
export const probe = new URL('probe.js', import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), 'poe-bench-'));
process.on('exit', () => rmSync(folder, {recursive: true, force: true}));

/** A folder that goes when the bench ends. */
export const temporary = (name) => join(folder, name);

/** The bare environment of a program that is measured. @param {string} report where the probe writes what it has used */
export const programEnv = (report) => ({
  PATH: process.env.PATH,
  HOME: folder,
  POE_CONFIG_DIR: temporary('config'),
  POE_BENCH_REPORT: report,
});

/**
 * Runs node, or another program, with these arguments once.
 * @param {string[]} argv
 * @param {{env?: Record<string, string>, isProbed?: boolean, program?: string}} [options] where CPU and memory are wanted, a probe is loaded
 *   first, which costs a little time: ask for it in both runs that are compared
 * @returns {Promise<Taken & {out: string}>}
 * @throws Error when the program fails: a figure of a failure is none
 */
export async function taken(argv, {env = {}, isProbed = false, program = process.execPath} = {}) {
  const report = temporary('probe.json');
  const started = performance.now();
  const child = spawn(program, [...(isProbed ? ['--import', probe] : []), ...argv], {
    env: {...programEnv(report), ...env},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  let firstMs = Infinity;
  child.stdout.on('data', (chunk) => {
    firstMs = Math.min(firstMs, performance.now() - started);
    out += chunk;
  });
  child.stderr.on('data', (chunk) => (err += chunk));
  const [code] = await once(child, 'close');
  const wallMs = performance.now() - started;
  if (code !== 0) throw new Error(`${program} ${argv.join(' ')} ended with ${code}: ${err}`);
  const used = isProbed ? JSON.parse(readFileSync(report, 'utf8')) : {cpuMs: 0, rssMiB: 0};
  return {wallMs, firstMs, ...used, out};
}

/**
 * Runs several programs in turn, so that what disturbs one disturbs all, and gives for each the least and the middle one.
 * @template {string} K
 * @param {Record<K, () => Promise<number>>} programs
 * @returns {Promise<Record<K, {least: number, middle: number}>>}
 */
export async function inTurn(programs, rounds) {
  const seen = new Map(Object.keys(programs).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, run] of Object.entries(programs)) {
      const figure = await run();
      // The first round warms the caches of the system.
      if (round > 0) seen.get(name).push(figure);
    }
  }
  return Object.fromEntries(
    [...seen].map(([name, figures]) => {
      const sorted = figures.toSorted((one, other) => one - other);
      return [name, {least: sorted[0], middle: sorted[Math.floor(sorted.length / 2)]}];
    }),
  );
}
