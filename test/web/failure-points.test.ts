import {expect, test} from 'vitest';
import type {FaultResponse, RequestMatch} from '../../src/sandbox/faults/faults.js';
import {sendsOf, withSandbox} from '../support/harness.js';
import {withKey} from '../support/with-key.js';

/* The same fault at each place of the way that a message goes. */

const send = ['send', '--timeout', '2', '-b', 'Sandbox-Count', 'count to 3'];
const whole = {code: 0, out: '1 2 3\n', err: ''};
const tooMany = (after?: string): FaultResponse => ({
  status: 429,
  headers: after === undefined ? {} : {'Retry-After': after},
});
const pauses: [after: string | undefined, says: RegExp][] = [
  ['90', /429.*\n +Try again in 90 seconds\.\n$/],
  [undefined, /429.*\n +Try again in a minute\.\n$/],
];

/** What is asked before the message leaves. */
const before: Record<string, RequestMatch> = {
  'the page': {path: '/'},
  'the subscription': {operation: 'subscribe'},
  'the socket': {path: '/up/*'},
  'the bot': {operation: 'botInfo'},
};

test.for(Object.entries(before))('too many requests, at %s: 5, and nothing was sent', async ([, match]) => {
  for (const [after, says] of pauses) {
    const {run, sandbox} = await withSandbox();
    sandbox.faults.respondAlways(match, tooMany(after));
    expect(await run(...send)).toEqual({code: 5, out: '', err: expect.stringMatching(says)});
    expect(sendsOf(sandbox)).toBe(0);
  }
});

const passing: [name: string, fault: FaultResponse][] = [
  ['a request too many', tooMany('1')],
  ['an error of the site', {status: 503}],
  ['a connection that is cut', 'drop'],
];

test.for(passing)('%s that passes, at each place before the message leaves, costs a moment', async ([name, fault]) => {
  for (const [place, match] of Object.entries(before)) {
    // Who is asked to wait before a socket is let in goes by what the site says, and is told.
    if (place === 'the socket' && name === 'a request too many') continue;
    const {run, sandbox} = await withSandbox();
    sandbox.faults.respondOnce(match, fault);
    expect({place, ...(await run(...send))}).toEqual({place, ...whole});
    expect(sendsOf(sandbox)).toBe(1);
  }
});

test('too many requests, at the message itself: 5, and it is not sent again', async () => {
  for (const [after, says] of pauses) {
    const {run, sandbox} = await withSandbox();
    sandbox.faults.respondOnce({operation: 'sendMessage'}, tooMany(after));
    expect(await run(...send)).toEqual({code: 5, out: '', err: expect.stringMatching(says)});
    expect(sendsOf(sandbox)).toBe(1);
  }
});

test('what keeps Poe from telling the rest of a reply is said when the reply is given up', async () => {
  const failures: [fault: FaultResponse, says: RegExp][] = [
    [tooMany('90'), /No data from Poe for 2 seconds.*Rate limited by Poe \(HTTP 429\)\n.*poe attach \w+\n$/],
    [{status: 503}, /No data from Poe for 2 seconds.*HTTP 503\)\n.*poe attach \w+\n$/],
    ['html', /No data from Poe for 2 seconds.*a web page instead of data.*\n.*poe attach \w+\n$/],
    ['cloudflare', /No data from Poe for 2 seconds.*Cloudflare.*\n.*poe attach \w+\n$/],
    ['drop', /No data from Poe for 2 seconds.*closed the connection\n.*poe attach \w+\n$/],
    // The session has ended in mid-reply.
    [
      {status: 302, headers: {Location: '/login'}},
      /No data from Poe for 2 seconds.*\n.*poe login\. .*poe attach \w+\n$/,
    ],
  ];
  const lost = failures.map(async ([fault, says]) => {
    const {run, sandbox} = await withSandbox({pace: 0.2});
    sandbox.faults.silentAfter(1);
    sandbox.faults.respondAlways({operation: 'chatPage'}, fault);
    expect(await run(...send)).toEqual({code: 7, out: '1\n', err: expect.stringMatching(says)});
    expect(sendsOf(sandbox)).toBe(1);
  });
  await Promise.all(lost);
});

test('a failure to ask for the rest of a reply that passes costs a moment, not the whole silence allowed', async () => {
  const {run, sandbox} = await withSandbox({pace: 0.2});
  for (const fault of [tooMany('90'), 'html'] as const) {
    sandbox.faults.dropSocketAfter(1);
    sandbox.faults.silentAfter(1);
    sandbox.faults.respondOnce({operation: 'chatPage'}, fault);
    expect(await run('send', '--timeout', '60', '-b', 'Sandbox-Count', 'count to 3')).toEqual(whole);
  }
});

test('over the API, too many requests: 5 with the pause; one that passes costs a moment', async () => {
  const asked = ['openai', 'native'].map(async (protocol) => {
    const path = protocol === 'native' ? '/bot/Sandbox-Count' : '/v1/chat/completions';
    const ask = [...send, '--protocol', protocol];
    for (const [after, says] of pauses) {
      const {run, sandbox} = await withKey();
      sandbox.faults.respondAlways({path}, tooMany(after));
      expect(await run(...ask)).toEqual({code: 5, out: '', err: expect.stringMatching(says)});
    }
    for (const fault of [tooMany('1'), tooMany(), {status: 503}, 'drop'] as const) {
      const {run, sandbox} = await withKey();
      sandbox.faults.respondOnce({path}, fault);
      expect(await run(...ask)).toEqual(whole);
    }
  });
  await Promise.all(asked);
});

test('over the API, what stands before it is told from what the API says', async () => {
  const {run, sandbox} = await withKey();
  sandbox.faults.respondAlways({path: '/v1/chat/completions'}, 'cloudflare');
  expect(await run(...send)).toEqual({code: 6, out: '', err: expect.stringMatching(/Cloudflare.*HTTP 403/)});
});
