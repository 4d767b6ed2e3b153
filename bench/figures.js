import {spawnSync} from 'node:child_process';
import {readdirSync, readFileSync, statSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {inTurn, taken, temporary} from './process.js';
import {growing, shortLines, startSite} from './site.js';

/* Each gives rows of the table: what is measured, the figure, its goal, and what the figure is made of. */

const bin = 'bin/poe.js';
const floor = ['-e', '0'];
const wall = (argv, options) => async () => (await taken(argv, options)).wallMs;
const cpu = (argv, options) => async () => (await taken(argv, {...options, isProbed: true})).cpuMs;
const memory = (argv, options) => async () => (await taken(argv, {...options, isProbed: true})).rssMiB;
export const ratio = (one, other) => (one / other).toFixed(2);
export const ms = (figure) => `${figure.toFixed(0)} ms`;

export async function starting() {
  const {bare, ...figures} = await inTurn(
    {
      bare: wall(floor),
      'poe --version': wall([bin, '--version']),
      'poe completion --complete': wall([bin, 'completion', '--complete', 'fish', 'send', '-b', '']),
      'poe --help': wall([bin, '--help']),
    },
    15,
  );
  return Object.entries(figures).map(([what, {least}]) => ({
    what: `${what}, wall, over node -e 0`,
    figure: ratio(least, bare.least),
    goal: what === 'poe --help' ? '1.3' : '1.15',
    made: `${ms(least)} / ${ms(bare.least)}`,
  }));
}

export async function sending() {
  const site = await startSite();
  try {
    const send = [bin, 'send', '-b', 'Capy', 'hi'];
    const {bare, libraries, poe} = await inTurn(
      {
        bare: cpu(floor),
        libraries: cpu(['bench/libraries.js', site.url, site.socketUrl]),
        poe: cpu(send, {env: site.env}),
      },
      10,
    );
    const over = (what, goal, least) => ({
      what: `poe send of a short reply, CPU, over ${what}`,
      figure: ratio(poe.least, least),
      goal,
      made: `${ms(poe.least)} / ${ms(least)}`,
    });
    return [
      over('node -e 0', '2.2', bare.least),
      over('a bare client of ky and ws that asks the same', '-', libraries.least),
    ];
  } finally {
    site.close();
  }
}

/** Round trips are told by the clock: with so much put on each, other work does not count. */
export async function roundTrips() {
  const delayMs = 100;
  const cold = await sendsFrom(delayMs, (round) => temporary(`config-cold-${round}`));
  const warm = await sendsFrom(delayMs, () => temporary('config-warm'));
  const what = 'exchanges one after another before the message leaves';
  return [
    {what: `${what}, nothing cached`, figure: String(cold.trips), goal: '5', made: `${cold.requests} requests in all`},
    {what: `${what}, all cached`, figure: String(warm.trips), goal: '2', made: `${warm.requests} requests in all`},
    {
      what: 'poe send with 100 ms on every round trip, all cached, wall to the first word, over one round trip',
      figure: ratio(warm.firstMs, delayMs),
      goal: '3.5',
      made: `${ms(warm.firstMs)} / ${ms(delayMs)}`,
    },
  ];
}

/** Sends a few times, each with the settings in the folder that `configOf` names; the first time does not count. */
async function sendsFrom(delayMs, configOf) {
  const site = await startSite({delayMs});
  try {
    let [trips, firstMs] = [Infinity, Infinity];
    for (let round = 0; round < 4; round += 1) {
      site.seen.length = 0;
      const env = {...site.env, POE_CONFIG_DIR: configOf(round)};
      const sent = await taken([bin, 'send', '-b', 'Capy', 'hi'], {env});
      const [first] = site.seen;
      const send = site.seen.find(({what}) => /^sendMessage/i.test(what));
      if (round === 0) continue;
      trips = Math.min(trips, Math.round((send.at - first.at) / delayMs));
      firstMs = Math.min(firstMs, sent.firstMs);
    }
    return {trips, firstMs, requests: site.seen.length};
  } finally {
    site.close();
  }
}

export async function streaming() {
  const site = await startSite({texts: growing(shortLines(100_000), 1000)});
  try {
    const {bare, poe} = await inTurn(
      {
        bare: cpu(['bench/bare.js', site.socketUrl, `${site.url}/api/gql_POST`]),
        poe: cpu([bin, 'send', '-b', 'Capy', 'hi'], {env: site.env}),
      },
      5,
    );
    const what = 'a reply of 100 KB in 1,000 updates, CPU, over a bare client that parses the same frames';
    return [{what, figure: ratio(poe.least, bare.least), goal: '1.3', made: `${ms(poe.least)} / ${ms(bare.least)}`}];
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
    const {without, withFile} = await inTurn({without: send(), withFile: send('-f', file)}, 2);
    const more = withFile.least - without.least;
    const what = 'memory of sending 300 MB, over the same command without a file';
    const made = `${withFile.least.toFixed(0)} − ${without.least.toFixed(0)} MiB`;
    return [{what, figure: `${more.toFixed(0)} MiB`, goal: '60 MiB', made}];
  } finally {
    site.close();
  }
}

export async function memoryOfHistory() {
  const [few, many] = [await startSite({chats: 100}), await startSite({chats: 10_000})];
  try {
    const list = (site) => memory([bin, 'history', '--all'], {env: site.env});
    const {small, large} = await inTurn({small: list(few), large: list(many)}, 3);
    const what = 'memory of history --all over 10,000 chats, over 100';
    const made = `${large.least.toFixed(0)} / ${small.least.toFixed(0)} MiB`;
    return [{what, figure: ratio(large.least, small.least), goal: '1.1', made}];
  } finally {
    few.close();
    many.close();
  }
}

/** Of the packed file, with what it depends on, as npm would unpack them. */
export async function size() {
  const [packed] = JSON.parse(
    spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {encoding: 'utf8'}).stdout,
  );
  const {dependencies = {}} = JSON.parse(readFileSync('package.json', 'utf8'));
  const names = Object.keys(dependencies);
  const bytes = packed.unpackedSize + names.reduce((sum, name) => sum + bytesIn(join('node_modules', name)), 0);
  const what = 'installed size, and number of packages';
  return [
    {
      what,
      figure: `${(bytes / 1e6).toFixed(1)} MB, ${names.length + 1}`,
      goal: '8 MB, few',
      made: ['poe-cli', ...names].join(' + '),
    },
  ];
}

function bytesIn(folder) {
  return readdirSync(folder, {recursive: true}).reduce((sum, name) => {
    const found = statSync(join(folder, name));
    return sum + (found.isFile() ? found.size : 0);
  }, 0);
}
