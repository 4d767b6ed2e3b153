import {execFile} from 'node:child_process';
import {symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {temporaryFolder} from '../support/harness.js';

/** A program that finds the API by the settings of `llm` and prints its reply. @param shown the expression to print */
const peer = (shown: string) => `#!${process.execPath}
const {readFileSync} = require('node:fs');
if (process.argv.includes('--version')) process.exit();
const folder = process.env.LLM_USER_PATH;
const [, url] = /api_base: (.*)/.exec(readFileSync(folder + '/extra-openai-models.yaml', 'utf8'));
const {bench} = JSON.parse(readFileSync(folder + '/keys.json', 'utf8'));
const headers = {authorization: 'Bearer ' + bench, 'content-type': 'application/json'};
const body = JSON.stringify({model: 'Capy', stream: true, messages: [{role: 'user', content: process.argv.at(-1)}]});
fetch(url + '/chat/completions', {method: 'POST', headers, body}).then(async (response) => {
  const events = (await response.text()).split('\\n\\n').filter((line) => line.includes('"delta"'));
  const text = events.map((line) => JSON.parse(line.slice(6)).choices[0].delta.content ?? '').join('');
  console.log(${shown});
});
`;

/** Runs the bench with only these programs installed. */
async function bench(programs: Record<string, string>, rows = 'peers'): Promise<{out: string; err: string}> {
  const folder = temporaryFolder();
  for (const [name, script] of Object.entries(programs)) writeFileSync(join(folder, name), script, {mode: 0o755});
  symlinkSync(process.execPath, join(folder, 'node'));
  const env = {PATH: folder, POE_BENCH_ROUNDS: '1'};
  return new Promise((resolve) => {
    execFile(process.execPath, ['bench/run.js', rows], {env}, (_error, out, err) => resolve({out, err}));
  });
}

test('the bench measures installed peers, and lists those that are not installed', async () => {
  const {out, err} = await bench({llm: peer('text'), 'poe-cli': '#!/usr/bin/env node\nprocess.exit(1);\n'});
  expect(err).toBe('');
  for (const name of ['poe', 'llm']) {
    for (const work of ['--version', 'short reply from an API', 'reply of 35 KB in 4,000 chunks from an API']) {
      expect(out).toContain(`| ${name}, ${work}: median time vs. node -e 0 |`);
    }
  }
  expect(out).toMatch(/^\| aichat \| not installed \|/m);
  expect(out).toMatch(/^\| poe-cli of poe-api-rust \| not installed \|/m);
});

test('a peer that does not print the reply gets no figure', async () => {
  const {out, err} = await bench({llm: peer('"Sorry"')});
  expect(out).not.toMatch(/^\| llm, short/m);
  expect(err).toMatch(/llm printed "Sorry\\n"/);
});

test('the bench measures CPU and memory of poe', async () => {
  const {out, err} = await bench({}, 'memoryOfUpload');
  expect(err).toBe('');
  expect(out).toMatch(/^\| poe send, file of 300 MB: memory in addition to a send without it \| -?\d+ MiB \|/m);
});
