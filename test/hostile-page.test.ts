import {execFile} from 'node:child_process';
import process from 'node:process';
import {expect, test} from 'vitest';
import {operationsOf, temporaryFolder, withSandbox} from './harness.js';

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

/** The limits of one run are 8 s and 64 MB, and there are two runs; the rest is for a machine that is busy. */
async function expectLimited(body: string, says = /form key could not be found|ran for longer than/): Promise<void> {
  const {code, out, err, peakMb, seconds, asked} = await sendWith(body);
  expect({body: body.slice(0, 80), code, out}).toEqual({body: body.slice(0, 80), code: 1, out: ''});
  expect(err).toMatch(says);
  expect(err).not.toMatch(/inside poe/);
  expect(seconds).toBeLessThan(60);
  expect(peakMb).toBeLessThan(600);
  expect(asked).not.toContain('SendMessageMutation');
}

const script = (text: string) => `<script>${text}</script>`;

test.each([
  ['loops', 'for(;;);'],
  ['loops in the function that is asked for the key', 'window.k=function(){return window,(function(){for(;;);})()}'],
  ['allocates arrays', 'var a=[];for(;;)a.push(new Array(1000).fill(1))'],
  ['allocates text', 'var s="x";for(;;)s+=s'],
  ['calls itself', '(function f(){f()})()'],
  ['calls itself whatever happens', '(function f(){try{f()}finally{f()}})()'],
  ['has a regular expression that goes wrong', '/(a+)+$/.test("a".repeat(40)+"b")'],
  ['joins what is not there, which heeds no interruption', 'new Array(4294967295).join("x")'],
  ['looks through what is not there', 'Array.prototype.includes.call({length:2**53-1},1)'],
  ['has functions without end', 'for(var i=0;;i++)window["f"+i]=function(){}'],
  ['asks for microtasks without end', 'Promise.resolve().then(function f(){return Promise.resolve().then(f)})'],
  ['answers with a text without end', 'window.k=function(){return window,"a".repeat(2**26)}'],
  ['waits', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0)'],
])('a page that %s', async (_what, text) => {
  await expectLimited(script(text));
});

test.each([
  ['more scripts than any page has', script('window.a=1').repeat(300_000)],
  ['elements in elements without end', '<div>'.repeat(400_000)],
  ['a name that poe looks for, again and again', script('useFormkeyDecode='.repeat(300_000))],
  ['calls that never come', script('window.'.repeat(500_000)) + script(`window.a(${'"'.repeat(500_000)}`)],
  ['blanks without end', script(`getAPISig=${' '.repeat(1_000_000)}`)],
])('a page with %s', async (_what, body) => {
  await expectLimited(body);
});

test('a page without end', async () => {
  await expectLimited('x'.repeat(33 * 1024 * 1024), /more than 33554432 bytes/);
});
