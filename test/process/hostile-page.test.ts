import {execFile} from 'node:child_process';
import {availableParallelism} from 'node:os';
import process from 'node:process';
import {expect, test} from 'vitest';
import {operationsOf, temporaryFolder, withSandbox} from '../support/harness.js';

/* A page whose scripts do their worst costs its limit and ends in an error, and so does one that is only large. The real program, for it runs them in a thread. */

/** Sends a message with the site's home page replaced. @returns what was said, the seconds and the most memory it took, in MB */
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
  const started = performance.now();
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
    seconds: (performance.now() - started) / 1000,
    asked: operationsOf(sandbox),
  };
}

const script = (text: string) => `<script>${text}</script>`;

/** Pages by what they do; those that take longest come first. */
const pages: Record<string, string> = {
  'joins what is not there, which heeds no interruption': script('new Array(4294967295).join("x")'),
  'looks through what is not there': script('Array.prototype.includes.call({length:2**53-1},1)'),
  'calls itself whatever happens': script('(function f(){try{f()}finally{f()}})()'),
  loops: script('for(;;);'),
  'loops in the function that is asked for the key': script(
    'window.k=function(){return window,(function(){for(;;);})()}',
  ),
  'has a regular expression that goes wrong': script('/(a+)+$/.test("a".repeat(40)+"b")'),
  'has functions without end': script('for(var i=0;;i++)window["f"+i]=function(){}'),
  'allocates arrays': script('var a=[];for(;;)a.push(new Array(1000).fill(1))'),
  'allocates text': script('var s="x";for(;;)s+=s'),
  'calls itself': script('(function f(){f()})()'),
  'asks for microtasks without end': script('Promise.resolve().then(function f(){return Promise.resolve().then(f)})'),
  'answers with a text without end': script('window.k=function(){return window,"a".repeat(2**26)}'),
  waits: script('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0)'),
  'has more scripts than any page has': script('window.a=1').repeat(300_000),
  'has elements in elements without end': '<div>'.repeat(400_000),
  'has a name that poe looks for, again and again': script('useFormkeyDecode='.repeat(300_000)),
  'has calls that never come': script('window.'.repeat(500_000)) + script(`window.a(${'"'.repeat(500_000)}`),
  'has blanks without end': script(`getAPISig=${' '.repeat(1_000_000)}`),
  'has no end': 'x'.repeat(33 * 1024 * 1024),
};

const ends: Record<string, RegExp> = {'has no end': /more than 33554432 bytes/};
const usualEnd = /No form key found|ran for longer than/;

/** The limits of a run are 8 s and 64 MB; the rest is for a machine that is busy. */
async function limitsPassed(what: string, body: string): Promise<string[]> {
  const {code, out, err, peakMb, seconds, asked} = await sendWith(body);
  const limits: Record<string, boolean> = {
    [`ends with ${code}`]: code === 1,
    [`writes ${out}`]: out === '',
    [`says ${err}`]: (ends[what] ?? usualEnd).test(err) && !err.includes('inside poe'),
    [`takes ${seconds} s`]: seconds < 60,
    [`takes ${peakMb} MB`]: peakMb < 600,
    [`asks for ${asked.join()}`]: !asked.includes('SendMessageMutation'),
  };
  return Object.keys(limits).filter((limit) => !limits[limit]);
}

test('a page that does its worst costs its limit and ends in an error', {timeout: 300_000}, async () => {
  const waiting = Object.entries(pages);
  const passed: Record<string, string[]> = {};
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) passed[next[0]] = await limitsPassed(...next);
  };
  // Most of them wait for a limit of time, which comes on a busy core too.
  await Promise.all(Array.from({length: 2 * availableParallelism()}, work));
  expect(passed).toEqual(Object.fromEntries(Object.keys(pages).map((what) => [what, []])));
});
