import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';

/** The measurements of one run of a program. `firstMs` is the time until its first output. @typedef {{wallMs: number, firstMs: number, cpuMs: number, rssMiB: number}} Measurement */

/** Loaded into a program to measure its CPU time and memory. */
export const probe = fileURLToPath(new URL('probes/probe.cjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'poe-bench-'));
process.on('exit', () => rmSync(folder, {recursive: true, force: true}));

/** A path in a folder that is deleted when the bench ends. */
export const temporary = (name) => join(folder, name);

/** The environment of a measured program. @param {string} report the file to which the probe writes */
export const programEnv = (report) => ({
  PATH: process.env.PATH,
  HOME: folder,
  POE_CONFIG_DIR: temporary('config'),
  POE_BENCH_REPORT: report,
});

/**
 * Runs Node or another program once with these arguments.
 * @param {string[]} argv
 * @param {{env?: Record<string, string>, isProbed?: boolean, program?: string}} [options] `isProbed` measures CPU
 *   time and memory. The probe costs a little time, so both runs of a comparison need it
 * @returns {Promise<Measurement & {out: string}>}
 * @throws Error if the program fails
 */
export async function measure(argv, {env = {}, isProbed = false, program = process.execPath} = {}) {
  const report = temporary('probe.json');
  const started = performance.now();
  const child = spawn(program, [...(isProbed ? ['--require', probe] : []), ...argv], {
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
  if (code !== 0) throw new Error(`${program} ${argv.join(' ')} exited with ${code}: ${err}`);
  const used = isProbed ? JSON.parse(readFileSync(report, 'utf8')) : {cpuMs: 0, rssMiB: 0};
  return {wallMs, firstMs, ...used, out};
}

/**
 * Runs several programs alternately, so that disturbances affect all of them. The environment variable `POE_BENCH_ROUNDS`
 * overrides the number of rounds: one shows that the programs run. @returns the minimum and median of each
 * @template {string} K
 * @param {Record<K, () => Promise<number>>} programs
 * @returns {Promise<Record<K, {min: number, median: number}>>}
 */
export async function alternate(programs, rounds) {
  const figuresByName = new Map(Object.keys(programs).map((name) => [name, []]));
  for (let round = 0; round <= Number(process.env.POE_BENCH_ROUNDS ?? rounds); round += 1) {
    for (const [name, run] of Object.entries(programs)) {
      const figure = await run();
      // The first round fills the caches of the system.
      if (round > 0) figuresByName.get(name).push(figure);
    }
  }
  return Object.fromEntries(
    [...figuresByName].map(([name, figures]) => {
      const sorted = figures.toSorted((one, other) => one - other);
      return [name, {min: sorted[0], median: sorted[Math.floor(sorted.length / 2)]}];
    }),
  );
}
