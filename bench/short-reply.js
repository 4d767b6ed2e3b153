import {cpu, ms, ratio, wall} from './figures.js';
import {alternate, measure} from './process.js';
import {startSite} from './site.js';

/* A short reply, where almost everything is start-up: from an API, and with a browser session. Everything is cached. */

const emptyProgram = ['-e', '0'];
const send = ['bin/poe.js', 'send', '-b', 'Capy', 'hi'];

export async function shortReply() {
  const site = await startSite();
  const api = {env: {POE_API_KEY: 'b', POE_API_URL: site.url}};
  const web = {env: site.env};
  try {
    const programs = (figure) => ({
      node: figure(emptyProgram),
      client: figure(['bench/probes/bare-api.js', site.url]),
      api: figure([...send, '--via', 'api'], api),
      web: figure(send, web),
    });
    const took = await alternate(programs(wall), 15);
    const used = await alternate(programs(cpu), 15);
    const kept = await alternate(programs(memory), 3);
    return [
      row('short reply from an API: time vs. node -e 0', took.api, took.node, '2.6'),
      row('short reply from an API: CPU vs. node -e 0', used.api, used.node, '2.2'),
      row('the same: time vs. a minimal client with node:http', took.api, took.client),
      row('the same: CPU vs. a minimal client with node:http', used.api, used.client),
      row('the same: peak memory vs. a minimal client with node:http', kept.api, kept.client, '', mib),
      row('short reply with a session, cached: time vs. node -e 0', took.web, took.node, '3'),
      row('the same: CPU vs. node -e 0', used.web, used.node),
      await versusLibraries(site, used.web),
    ];
  } finally {
    site.close();
  }
}

const memory = (argv, options) => async () => (await measure(argv, {...options, isProbed: true})).rssMiB;
const mib = (figure) => `${figure.toFixed(0)} MiB`;

const row = (label, one, other, goal = '', unit = ms) => ({
  label: `poe send, ${label}`,
  figure: ratio(one.min, other.min),
  goal,
  values: `${unit(one.min)} / ${unit(other.min)}`,
});

/** The same requests with ky and ws, as the first version made them. */
async function versusLibraries(site, poe) {
  const {libraries} = await alternate({libraries: cpu(['bench/libraries.js', site.url, site.socketUrl])}, 5);
  return row('the same: CPU vs. a minimal client with ky and ws', poe, libraries);
}
