import {execFile} from 'node:child_process';
import {availableParallelism} from 'node:os';
import process from 'node:process';
import {expect, test} from 'vitest';
import {nameOf, operationsOf, temporaryFolder, withSandbox} from '../support/harness.js';

/* Hostile and very large home pages end in an error within limits of time and memory. The real program runs their scripts in a thread. */

/** Sends a message with a replaced home page. @returns the output, the duration in seconds and the peak memory in MB */
async function sendWith(body: string) {
  const {sandbox, configDir} = await withSandbox();
  sandbox.faults.respondAlways({path: '/'}, {status: 200, body, headers: {'Content-Type': 'text/html'}});
  const env = {
    PATH: process.env.PATH,
    HOME: temporaryFolder(),
    ...sandbox.env,
    POE_FORMKEY: undefined,
    POE_CONFIG_DIR: configDir,
  };
  const script =
    'process.on("exit",()=>process.stderr.write("\\npeak "+Math.round(process.resourceUsage().maxRSS/1024)));';
  const words = ['--import', `data:text/javascript,${script}`, 'bin/poe.js', 'send', 'hello'];
  const start = performance.now();
  const ended = await new Promise<{code: number | null; out: string; err: string}>((resolve) => {
    const child = execFile(process.execPath, words, {env, timeout: 100_000}, (_error, out, err) =>
      resolve({code: child.exitCode, out, err}),
    );
  });
  const [err = '', peak = ''] = ended.err.split('\npeak ');
  return {
    ...ended,
    err,
    peakMb: Number(peak),
    seconds: (performance.now() - start) / 1000,
    operations: operationsOf(sandbox),
  };
}

const script = (text: string) => `<script>${text}</script>`;

/** Pages by what they do, slowest first. */
const pages: Record<string, string> = {
  'joins a huge sparse array, which cannot be interrupted': script('new Array(4294967295).join("x")'),
  'searches a huge array-like object': script('Array.prototype.includes.call({length:2**53-1},1)'),
  'recurses in finally': script('(function f(){try{f()}finally{f()}})()'),
  loops: script('for(;;);'),
  'loops in the form key function': script('window.k=function(){return window,(function(){for(;;);})()}'),
  'backtracks in a regular expression': script('/(a+)+$/.test("a".repeat(40)+"b")'),
  'defines functions forever': script('for(var i=0;;i++)window["f"+i]=function(){}'),
  'allocates arrays': script('var a=[];for(;;)a.push(new Array(1000).fill(1))'),
  'allocates text': script('var s="x";for(;;)s+=s'),
  recurses: script('(function f(){f()})()'),
  'queues microtasks forever': script('Promise.resolve().then(function f(){return Promise.resolve().then(f)})'),
  'returns a huge text as the key': script('window.k=function(){return window,"a".repeat(2**26)}'),
  waits: script('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0)'),
  'has 300,000 scripts': script('window.a=1').repeat(300_000),
  'nests 400,000 elements': '<div>'.repeat(400_000),
  'repeats a name that poe searches for': script('useFormkeyDecode='.repeat(300_000)),
  'repeats the start of a call': script('window.'.repeat(500_000)) + script(`window.a(${'"'.repeat(500_000)}`),
  'has a million spaces': script(`getAPISig=${' '.repeat(1_000_000)}`),
  'is too large': 'x'.repeat(33 * 1024 * 1024),
};

const specialErrors: Record<string, RegExp> = {'is too large': /larger than 32 MiB/};
const usualError = /No form key found|ran for longer than/;

/** The limits that a page exceeds. Scripts may take 8 s and 64 MB; the rest is for a busy machine. */
async function exceededLimits(what: string, body: string): Promise<string[]> {
  const {code, out, err, peakMb, seconds, operations} = await sendWith(body);
  const limits: Record<string, boolean> = {
    [`exits with ${code}`]: code === 1,
    [`writes ${out}`]: out === '',
    [`prints ${err}`]: (specialErrors[what] ?? usualError).test(err) && !err.includes('inside poe'),
    [`takes ${seconds} s`]: seconds < 60,
    [`takes ${peakMb} MB`]: peakMb < 600,
    [`requests ${operations.join()}`]: !operations.includes(nameOf('sendMessage')),
  };
  return Object.keys(limits).filter((limit) => !limits[limit]);
}

test('hostile home pages end in an error within limits', {timeout: 300_000}, async () => {
  const waiting = Object.entries(pages);
  const exceeded: Record<string, string[]> = {};
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) exceeded[next[0]] = await exceededLimits(...next);
  };
  // Most of them only wait for a time limit.
  await Promise.all(Array.from({length: 2 * availableParallelism()}, work));
  expect(exceeded).toEqual(Object.fromEntries(Object.keys(pages).map((what) => [what, []])));
});
