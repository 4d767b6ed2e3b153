import {expect, test} from 'vitest';
import {countSends} from '../support/harness.js';
import {hasStored} from '../support/journal-files.js';
import {killWhen, withProgram} from '../support/program.js';

/* Several processes share a budget. A message to gemini-2.0-flash costs 5 points, one to Sandbox-Slow 3. */

test('processes that compete for the last points of a budget never spend more', async () => {
  const {run, runProgram, sandbox} = await withProgram();
  await run('budget', 'set', '12/day');
  const send = ['send', '-b', 'gemini-2.0-flash', '2x2?'];
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => runProgram(send)));
  expect(outcomes.map(({code}) => code).toSorted((a, b) => a - b)).toEqual([0, 0, 5, 5]);
  expect(countSends(sandbox)).toBe(2);
  expect(JSON.parse((await run('budget', '--json')).out)).toMatchObject({spent: 10, left: 2});
});

test('points that were set aside for a process that was killed are free again', async () => {
  const {run, sandbox, configDir, env} = await withProgram();
  await run('budget', 'set', '100/day');
  sandbox.faults.holdAfter(4);
  await killWhen(() => hasStored(configDir, 'One word a'), ['send', '-b', 'Sandbox-Slow', 'hello'], env);
  expect(countSends(sandbox)).toBe(1);
  expect(JSON.parse((await run('budget', '--json')).out)).toMatchObject({spent: 0, left: 100});
});

test('charges that processes append at the same time are all counted, also while they are imported', async () => {
  const {run, runProgram} = await withProgram();
  const send = ['send', '-b', 'gemini-2.0-flash', '--info', '2x2?'];
  const sends = Promise.all([1, 2, 3, 4, 5].map(() => runProgram(send)));
  await run('budget', 'set', '1000/day');
  expect((await sends).map(({code}) => code)).toEqual([0, 0, 0, 0, 0]);
  expect(JSON.parse((await run('budget', '--json')).out)).toMatchObject({spent: 25});
});
