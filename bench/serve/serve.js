import {bin, ratio} from '../figures.js';
import {measure, programEnv, temporary} from '../process.js';
import {askMany, askStream, median, startServer} from './serve-load.js';

/* poe serve with many streams at the same time, compared with no proxy and with one that only passes bytes on. */

const streams = 200;
/** The sandbox writes a word in 20 ms: a stream takes two seconds. */
const load = {streams, words: 100, apartMs: 5};
const rounds = Number(process.env.POE_BENCH_ROUNDS ?? 3);

export async function serve() {
  const env = {...programEnv(temporary('probe.json'))};
  const sandbox = await startServer([bin, 'sandbox', '--json'], env);
  const serveEnv = {...env, POE_API_URL: sandbox.POE_API_URL, POE_API_KEY: sandbox.POE_API_KEY};
  const {out: token} = await measure([bin, 'serve', 'token', 'add', 'bench'], {env: serveEnv});
  const poe = await startServer([bin, 'serve', '--json', '--quiet'], serveEnv);
  const bare = await startServer(
    [new URL('../probes/bare-proxy.js', import.meta.url).pathname, sandbox.POE_API_URL],
    env,
  );
  try {
    const routes = {
      direct: {url: sandbox.POE_API_URL, key: sandbox.POE_API_KEY, cpuMs: () => 0},
      bare: {...bare, key: sandbox.POE_API_KEY},
      poe: {...poe, key: token.trim()},
    };
    await askStream(poe.url, routes.poe.key, 'hello');
    const idleMiB = poe.rssMiB();
    // Node compiles the code of all routes while it is first used.
    for (const {url, key} of Object.values(routes)) await askMany(url, key, {...load, words: 20});
    let mostMiB = idleMiB;
    const watch = setInterval(() => (mostMiB = Math.max(mostMiB, poe.rssMiB())), 50);
    const runs = {direct: [], bare: [], poe: []};
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, {url, key, cpuMs}] of Object.entries(routes)) {
        const before = cpuMs();
        const answers = await askMany(url, key, load);
        const wrong = answers.filter(({isRight}) => !isRight).length;
        runs[name].push({cpuMs: cpuMs() - before, firstMs: median(answers.map(({firstMs}) => firstMs)), wrong});
      }
    }
    clearInterval(watch);
    const middle = (name, figure) => median(runs[name].map((run) => run[figure]));
    const wrong = runs.poe.reduce((sum, run) => sum + run.wrong, 0);
    const [direct, added] = [middle('direct', 'firstMs'), middle('poe', 'firstMs') - middle('direct', 'firstMs')];
    const label = (text) => `poe serve, ${streams} streams at the same time: ${text}`;
    return [
      {
        label: label('lost or mixed up'),
        figure: wrong,
        goal: '0',
        values: `${streams * rounds} streams of ${load.words} words`,
      },
      {
        label: label('memory above idle'),
        figure: `${(mostMiB - idleMiB).toFixed(0)} MiB`,
        goal: '150 MiB',
        values: `${idleMiB.toFixed(0)} → ${mostMiB.toFixed(0)} MiB`,
      },
      {
        label: label('added to the first byte, median'),
        figure: `${added.toFixed(1)} ms`,
        goal: '15 ms',
        values: `${direct.toFixed(1)} ms direct, ${middle('bare', 'firstMs').toFixed(1)} ms through the bare proxy`,
      },
      {
        label: label('CPU vs. a proxy that only passes bytes on'),
        figure: ratio(middle('poe', 'cpuMs'), middle('bare', 'cpuMs')),
        goal: '1.5',
        values: `${middle('poe', 'cpuMs')} ms vs. ${middle('bare', 'cpuMs')} ms`,
      },
    ];
  } finally {
    await Promise.all([sandbox.stop(), poe.stop(), bare.stop()]);
  }
}
