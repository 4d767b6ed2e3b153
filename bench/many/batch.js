import {existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {startSandbox} from '../../dist/lib/sandbox.js';
import {bin, ratio} from '../figures.js';
import {alternate, measure, temporary} from '../process.js';

/* Many prompts with one command, against the sandbox, whose bots are as fast as the fast ones on Poe. */

const many = Number(process.env.POE_BENCH_PROMPTS ?? 10_000);
const few = 100;
/** poe's default. */
const concurrency = 8;
const bare = new URL('../probes/bare-batch.js', import.meta.url).pathname;

/** A file with this many prompts. */
function promptFile(count) {
  const path = temporary(`prompts-${count}.jsonl`);
  const rows = Array.from({length: count}, (_, index) => JSON.stringify({id: `p${index}`, prompt: `Prompt ${index}`}));
  writeFileSync(path, `${rows.join('\n')}\n`);
  return path;
}

/** Sends prompts with a new sandbox. Fails unless each prompt has a result. */
async function run(count, argvOf) {
  const sandbox = await startSandbox();
  const results = temporary('results.jsonl');
  for (const path of [results, `${results}.started`]) rmSync(path, {force: true});
  const env = {POE_API_KEY: sandbox.apiKey, POE_API_URL: sandbox.apiUrl};
  try {
    const measured = await measure(argvOf({prompts: promptFile(count), results}), {env, isProbed: true});
    const lines = existsSync(results) ? readFileSync(results, 'utf8').trimEnd().split('\n').length : 0;
    if (lines !== count) throw new Error(`${lines} of ${count} prompts have a result`);
    return measured;
  } finally {
    await sandbox.close();
  }
}

const poe = (count) =>
  run(count, ({prompts, results}) => [
    bin, 'batch', prompts, '-b', 'Sandbox-Echo', '-o', results, '--concurrency', String(concurrency), '-q',
  ]); // prettier-ignore

export async function batch() {
  const small = (await alternate({memory: async () => (await poe(few)).rssMiB}, 2)).memory.min;
  const [memory, cpu, bareCpu] = [[], [], []];
  const wall = await alternate(
    {
      bare: async () => {
        const measured = await run(many, ({prompts, results}) => [bare, prompts, results, String(concurrency)]);
        bareCpu.push(measured.cpuMs);
        return measured.wallMs;
      },
      poe: async () => {
        const measured = await poe(many);
        memory.push(measured.rssMiB);
        cpu.push(measured.cpuMs);
        return measured.wallMs;
      },
    },
    1,
  );
  const large = Math.min(...memory);
  const rate = (ms) => `${((many / ms) * 1000).toFixed(0)} a second`;
  const label = `poe batch, ${many.toLocaleString('en-US')} prompts`;
  return [
    {
      label: `${label}: time vs. a minimal client with the same concurrency`,
      figure: ratio(wall.poe.min, wall.bare.min),
      goal: '1.25',
      values: `${rate(wall.poe.min)} / ${rate(wall.bare.min)}`,
    },
    {
      label: `${label}: CPU vs. a minimal client`,
      figure: ratio(Math.min(...cpu), Math.min(...bareCpu)),
      goal: '',
      values: `${(Math.min(...cpu) / many).toFixed(2)} / ${(Math.min(...bareCpu) / many).toFixed(2)} ms for each prompt`,
    },
    {
      label: `${label}: memory vs. ${few} prompts`,
      figure: ratio(large, small),
      goal: '1.2',
      values: `${large.toFixed(0)} / ${small.toFixed(0)} MiB`,
    },
  ];
}
