import {spawn} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';
import {expect, test} from 'vitest';
import type {TestSandbox} from '../../../src/sandbox/faults/test-sandbox.js';
import {newBot} from '../../support/bot-folder.js';
import {operationName} from '../../support/harness.js';
import {type Environment, withProgram} from '../../support/program.js';

/** Runs poe, and kills it with SIGKILL when the sandbox gets a request: Poe executes it, but its response is lost. */
async function killAtRequest(
  number: number,
  words: readonly string[],
  {env, sandbox}: {env: Environment; sandbox: TestSandbox},
): Promise<string | undefined> {
  const child = spawn(process.execPath, ['bin/poe.js', ...words], {env, stdio: 'ignore'});
  const {requests} = sandbox;
  const start = requests.length;
  let killed: string | undefined;
  const seen = () => {
    const request = requests[start + number - 1];
    if (request && killed === undefined) {
      killed = request.queryName ?? request.path;
      child.kill('SIGKILL');
    }
  };
  const timer = setInterval(seen, 0);
  await once(child, 'close');
  clearInterval(timer);
  return killed;
}

test('a push of 50 texts and files that is killed 10 times gives the bot each of them once', async () => {
  const {run, sandbox, env} = await withProgram();
  const names = Array.from({length: 50}, (_, index) => `${index}.${index % 5 === 0 ? 'csv' : 'md'}`);
  const folder = newBot(Object.fromEntries(names.map((name) => [`knowledge/${name}`, `Content of ${name}`])));
  const create = operationName('createKnowledge');
  const killedAt: (string | undefined)[] = [];
  for (let kill = 0; kill < 10; kill++) {
    killedAt.push(
      await killAtRequest(1 + Math.floor(Math.random() * 12), ['bot', 'push', folder, '--yes'], {env, sandbox}),
    );
  }
  expect(await run('bot', 'push', folder, '--yes')).toMatchObject({code: 0});
  const {ownBots} = sandbox.world;
  expect(ownBots.all).toHaveLength(1);
  const known = ownBots.find('Faq-Bot')?.knowledge ?? [];
  expect(Object.fromEntries(known.map(({title, content}) => [title, Buffer.from(content).toString()]))).toEqual(
    Object.fromEntries(names.map((name) => [name, `Content of ${name}`])),
  );
  expect(known).toHaveLength(50);
  // A source whose response was lost cannot be found: Poe lists only those that a bot knows. No bot has it.
  expect(ownBots.sources.length - 50).toBeLessThanOrEqual(killedAt.filter((name) => name === create).length);
  expect((await run('bot', 'diff', folder)).code).toBe(0);
});
