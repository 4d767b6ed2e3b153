import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {operationsOf} from '../support/harness.js';
import {withProgram} from '../support/program.js';

/* Many processes that need the site's form key at the same time. */

const send = ['send', '-b', 'Sandbox-Count', 'count to 2'];
const success = {code: 0, out: '1 2\n', err: ''};
const pages = (requests: string[]) => requests.filter((request) => request === '/').length;

test('of ten first runs at once, one reads the page and runs its scripts', async () => {
  const {runProgram, sandbox} = await withProgram({isFirstRun: true});
  const outcomes = await Promise.all(Array.from({length: 10}, () => runProgram(send, {POE_FORMKEY: undefined})));
  expect(outcomes).toEqual(Array.from({length: 10}, () => success));
  expect(pages(operationsOf(sandbox))).toBe(1);
});

test('of six runs at once whose form key is rejected, one reads the page', async () => {
  const {runProgram, sandbox} = await withProgram({isFirstRun: true});
  expect(await runProgram(send, {POE_FORMKEY: undefined})).toEqual(success);
  sandbox.faults.rotateFormKey();
  const outcomes = await Promise.all(Array.from({length: 6}, () => runProgram(send, {POE_FORMKEY: undefined})));
  expect(outcomes).toEqual(Array.from({length: 6}, () => success));
  expect(pages(operationsOf(sandbox))).toBe(2);
});

test('the lock of a process that was killed, or a folder in its place, does not matter', async () => {
  const {runProgram, configDir} = await withProgram({isFirstRun: true});
  const lock = join(configDir, 'site-search.lock');
  writeFileSync(lock, JSON.stringify({pid: 2 ** 22 + 1, since: new Date().toISOString(), id: 'x'}));
  expect(await runProgram(send, {POE_FORMKEY: undefined})).toEqual(success);
  const other = await withProgram({isFirstRun: true});
  mkdirSync(join(other.configDir, 'site-search.lock'));
  expect(await other.runProgram(send, {POE_FORMKEY: undefined})).toEqual(success);
});
