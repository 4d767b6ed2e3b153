import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {expect, test} from 'vitest';
import {killWhen, withProgram} from '../../support/program.js';

const kills = Number(process.env['POE_TEST_KILLS'] ?? 4);

test(`a batch that is killed ${kills} times sends no prompt twice, and loses none`, async () => {
  const {sandbox, configDir, env, runProgram} = await withProgram({pace: 0.05});
  const keyEnv = {
    ...env,
    POE_P_B: undefined,
    POE_P_LAT: undefined,
    POE_API_KEY: sandbox.apiKey,
    POE_API_URL: sandbox.apiUrl,
  };
  const prompts = join(configDir, 'prompts.jsonl');
  const results = join(configDir, 'out.jsonl');
  const ids = Array.from({length: kills * 12}, (_, index) => `p${index}`);
  writeFileSync(prompts, ids.map((id) => `${JSON.stringify({id, prompt: `word of ${id}`})}\n`).join(''));
  const line = ['batch', prompts, '-b', 'Sandbox-Echo', '-o', results, '--concurrency', '3'];
  const lineCount = () => (existsSync(results) ? readFileSync(results, 'utf8').split('\n').length - 1 : 0);
  for (let kill = 0; kill < kills; kill++) {
    const target = lineCount() + 2 + (kill % 4);
    await killWhen(() => lineCount() >= target, line, keyEnv);
  }
  await runProgram(line, keyEnv);
  const sent = () =>
    sandbox.requests.filter(({path, method}) => method === 'POST' && path.includes('chat/completions')).length;
  const read = () =>
    readFileSync(results, 'utf8')
      .trimEnd()
      .split('\n')
      .map((text): {id: string; text: string; error: {code: string} | null} => JSON.parse(text));
  // Each prompt has one result, and those that may have been charged say so.
  expect(read()).toHaveLength(ids.length);
  expect(new Set(read().map(({id}) => id))).toEqual(new Set(ids));
  for (const {id, text, error} of read()) {
    if (error) expect(error.code).toBe('delivery_unknown');
    else expect(text).toBe(`word of ${id}`);
  }
  expect(sent()).toBeLessThanOrEqual(ids.length);
  expect((await runProgram([...line, '--retry-failed'], keyEnv)).code).toBe(0);
  expect(read()).toHaveLength(ids.length);
  expect(Object.fromEntries(read().map(({id, text}) => [id, text]))).toEqual(
    Object.fromEntries(ids.map((id) => [id, `word of ${id}`])),
  );
});
