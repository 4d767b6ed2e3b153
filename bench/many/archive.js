import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {bin, ms, ratio} from '../figures.js';
import {alternate, measure, programEnv, temporary} from '../process.js';
import {startServer} from '../serve/serve-load.js';

/*
 * Copying many chats from a sandbox, and searching in them. poe makes no pauses, because the sandbox is on this machine. It answers
 * either at once, which shows what poe itself takes, or after the latency of a fast local network.
 */

const many = Number(process.env.POE_BENCH_CHATS ?? 10_000);
const few = Math.min(many / 10, 1_000);
const messages = 20;
const latencyMs = 5;
const probe = (name) => new URL(`../probes/${name}.js`, import.meta.url).pathname;

/** Starts a sandbox with so many chats. `env` are the variables for poe, and for the minimal client. */
async function startSandbox(chats, latency = 0) {
  const argv = [probe('sandbox'), String(chats), String(messages), String(latency)];
  const {headers, stop, ...started} = await startServer(argv, programEnv(temporary('probe.json')));
  const variables = Object.entries(started).filter(([name]) => name.startsWith('POE_'));
  return {env: {...Object.fromEntries(variables), BENCH_HEADERS: JSON.stringify(headers)}, stop};
}

/** Copies all chats to a new archive. */
async function copy(site) {
  rmSync(join(temporary('config'), 'archive'), {recursive: true, force: true});
  const measured = await measure([bin, 'sync', '--json'], {env: site.env, isProbed: true});
  const result = JSON.parse(measured.out);
  if (result.messages !== result.chats.new * messages) throw new Error(`Not all messages were copied: ${measured.out}`);
  return measured;
}

/** Alternates between the minimal client and poe. @param {(measured: {rssMiB: number}) => void} [onCopied] */
const compare = (site, onCopied = () => {}) =>
  alternate(
    {
      bare: async () => (await measure([probe('bare-sync')], {env: site.env, isProbed: true})).wallMs,
      poe: async () => {
        const measured = await copy(site);
        onCopied(measured);
        return measured.wallMs;
      },
    },
    1,
  );

export async function archive() {
  const [small, large, distant] = [
    await startSandbox(few),
    await startSandbox(many),
    await startSandbox(many, latencyMs),
  ];
  const memory = {few: [], many: []};
  try {
    memory.few.push((await copy(small)).rssMiB, (await copy(small)).rssMiB);
    const overNetwork = await compare(distant);
    const wall = await compare(large, ({rssMiB}) => memory.many.push(rssMiB));
    const search =
      (...words) =>
      async () =>
        (await measure([bin, 'search', '--json', ...words], {env: large.env})).wallMs;
    const found = await alternate(
      {
        'one word in all messages': search('jumps'),
        'two words in few messages': search('lisbon', 'message', '4271'),
        'two Chinese characters': search('東京'),
        'a word that is nowhere': search('hippopotamus'),
      },
      5,
    );
    const [least, most] = [Math.min(...memory.few), Math.min(...memory.many)];
    const counted = `${many.toLocaleString('en-US')} chats of ${messages} messages`;
    const time = `poe sync, ${counted}`;
    return [
      {
        label: `${time}, each answered after ${latencyMs} ms: time vs. a minimal client that reads the same pages`,
        figure: ratio(overNetwork.poe.min, overNetwork.bare.min),
        goal: '1.3',
        values: `${ms(overNetwork.poe.min)} / ${ms(overNetwork.bare.min)}`,
      },
      {
        label: `${time}, each answered at once: time vs. a minimal client that reads the same pages`,
        figure: ratio(wall.poe.min, wall.bare.min),
        goal: '1.3',
        values: `${ms(wall.poe.min)} / ${ms(wall.bare.min)}`,
      },
      {
        label: `poe sync, ${counted}: memory vs. ${few.toLocaleString('en-US')} chats`,
        figure: ratio(most, least),
        goal: '1.2',
        values: `${most.toFixed(0)} / ${least.toFixed(0)} MiB`,
      },
      ...Object.entries(found).map(([what, {min}]) => ({
        label: `poe search in ${(many * messages).toLocaleString('en-US')} messages, ${what}: time of the process`,
        figure: ms(min),
        goal: '150 ms',
        values: '',
      })),
    ];
  } finally {
    await small.stop();
    await large.stop();
    await distant.stop();
  }
}
