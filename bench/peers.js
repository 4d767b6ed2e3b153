import {accessSync, constants, mkdirSync, readFileSync, realpathSync, writeFileSync} from 'node:fs';
import {delimiter, dirname, join} from 'node:path';
import process from 'node:process';
import {ms, ratio} from './figures.js';
import {alternate, measure, temporary} from './process.js';
import {startSite, words} from './site.js';

/*
 * Other command-line programs for bots, if installed, with the same tasks as poe: their version, and a short and a long reply from an
 * OpenAI-compatible API on this machine. They find it by their own settings, in a folder of the bench.
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
  mods(url) {
    const folder = settings('mods', {
      'mods/mods.yml': `default-api: bench\ndefault-model: Capy\napis:\n  bench:\n    base-url: ${url}/v1\n    api-key: b\n    models:\n      Capy:\n        max-input-chars: 100000\n`,
    });
    return {argv: ['--no-cache', '--raw', '--quiet', 'hi'], env: {XDG_CONFIG_HOME: folder}};
  },
};

export async function peers() {
  return [
    ...(await compare('--version', {texts: ['Hello there!']}, {isVersion: true, goal: '1.05'})),
    ...(await compare('short reply from an API', {texts: ['Hello there!']}, {goal: '2.6'})),
    ...(await compare('reply of 35 KB in 4,000 chunks from an API', {texts: [words(4000)], isChunked: true})),
    ...notInstalled(),
  ];
}

/** Measures the same work of each program that is installed, in turn. @returns a row for each */
async function compare(work, siteOptions, {isVersion = false, goal = ''} = {}) {
  const site = await startSite(siteOptions);
  const reply = siteOptions.texts.at(-1).trim();
  const poe = {
    program: process.execPath,
    argv: ['bin/poe.js', 'send', '--via', 'api', '-b', 'Capy', 'hi'],
    env: {POE_API_KEY: 'b', POE_API_URL: site.url},
  };
  const found = Object.entries(programs).flatMap(([name, ask]) => {
    const program = installed(name);
    return program ? [[name, {program, ...ask(site.url)}]] : [];
  });
  const seed = installed('poe-cli', isOurs);
  const versions = {
    poe: {program: process.execPath, argv: ['bin/poe.js', '--version']},
    ...Object.fromEntries(found.map(([name, {program}]) => [name, {program, argv: ['--version']}])),
    // It cannot use another server.
    ...(seed && {'poe-cli of poe-api-rust (--help)': {program: seed, argv: ['--help']}}),
  };
  const replies = {
    'a minimal client': {program: process.execPath, argv: ['bench/probes/bare-api.js', site.url]},
    poe,
    ...Object.fromEntries(found),
  };
  const runs = Object.entries(isVersion ? versions : replies).map(([name, run]) => [
    name,
    measureProgram(run, isVersion ? undefined : reply),
  ]);
  try {
    const {bare, ...others} = await alternate(
      {
        bare: measureProgram({program: process.execPath, argv: ['-e', '0']}),
        ...Object.fromEntries(runs),
      },
      5,
    );
    return Object.entries(others).map(([name, {median}]) => ({
      label: `${name}, ${work}: median time vs. node -e 0`,
      figure: ratio(median, bare.median),
      goal: name === 'poe' ? goal : '',
      values: `${ms(median)} / ${ms(bare.median)}`,
    }));
  } finally {
    site.close();
  }
}

/** Measures a program, and fails if it does not print the reply. */
const measureProgram =
  ({program, argv, env}, reply) =>
  async () => {
    const {out, wallMs} = await measure(argv, {program, env});
    if (reply !== undefined && out.trim() !== reply) throw new Error(`${program} printed ${JSON.stringify(out)}`);
    return wallMs;
  };

function notInstalled() {
  const names = Object.keys(programs).filter((name) => !installed(name));
  if (!installed('poe-cli', isOurs)) names.push('poe-cli of poe-api-rust');
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
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), {recursive: true});
    writeFileSync(join(folder, file), text);
  }
  return folder;
}
