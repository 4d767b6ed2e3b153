import {spawnSync} from 'node:child_process';
import {readdirSync, readFileSync, statSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {alternate, measure, temporary} from './process.js';
import {prefixes, shortLines, startSite, words} from './site.js';

/* Each function returns rows of the table: label, figure, goal, and the measured values behind the figure. */

export const bin = 'bin/poe.js';
const emptyProgram = ['-e', '0'];
export const wall = (argv, options) => async () => (await measure(argv, options)).wallMs;
export const cpu = (argv, options) => async () => (await measure(argv, {...options, isProbed: true})).cpuMs;
const memory = (argv, options) => async () => (await measure(argv, {...options, isProbed: true})).rssMiB;
export const ratio = (one, other) => (one / other).toFixed(2);
export const ms = (figure) => `${figure.toFixed(0)} ms`;

export async function startup() {
  const {bare, ...figures} = await alternate(
    {
      bare: wall(emptyProgram),
      'poe --version': wall([bin, '--version']),
      'poe completion --complete': wall([bin, 'completion', '--complete', 'fish', 'send', '-b', '']),
      'poe --help': wall([bin, '--help']),
    },
    15,
  );
  return Object.entries(figures).map(([label, {min}]) => ({
    label: `${label}: time vs. node -e 0`,
    figure: ratio(min, bare.min),
    goal: label === 'poe --version' ? '1.05' : '',
    values: `${ms(min)} / ${ms(bare.min)}`,
  }));
}

/** Counts round trips by time: with this latency, other work is negligible. */
export async function roundTrips() {
  const delayMs = 100;
  const cold = await sendsFrom(delayMs, (round) => temporary(`config-cold-${round}`));
  const warm = await sendsFrom(delayMs, () => temporary('config-warm'));
  const label = 'sequential requests before the message is sent';
  return [
    {
      label: `${label}, nothing cached`,
      figure: String(cold.trips),
      goal: '',
      values: `${cold.requests} requests in total`,
    },
    {
      label: `${label}, everything cached`,
      figure: String(warm.trips),
      goal: '',
      values: `${warm.requests} requests in total`,
    },
    {
      label: 'poe send, 100 ms latency, everything cached: time to the first word vs. one round trip',
      figure: ratio(warm.firstMs, delayMs),
      goal: '3.3',
      values: `${ms(warm.firstMs)} / ${ms(delayMs)}`,
    },
  ];
}

/** Sends several times, with the settings in the folder that `configOf` returns. The first time does not count. */
async function sendsFrom(delayMs, configOf) {
  const site = await startSite({delayMs});
  try {
    let [trips, firstMs] = [Infinity, Infinity];
    for (let round = 0; round < 4; round += 1) {
      site.seen.length = 0;
      const env = {...site.env, POE_CONFIG_DIR: configOf(round)};
      const sent = await measure([bin, 'send', '-b', 'Capy', 'hi'], {env});
      const [first] = site.seen;
      const send = site.seen.find(({name}) => /^sendMessage/i.test(name));
      if (round === 0) continue;
      trips = Math.min(trips, Math.round((send.at - first.at) / delayMs));
      firstMs = Math.min(firstMs, sent.firstMs);
    }
    return {trips, firstMs, requests: site.seen.length};
  } finally {
    site.close();
  }
}

export async function longReply() {
  const site = await startSite({texts: prefixes(shortLines(100_000), 1000)});
  try {
    const {bare, poe} = await alternate(
      {
        bare: cpu(['bench/probes/bare.js', site.socketUrl, `${site.url}/api/gql_POST`]),
        poe: cpu([bin, 'send', '-b', 'Capy', 'hi'], {env: site.env}),
      },
      5,
    );
    const label = 'poe send, reply of 100 KB in 1,000 updates: CPU vs. a minimal client';
    return [{label, figure: ratio(poe.min, bare.min), goal: '1.3', values: `${ms(poe.min)} / ${ms(bare.min)}`}];
  } finally {
    site.close();
  }
}

/** A reply whose every word is a chunk that the API writes by itself. */
export async function chunkedReply() {
  const site = await startSite({texts: [words(4000)], isChunked: true});
  const send = [bin, 'send', '--via', 'api', '-b', 'Capy', 'hi'];
  const env = {POE_API_KEY: 'b', POE_API_URL: site.url};
  try {
    const bareClient = ['bench/probes/bare-api.js', site.url];
    const used = await alternate({bare: cpu(bareClient), poe: cpu(send, {env})}, 7);
    const took = await alternate({bare: wall(bareClient), poe: wall(send, {env})}, 7);
    return [used, took].map(({bare, poe}, index) => ({
      label: `poe send, reply of 35 KB in 4,000 chunks from an API: ${index === 0 ? 'CPU' : 'time'} vs. a minimal client`,
      figure: ratio(poe.min, bare.min),
      goal: '1.3',
      values: `${ms(poe.min)} / ${ms(bare.min)}`,
    }));
  } finally {
    site.close();
  }
}

export async function memoryOfUpload() {
  const file = temporary('huge.bin');
  writeFileSync(file, '');
  truncateSync(file, 300_000_000);
  const site = await startSite();
  try {
    const send = (...more) => memory([bin, 'send', '-b', 'Capy', ...more, 'hi'], {env: site.env});
    const {without, withFile} = await alternate({without: send(), withFile: send('-f', file)}, 2);
    const more = withFile.min - without.min;
    const label = 'poe send, file of 300 MB: memory in addition to a send without it';
    const values = `${withFile.min.toFixed(0)} − ${without.min.toFixed(0)} MiB`;
    return [{label, figure: `${more.toFixed(0)} MiB`, goal: '60 MiB', values}];
  } finally {
    site.close();
  }
}

export async function memoryOfHistory() {
  const [few, many] = [await startSite({chats: 100}), await startSite({chats: 10_000})];
  try {
    const list = (site) => memory([bin, 'history', '--all'], {env: site.env});
    const {small, large} = await alternate({small: list(few), large: list(many)}, 3);
    const label = 'poe history --all: memory for 10,000 chats vs. 100';
    const values = `${large.min.toFixed(0)} / ${small.min.toFixed(0)} MiB`;
    return [{label, figure: ratio(large.min, small.min), goal: '1.1', values}];
  } finally {
    few.close();
    many.close();
  }
}

/** The unpacked size of the package and its dependencies. */
export async function size() {
  const [packed] = JSON.parse(
    spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {encoding: 'utf8'}).stdout,
  );
  const {dependencies = {}} = JSON.parse(readFileSync('package.json', 'utf8'));
  const names = Object.keys(dependencies);
  const bytes = packed.unpackedSize + names.reduce((sum, name) => sum + bytesIn(join('node_modules', name)), 0);
  const label = 'installed size and number of packages';
  return [
    {
      label,
      figure: `${(bytes / 1e6).toFixed(1)} MB, ${names.length + 1}`,
      goal: '8 MB, few',
      values: ['poe-cli', ...names].join(' + '),
    },
  ];
}

function bytesIn(folder) {
  return readdirSync(folder, {recursive: true}).reduce((sum, name) => {
    const found = statSync(join(folder, name));
    return sum + (found.isFile() ? found.size : 0);
  }, 0);
}
