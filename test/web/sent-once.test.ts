import {expect, test} from 'vitest';
import type {FaultResponse} from '../../src/sandbox/faults/faults.js';
import {countSends, operationName, withSandbox} from '../support/harness.js';
import {seconds} from '../support/patience.js';

/* Over a browser session, too, a message is sent again only if Poe certainly did not process it. */

const send = (test?: Parameters<typeof seconds>[1]) => [
  'send',
  '--timeout',
  seconds(1, test),
  '-b',
  'Sandbox-Count',
  'count to 3',
];
const doubt = /not known whether the message arrived.*may have been charged\n +Check poe history/;

const rows: [name: string, posts: number, code: number, fault: FaultResponse, error: RegExp][] = [
  ['HTTP 429', 3, 5, {status: 429}, /Rate limited/],
  ['HTTP 429 with a short pause', 3, 5, {status: 429, headers: {'Retry-After': '0'}}, /Rate limited/],
  ['HTTP 429 with a long pause', 1, 5, {status: 429, headers: {'Retry-After': '60'}}, /60 seconds/],
  ['HTTP 503', 3, 6, {status: 503}, /HTTP 503/],
  ['HTTP 529', 3, 6, {status: 529}, /HTTP 529/],
  ['a lost connection', 1, 7, 'drop', doubt],
  ['no response', 1, 7, 'silence', doubt],
  ['a web page', 1, 7, 'html', doubt],
  ['HTTP 302', 1, 7, {status: 302, headers: {Location: '/elsewhere'}}, doubt],
  ['HTTP 408', 1, 7, {status: 408}, doubt],
  ['HTTP 500', 1, 7, {status: 500}, doubt],
  ['HTTP 502', 1, 7, {status: 502}, doubt],
  ['HTTP 504', 1, 7, {status: 504}, doubt],
  ['HTTP 520', 1, 7, {status: 520}, doubt],
  ['HTTP 413', 1, 5, {status: 413}, /too large/],
  ['HTTP 422', 1, 1, {status: 422}, /HTTP 422/],
  ['Cloudflare', 1, 6, 'cloudflare', /Cloudflare/],
];

test.concurrent.for(rows)(
  '%s: the message is posted %i times, and poe exits with %i',
  async (row, {onTestFinished, task}) => {
    const [, posts, code, fault, error] = row;
    const {run, sandbox} = await withSandbox({}, onTestFinished);
    sandbox.faults.respondAlways({operation: 'sendMessage'}, fault);
    const outcome = await run(...send(task));
    expect({...outcome, posts: countSends(sandbox)}).toEqual({code, out: '', err: expect.stringMatching(error), posts});
  },
);

test('a message that was not processed is sent again', async () => {
  for (const status of [429, 503, 529]) {
    const {run, sandbox} = await withSandbox();
    for (let count = 0; count < 2; count++) sandbox.faults.respondOnce({operation: 'sendMessage'}, {status});
    expect(await run(...send())).toEqual({code: 0, out: '1 2 3\n', err: ''});
    expect(countSends(sandbox)).toBe(3);
  }
});

test('--retries sends it again with another nonce if it is not known whether it arrived', async () => {
  const {run, sandbox} = await withSandbox();
  sandbox.faults.respondOnce({operation: 'sendMessage'}, 'drop');
  expect(await run(...send(), '--retries', '1')).toEqual({code: 0, out: '1 2 3\n', err: ''});
  const sends = sandbox.requests.filter(({queryName}) => queryName === operationName('sendMessage'));
  const nonces = sends.map(({body}): string => JSON.parse(body).variables.clientNonce);
  expect(new Set(nonces).size).toBe(2);
});

test('--retries does not send a message again that was found on Poe', async () => {
  const {run, sandbox} = await withSandbox();
  sandbox.faults.loseResponseOnce('sendMessage', 'drop');
  expect(await run(...send(), '--retries', '3')).toEqual({code: 0, out: '1 2 3\n', err: ''});
  expect(countSends(sandbox)).toBe(1);
});

test('regenerating a reply has the same rules', async () => {
  const {run, sandbox} = await withSandbox();
  await run(...send());
  const regenerations = () =>
    sandbox.requests.filter(({queryName}) => queryName === operationName('retryMessage')).length;
  sandbox.faults.respondOnce({operation: 'retryMessage'}, {status: 503});
  expect(await run('retry', 'last')).toMatchObject({code: 0});
  expect(regenerations()).toBe(2);
  sandbox.faults.respondOnce({operation: 'retryMessage'}, 'drop');
  expect(await run('retry', 'last')).toMatchObject({code: 7, err: expect.stringMatching(doubt)});
  expect(regenerations()).toBe(3);
  sandbox.faults.respondOnce({operation: 'retryMessage'}, 'drop');
  expect(await run('retry', 'last', '--retries', '1')).toMatchObject({code: 0});
  expect(regenerations()).toBe(5);
});
