import process from 'node:process';
import {setTimeout as pause} from 'node:timers/promises';
import {parseArgs} from 'node:util';
import {bin} from '../figures.js';
import {measure, programEnv, temporary} from '../process.js';
import {askStream, median, startServer, textOf} from './serve-load.js';

/*
 * node bench/serve/soak.js [--minutes 120] [--rate 20]: asks poe serve for streams at a steady rate, and fails if one is wrong, or if memory or
 * open files grow. Run `npm run build` before.
 */

const {values} = parseArgs({
  options: {minutes: {type: 'string', default: '120'}, rate: {type: 'string', default: '20'}},
});
const durationMs = Number(values.minutes) * 60_000;
const rate = Number(values.rate);
/** How often to look at the server. */
const sampleMs = Math.min(60_000, durationMs / 12);
/** The first quarter, in which caches fill and code is compiled, does not count. Memory may grow by this factor after it. */
const [warmUp, growth] = [0.25, 1.25];

const env = programEnv(temporary('probe.json'));
const sandbox = await startServer([bin, 'sandbox', '--json'], env);
const serveEnv = {...env, POE_API_URL: sandbox.POE_API_URL, POE_API_KEY: sandbox.POE_API_KEY};
// With a budget, each request also changes the ledger.
const add = [bin, 'serve', 'token', 'add', 'soak', '--budget', '1000000000/month'];
const token = (await measure(add, {env: serveEnv})).out.trim();
const poe = await startServer([bin, 'serve', '--json', '--quiet'], serveEnv);

const samples = [];
let [asked, wrong] = [0, 0];
const pending = [];
const startedAt = performance.now();
let nextSampleAt = startedAt + sampleMs;
console.log('| minute | requests | wrong | memory | open files |\n| --- | --- | --- | --- | --- |');
while (performance.now() - startedAt < durationMs) {
  pending.push(ask(asked));
  asked += 1;
  await pause(Math.max(0, startedAt + (asked * 1000) / rate - performance.now()));
  if (performance.now() >= nextSampleAt) sample();
}
await Promise.all(pending);
sample();
await Promise.all([poe.stop(), sandbox.stop()]);

const counted = samples.slice(Math.floor(samples.length * warmUp));
const third = Math.ceil(counted.length / 3);
const grown = ['rssMiB', 'files'].filter((figure) => {
  const [before, after] = [counted.slice(0, third), counted.slice(-third)].map((part) =>
    median(part.map((each) => each[figure])),
  );
  return after > before * growth;
});
if (wrong > 0 || grown.length > 0) {
  console.error(`Failed: ${wrong} wrong streams, growth of ${grown.join(', ') || 'nothing'}`);
  process.exitCode = 1;
}

async function ask(number) {
  const {isRight} = await askStream(poe.url, token, textOf(number, 10));
  if (!isRight) wrong += 1;
}

function sample() {
  nextSampleAt += sampleMs;
  const [rssMiB, files] = [poe.rssMiB(), poe.files()];
  samples.push({rssMiB, files});
  const minute = ((performance.now() - startedAt) / 60_000).toFixed(1);
  console.log(`| ${minute} | ${asked} | ${wrong} | ${rssMiB.toFixed(0)} MiB | ${files} |`);
}
