import {expect, test} from 'vitest';
import {cluesIn, findKey} from '../../src/core/web/site/form-key-script.js';
import {readScripts} from '../../src/core/web/site/page.js';

/* Home pages whose scripts try to use up time or memory. Each ends with an error or without a form key. */

const script = (text: string) => `<script>${text}</script>`;

async function findKeyOn(html: string, limits: {timeLimitMs?: number} = {}) {
  const scripts = readScripts(html).map(({text}) => text);
  return findKey(scripts, cluesIn(html), 'Test', limits);
}

test.each(
  Object.entries({
    'an endless loop': script('for(;;);'),
    'an endless loop in the function that returns the key': script(
      'window.k=function(){return window,(function(){for(;;);})()}',
    ),
    'a regular expression that backtracks': script('/(a+)+$/.test("a".repeat(40)+"b")'),
    'an unlimited number of functions': script('for(var i=0;;i++)window["f"+i]=function(){}'),
  }),
)('the time limit stops %s', async (_name, html) => {
  await expect(findKeyOn(html, {timeLimitMs: 200})).rejects.toMatchObject({
    code: 'not_understood',
    message: expect.stringContaining('took more than 0.2 seconds of CPU time'),
  });
});

test.each(
  Object.entries({
    'unlimited arrays': script('var a=[];for(;;)a.push(new Array(1e5).fill(1))'),
    'unlimited text': script('var s="x";for(;;)s+=s'),
    'unlimited recursion': script('(function f(){f()})()'),
    'unlimited microtasks': script('Promise.resolve().then(function f(){return Promise.resolve().then(f)})'),
    'a key of 64 MB': script('window.k=function(){return window,"a".repeat(2**26)}'),
    'a blocking wait': script('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0)'),
    '300,000 scripts': script('window.a=1').repeat(300_000),
    '400,000 nested elements': '<div>'.repeat(400_000),
    'a repeated name that poe looks for': script('useFormkeyDecode='.repeat(20_000)),
    'an unfinished expression of 3 MB': script('window.'.repeat(500_000)),
    'half a million quotation marks': script(`window.a(${'"'.repeat(500_000)}`),
    'a million spaces': script(`getAPISig=${' '.repeat(1_000_000)}`),
  }),
)('a page with %s has no form key', async (_name, html) => {
  expect(await findKeyOn(html)).toBeUndefined();
});
