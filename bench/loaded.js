import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {measure, temporary} from './process.js';
import {startSite} from './site.js';

/*
 * node bench/loaded.js: what poe loads to send a message, how long each module takes without those that it loads itself, and which
 * module needs it. The times are without compiled code, in milliseconds.
 */

const probe = fileURLToPath(new URL('probes/load-probe.cjs', import.meta.url));
const rounds = 15;
const least = 0.2;

const site = await startSite();
const send = ['bin/poe.js', 'send', '-b', 'Capy'];
const ways = {
  'an API key': {argv: [...send, '--via', 'api', 'hi'], env: {POE_API_KEY: 'b', POE_API_URL: site.url}},
  'a browser session': {argv: [...send, 'hi'], env: site.env},
};
try {
  for (const [name, {argv, env}] of Object.entries(ways)) {
    console.log(`\nSend with ${name}:\n\n| module | ms | needed by |\n| --- | --- | --- |`);
    for (const {module, ms, neededBy} of await loadedBy(argv, env)) {
      console.log(`| \`${module}\` | ${ms.toFixed(1)} | ${neededBy === '' ? '' : `\`${neededBy}\``} |`);
    }
  }
} finally {
  site.close();
}

/** The modules that take a while, slowest first. The first run fills the caches. */
async function loadedBy(argv, env) {
  const reports = [];
  for (let round = 0; round <= rounds; round += 1) {
    await measure(['-r', probe, ...argv], {env: {...env, NODE_DISABLE_COMPILE_CACHE: '1'}});
    reports.push(JSON.parse(readFileSync(temporary('probe.json'), 'utf8')));
  }
  const shortest = (module) =>
    Math.min(...reports.slice(1).map((report) => report.find(({name}) => name === module)?.ms ?? 0));
  return reports
    .at(-1)
    .map(({name, neededBy}) => ({module: name, ms: shortest(name), neededBy}))
    .filter(({ms}) => ms >= least)
    .toSorted((one, other) => other.ms - one.ms);
}
