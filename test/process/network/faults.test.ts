import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {utimesSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import type {TestSandbox} from '../../../src/sandbox/faults/test-sandbox.js';

import {operationName, operationsOf, withSandbox} from '../../support/harness.js';
import {seconds} from '../../support/patience.js';
import {withProgram} from '../../support/program.js';

/* What the user sees of each fault, and the exit code. */

interface Row {
  fault: string;
  set: (faults: TestSandbox['faults']) => void;
  code: number;
  /** Matches stderr. */
  message: RegExp;
  out?: string;
  /** How many sends Poe rejects with HTTP 400. */
  refusals?: number;
  timeoutS?: string;
  /** How often the message is sent again. */
  repeats?: number;
}

const reply = '1 2 3\n';

const rows: Row[] = [
  {fault: 'socket cut', set: (faults) => faults.dropSocketAfter(1), code: 0, message: /^$/, out: reply},
  {fault: 'malformed frames', set: (faults) => faults.malformedFrames(), code: 0, message: /^$/, out: reply},
  {fault: 'missed_messages', set: (faults) => faults.missedMessages(1), code: 0, message: /^$/, out: reply},
  {fault: 'refetchChannel', set: (faults) => faults.refetchChannel(1), code: 0, message: /^$/, out: reply},
  {fault: 'silence on the channel', set: (faults) => faults.silentAfter(1), code: 0, message: /^$/, out: reply},
  {
    fault: 'silence on the channel and of the site',
    set(faults) {
      faults.silentAfter(1);
      faults.respondAlways({operation: 'chatPage'}, 'silence');
    },
    code: 7,
    message: /No data from Poe for 1 second before the reply was complete\n +.*poe attach \w+/,
    out: '1\n',
  },
  {
    fault: 'no WebSocket',
    set: (faults) => faults.refuseSockets(),
    code: 6,
    message: /live connection \(HTTP 503\)/,
  },
  {
    fault: '429 with Retry-After',
    set: (faults) => faults.respondAlways({operation: 'sendMessage'}, {status: 429, headers: {'Retry-After': '90'}}),
    code: 5,
    message: /HTTP 429.*\n.*90 seconds/,
  },
  {
    fault: '429 without Retry-After',
    set: (faults) => faults.respondAlways({operation: 'sendMessage'}, {status: 429}),
    code: 5,
    message: /HTTP 429.*\n.*minute/,
    repeats: 2,
  },
  {
    fault: '5xx for the send',
    set: (faults) => faults.respondAlways({operation: 'sendMessage'}, {status: 502}),
    code: 7,
    message: /HTTP 502.*not known whether the message arrived/,
  },
  {
    fault: 'a web page instead of an answer',
    set: (faults) => faults.respondAlways({operation: 'botInfo'}, 'html'),
    code: 6,
    message: /web page/,
  },
  {
    fault: 'Cloudflare',
    set: (faults) => faults.respondAlways({operation: 'botInfo'}, 'cloudflare'),
    code: 6,
    message: /Cloudflare/,
  },
  {
    fault: 'a session that ends before the send',
    set: (faults) => faults.respondAlways({operation: 'sendMessage'}, 'empty-400'),
    refusals: 1,
    code: 4,
    message: /p-b|form key/,
  },
  {
    fault: 'an answer that is too large',
    set: (faults) => faults.respondAlways({operation: 'botInfo'}, {status: 200, body: 'x'.repeat(33 * 1024 * 1024)}),
    code: 1,
    message: /larger than 32 MiB/,
    // So much data delays the socket on a busy machine.
    timeoutS: '20',
  },
];

test.each(rows)(
  '$fault exits with $code',
  async ({set, code, message, out = '', refusals = 0, timeoutS = seconds(1), repeats = 0}) => {
    const {run, sandbox} = await withSandbox({pace: 0.2});
    set(sandbox.faults);
    const outcome = await run('send', '--timeout', timeoutS, '-b', 'Sandbox-Count', 'count to 3');
    expect(outcome).toEqual({code, out, err: expect.stringMatching(message)});
    const sends = sandbox.requests.filter(({queryName}) => queryName === operationName('sendMessage'));
    const refused = sends.filter(({status}) => status === 400);
    expect(refused).toHaveLength(refusals);
    expect(sends.length - refused.length).toBeLessThanOrEqual(refusals > 0 ? 0 : 1 + repeats);
  },
);

test('a redirect to another host is not followed', async () => {
  let calls = 0;
  const otherHost = createServer((_request, response) => {
    calls++;
    response.end();
  });
  await once(otherHost.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void otherHost.close());
  const {port} = otherHost.address() as AddressInfo;
  for (const match of [{operation: 'botInfo'}, {path: '/'}] as const) {
    const {run, sandbox} = await withSandbox();
    for (const status of [301, 302, 307, 308]) {
      sandbox.faults.respondOnce(match, {status, headers: {Location: `http://127.0.0.1:${port}/`}});
    }
    expect((await run('send', '-b', 'Sandbox-Count', 'count to 3')).code).toBeGreaterThan(0);
  }
  expect(calls).toBe(0);
});

test('a locked settings file fails a login, but not a message', async () => {
  const {run, runWith, sandbox, configDir} = await withSandbox();
  const {pB, pLat} = sandbox.tokens;
  const lock = join(configDir, 'config.json.lock');
  writeFileSync(lock, JSON.stringify({pid: process.pid, since: new Date().toISOString(), id: 'x'}));
  // Keeps the lock from becoming old.
  const timer = setInterval(() => utimesSync(lock, new Date(), new Date()), 1_000);
  onTestFinished(() => clearInterval(timer));
  const [login, send] = await Promise.all([
    runWith({stdin: JSON.stringify({'p-b': pB, 'p-lat': pLat})}, 'login'),
    run('send', '-b', 'Sandbox-Count', 'count to 3'),
  ]);
  expect({code: login.code, err: login.err}).toEqual({
    code: 1,
    err: expect.stringContaining('another process is using it'),
  });
  expect({code: send.code, out: send.out}).toEqual({code: 0, out: reply});
});

test.each([
  ['a full disk fails stdout', '> /dev/full', 1, /Could not write.*ENOSPC/],
  ['a closed stdout is accepted', '>&-', 0, /^/],
  ['a reader that closes the pipe is accepted', '| head -c1 > /dev/null; exit ${PIPESTATUS[0]}', 0, /^$/],
])('%s', async (_fault, redirection, code, message) => {
  const {shell} = await withProgram();
  const ended = await shell(`node bin/poe.js send -b Sandbox-Count 'count to 3' ${redirection}`);
  expect({code: ended.code, err: ended.err}).toEqual({code, err: expect.stringMatching(message)});
});

test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
  '%s cancels the reply, leaves its beginning on stdout, and exits with 130',
  async (signal) => {
    const {env, sandbox} = await withProgram({pace: 0.2});
    const child = spawn(process.execPath, ['bin/poe.js', 'send', '-b', 'Sandbox-Slow', 'hello'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (out === '') child.kill(signal);
      out += chunk.toString();
    });
    const [code] = await once(child, 'close');
    expect({code, out}).toEqual({code: 130, out: expect.stringMatching(/^One/)});
    expect(operationsOf(sandbox)).toContain('cancelViewerActiveJobs_cancelViewerActiveJobs_Mutation');
  },
);
