import {accessSync, constants, mkdirSync, readFileSync, realpathSync, writeFileSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import process from 'node:process';
import {ms, ratio} from './figures.js';
import {alternate, measure, temporary} from './process.js';
import {startSite} from './site.js';

/*
 * Other command-line programs for bots, if installed, with the same task as poe: a short reply from an OpenAI-compatible API on
 * this machine. They find it by their own settings, in a folder of the bench.
 */

/** The arguments and settings of each program. */
const programs = {
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

export async function peers() {
  const site = await startSite();
  const found = Object.entries(programs).flatMap(([name, ask]) => {
    const program = installed(name);
    return program ? [{name, program, ...ask(site.url)}] : [];
  });
  const seed = installed('poe-cli', isOurs);
  try {
    const send = ['bin/poe.js', 'send', '--via', 'api', '-b', 'Capy', 'hi'];
    const poeEnv = {POE_API_KEY: 'b', POE_API_URL: site.url};
    const wall = (argv, options) => async () => (await measure(argv, options)).wallMs;
    const {bare, poe, ...others} = await alternate(
      {
        bare: wall(['-e', '0']),
        poe: wall(send, {env: poeEnv}),
        ...Object.fromEntries(found.map(({name, argv, ...options}) => [name, measureReply(argv, options)])),
        ...(seed && {'poe-cli of poe-api-rust, help page only': wall(['--help'], {program: seed})}),
      },
      3,
    );
    const rows = Object.entries({'poe send': poe, ...others}).map(([name, {min}]) => ({
      label: name.includes(',') ? name : `${name}, short reply from an API: time vs. node -e 0`,
      figure: ratio(min, bare.min),
      goal: '',
      values: `${ms(min)} / ${ms(bare.min)}`,
    }));
    return [...rows, ...notInstalled(found, seed)];
  } finally {
    site.close();
  }
}

/** Measures a program, and fails if it does not print the reply. */
const measureReply = (argv, options) => async () => {
  const {out, wallMs} = await measure(argv, options);
  if (out.trim() !== 'Hello there!') throw new Error(`${options.program} printed ${JSON.stringify(out)}`);
  return wallMs;
};

function notInstalled(found, seed) {
  const names = Object.keys(programs).filter((name) => !found.some((peer) => peer.name === name));
  if (!seed) names.push('poe-cli of poe-api-rust');
  return names.map((label) => ({label, figure: 'not installed', goal: '', values: ''}));
}

/** @returns the path of the program, other than those that `isIgnored` rejects */
function installed(name, isIgnored = () => false) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => isProgram(path) && !isIgnored(path));
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** poe itself is installed as poe-cli, too: a script for Node. */
const isOurs = (path) => /^#!.*\bnode\b/.test(readFileSync(realpathSync(path), 'latin1').slice(0, 100));

/** Creates a folder with these files. @returns its path */
function settings(name, files) {
  const folder = temporary(name);
  mkdirSync(folder, {recursive: true});
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}
