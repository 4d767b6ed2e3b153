import {execFile} from 'node:child_process';
import {resolve} from 'node:path';
import process from 'node:process';
import {pathToFileURL} from 'node:url';
import {expect, test} from 'vitest';
import {findKeyInWorker} from '../../../src/core/web/site/form-key-worker.js';
import {operationsOf, temporaryFolder, withSandbox} from '../../support/harness.js';

/* Home pages that the limits of the script engine do not stop. The scripts of a page run in a worker thread, which is terminated. */

test.each([
  ['joins an array of 4 billion elements', 'new Array(4294967295).join("x")'],
  ['searches an array-like object of maximum length', 'Array.prototype.includes.call({length:2**53-1},1)'],
  ['calls itself in a finally block', '(function f(){try{f()}finally{f()}})()'],
])('a script that %s is terminated', async (_what, script) => {
  const entry = pathToFileURL(resolve('dist/cli/worker-entry.js'));
  const found = findKeyInWorker({scripts: [script], clues: {}, userAgent: 'Test'}, {entry, timeLimitMs: 500});
  await expect(found).rejects.toMatchObject({code: 'not_understood'});
});

/** Lets the CPU time of the process pass sixteen times as fast. The engine of the page's scripts has a clock of its own. */
const fastClock = `const {cpuUsage} = process;
process.cpuUsage = () => {
  const {user, system} = cpuUsage.call(process);
  return {user: 16 * user, system: 16 * system};
};`;

/** Runs `poe send` with another home page, after the script `preload`. @returns the outcome and the peak memory of the process in MB */
async function sendWith(body: string, preload: string) {
  const {sandbox, configDir} = await withSandbox();
  sandbox.faults.respondAlways({path: '/'}, {status: 200, body, headers: {'Content-Type': 'text/html'}});
  const env = {
    PATH: process.env.PATH,
    HOME: temporaryFolder(),
    ...sandbox.env,
    POE_FORMKEY: undefined,
    POE_CONFIG_DIR: configDir,
  };
  const printPeak =
    'process.on("exit",()=>process.stderr.write("\\npeak "+Math.round(process.resourceUsage().maxRSS/1024)));';
  const argv = [
    '--import',
    `data:text/javascript,${encodeURIComponent(preload + printPeak)}`,
    'bin/poe.js',
    'send',
    'hello',
  ];
  const {code, out, err} = await new Promise<{code: number | null; out: string; err: string}>((done) => {
    const child = execFile(process.execPath, argv, {env}, (_error, out, err) => done({code: child.exitCode, out, err}));
  });
  const [message, peak] = err.split('\npeak ');
  return {code, out, message, peakMb: Number(peak), requests: operationsOf(sandbox)};
}

test.each<[what: string, body: string, says: RegExp, preload?: string]>([
  ['that terminates the worker', '<script>new Array(4294967295).join("x")</script>', /of CPU time/, fastClock],
  ['that loops', '<script>for(;;);</script>', /took more than 5 seconds of CPU time/],
  ['that fills its memory', '<script>var a=[];for(;;)a.push(new Array(1000).fill(1))</script>', /[Nn]o form key/],
  ['of 33 MiB', 'x'.repeat(33 * 1024 * 1024), /larger than 32 MiB/],
])(
  'poe send stops at a page %s, with little memory and before the message is sent',
  async (_what, body, says, preload = '') => {
    const {code, out, message, peakMb, requests} = await sendWith(body, preload);
    expect({code, out}).toEqual({code: 1, out: ''});
    expect(message).toMatch(says);
    expect(message).not.toContain('inside poe');
    expect(peakMb).toBeLessThan(600);
    expect(requests).not.toContain('sendMessageMutation');
  },
);
