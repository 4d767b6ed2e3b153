import {expect, test} from 'vitest';
import type {FaultResponse, RequestMatch} from '../../src/sandbox/faults/faults.js';
import {countSends, withSandbox} from '../support/harness.js';
import {withKey} from '../support/with-key.js';
import {seconds} from '../support/patience.js';

/* The same faults at each request of a send. */

const send = ['send', '-b', 'Sandbox-Count', 'count to 3'];
const success = {code: 0, out: '1 2 3\n', err: ''};
const tooMany = (header?: string): FaultResponse => ({
  status: 429,
  headers: header === undefined ? {} : {'Retry-After': header},
});
const retryAfter: [header: string | undefined, error: RegExp][] = [
  ['90', /429.*\n +Try again in 90 seconds\.\n$/],
  ['600', /429.*\n +Try again in 10 minutes\.\n$/],
  ['7200', /429.*\n +Try again in 2 hours\.\n$/],
  [undefined, /429.*\n +Try again in a minute\.\n$/],
];

/** The requests before the message is sent. */
const before: Record<string, RequestMatch> = {
  'the page': {path: '/'},
  'the subscription': {operation: 'subscribe'},
  'the socket': {path: '/up/*'},
  'the bot': {operation: 'botInfo'},
};

test.for(Object.entries(before))('a rate limit at %s exits with 5, and nothing is sent', async ([, match]) => {
  for (const [header, error] of retryAfter) {
    const {run, sandbox} = await withSandbox();
    sandbox.faults.respondAlways(match, tooMany(header));
    expect(await run(...send)).toEqual({code: 5, out: '', err: expect.stringMatching(error)});
    expect(countSends(sandbox)).toBe(0);
  }
});

const transient: [name: string, fault: FaultResponse][] = [
  ['a rate limit', tooMany('1')],
  ['a server error', {status: 503}],
  ['a lost connection', 'drop'],
];

test.for(transient)('%s before the message is sent is retried', async ([name, fault]) => {
  // A rate-limited socket is not retried.
  const places = Object.entries(before).filter(([place]) => place !== 'the socket' || name !== 'a rate limit');
  const runs = places.map(async ([place, match]) => {
    const {run, sandbox} = await withSandbox();
    sandbox.faults.respondOnce(match, fault);
    expect({place, ...(await run(...send))}).toEqual({place, ...success});
    expect(countSends(sandbox)).toBe(1);
  });
  await Promise.all(runs);
});

test('the error of a lost reply says why the rest could not be fetched', async () => {
  const failures: [fault: FaultResponse, error: RegExp][] = [
    [tooMany('90'), /No data from Poe for \d+ seconds.*Rate limited by Poe \(HTTP 429\)\n.*poe attach \w+\n$/],
    [{status: 503}, /No data from Poe for \d+ seconds.*HTTP 503\)\n.*poe attach \w+\n$/],
    ['html', /No data from Poe for \d+ seconds.*a web page instead of data.*\n.*poe attach \w+\n$/],
    ['cloudflare', /No data from Poe for \d+ seconds.*Cloudflare.*\n.*poe attach \w+\n$/],
    ['drop', /No data from Poe for \d+ seconds.*closed the connection\n.*poe attach \w+\n$/],
    // The session expired during the reply.
    [
      {status: 302, headers: {Location: '/login'}},
      /No data from Poe for \d+ seconds.*\n.*poe login\. .*poe attach \w+\n$/,
    ],
  ];
  const lost = failures.map(async ([fault, error]) => {
    const {run, sandbox} = await withSandbox({pace: 0.2});
    // The first message loads and stores everything slow, so that only the faults exceed the timeout.
    expect(await run(...send)).toEqual(success);
    sandbox.faults.silentAfter(1);
    sandbox.faults.respondAlways({operation: 'chatPage'}, fault);
    expect(await run(...send, '--timeout', seconds(2))).toEqual({
      code: 7,
      out: '1\n',
      err: expect.stringMatching(error),
    });
    expect(countSends(sandbox)).toBe(2);
  });
  await Promise.all(lost);
});

test('a failed request for the rest of a reply is repeated before the timeout', async () => {
  const {run, sandbox} = await withSandbox({pace: 0.2});
  for (const fault of [tooMany('90'), 'html'] as const) {
    sandbox.faults.dropSocketAfter(1);
    sandbox.faults.silentAfter(1);
    sandbox.faults.respondOnce({operation: 'chatPage'}, fault);
    expect(await run(...send)).toEqual(success);
  }
});

test('with an API key, a rate limit exits with 5 and names the pause; a short one is retried', async () => {
  const runs = ['openai', 'native'].map(async (protocol) => {
    const path = protocol === 'native' ? '/bot/Sandbox-Count' : '/v1/chat/completions';
    const argv = [...send, '--protocol', protocol];
    for (const [header, error] of retryAfter) {
      const {run, sandbox} = await withKey();
      sandbox.faults.respondAlways({path}, tooMany(header));
      expect(await run(...argv)).toEqual({code: 5, out: '', err: expect.stringMatching(error)});
    }
    const retried = ([tooMany('1'), tooMany(), {status: 503}] as const).map(async (fault) => {
      const {run, sandbox} = await withKey();
      sandbox.faults.respondOnce({path}, fault);
      expect(await run(...argv)).toEqual(success);
    });
    await Promise.all(retried);
  });
  await Promise.all(runs);
});

test('with an API key, Cloudflare errors and API errors are different', async () => {
  const {run, sandbox} = await withKey();
  sandbox.faults.respondAlways({path: '/v1/chat/completions'}, 'cloudflare');
  expect(await run(...send)).toEqual({code: 6, out: '', err: expect.stringMatching(/Cloudflare.*HTTP 403/)});
});
