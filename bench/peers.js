import {accessSync, constants, mkdirSync, readFileSync, realpathSync, writeFileSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import process from 'node:process';
import {ms, ratio} from './figures.js';
import {inTurn, taken, temporary} from './process.js';
import {startSite} from './site.js';

/*
 * Other programs that talk to bots from a terminal, where they are installed, on the same work as poe: a short reply by an API
 * in the form of OpenAI's, served on this machine. What tells them where it is are their own settings, in a folder of the bench.
 */

/** How each is asked, and where its settings are. */
const peers = {
  llm(url) {
    const folder = settings('llm', {
      'extra-openai-models.yaml': `- model_id: bench\n  model_name: Capy\n  api_base: ${url}/v1\n  api_key_name: bench\n`,
      'keys.json': '{"bench": "b"}\n',
    });
    return {argv: ['-m', 'bench', '--no-log', 'hi'], env: {LLM_USER_PATH: folder}};
  },
  aichat(url) {
    const folder = settings('aichat', {
      'config.yaml': `model: bench:Capy\nsave: false\nclients:\n  - type: openai-compatible\n    name: bench\n    api_base: ${url}/v1\n    api_key: b\n    models:\n      - name: Capy\n`,
    });
    return {argv: ['hi'], env: {AICHAT_CONFIG_DIR: folder, AICHAT_CONFIG_FILE: join(folder, 'config.yaml')}};
  },
};

export async function beside() {
  const site = await startSite();
  const found = Object.entries(peers).flatMap(([name, ask]) => {
    const program = installed(name);
    return program ? [{name, program, ...ask(site.url)}] : [];
  });
  const seed = installed('poe-cli', isOurs);
  try {
    const send = ['bin/poe.js', 'send', '--via', 'api', '-b', 'Capy', 'hi'];
    const poeEnv = {POE_API_KEY: 'b', POE_API_URL: site.url};
    const wall = (argv, options) => async () => (await taken(argv, options)).wallMs;
    const {bare, poe, ...theirs} = await inTurn(
      {
        bare: wall(['-e', '0']),
        poe: wall(send, {env: poeEnv}),
        ...Object.fromEntries(found.map(({name, argv, ...options}) => [name, answered(argv, options)])),
        ...(seed && {'poe-cli (poe-api-rust), its help page': wall(['--help'], {program: seed})}),
      },
      3,
    );
    const rows = Object.entries({'poe send': poe, ...theirs}).map(([name, {least}]) => ({
      what: name.includes(',') ? name : `${name} of a short reply by an API, wall, over node -e 0`,
      figure: ratio(least, bare.least),
      goal: '',
      made: `${ms(least)} / ${ms(bare.least)}`,
    }));
    return [...rows, ...absent(found, seed)];
  } finally {
    site.close();
  }
}

/** A peer that prints something else than the reply has not done the work. */
const answered = (argv, options) => async () => {
  const {out, wallMs} = await taken(argv, options);
  if (out.trim() !== 'Hello there!') throw new Error(`${options.program} printed ${JSON.stringify(out)}`);
  return wallMs;
};

function absent(found, seed) {
  const names = Object.keys(peers).filter((name) => !found.some((peer) => peer.name === name));
  if (!seed) names.push('poe-cli of poe-api-rust');
  return names.map((what) => ({what, figure: 'not installed here', goal: '', made: ''}));
}

/** @returns where the program is, unless `isWrong` says that it is another one */
function installed(name, isWrong = () => false) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => isProgram(path) && !isWrong(path));
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** poe itself is installed under the name poe-cli too: a script for Node. */
const isOurs = (path) => /^#!.*\bnode\b/.test(readFileSync(realpathSync(path), 'latin1').slice(0, 100));

/** @returns a folder with these files */
function settings(name, files) {
  const folder = temporary(name);
  mkdirSync(folder, {recursive: true});
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}
