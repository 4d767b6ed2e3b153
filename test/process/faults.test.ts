import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {utimesSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import type {TestSandbox} from '../../src/sandbox/faults/test-sandbox.js';

import {nameOf, operationsOf, temporaryFolder, withSandbox} from '../support/harness.js';

/* Each fault has its own end: what the user sees, and the exit code. */

interface Row {
  fault: string;
  set: (faults: TestSandbox['faults']) => void;
  code: number;
  /** In what is said on stderr. */
  says: RegExp;
  out?: string;
  /** How many sends Poe refuses before it does anything. */
  refusals?: number;
  timeoutS?: number;
}

const whole = '1 2 3\n';

const rows: Row[] = [
  {fault: 'socket cut', set: (faults) => faults.dropSocketAfter(1), code: 0, says: /^$/, out: whole},
  {fault: 'malformed frames', set: (faults) => faults.malformedFrames(), code: 0, says: /^$/, out: whole},
  {fault: 'missed_messages', set: (faults) => faults.missedMessages(1), code: 0, says: /^$/, out: whole},
  {fault: 'refetchChannel', set: (faults) => faults.refetchChannel(1), code: 0, says: /^$/, out: whole},
  {fault: 'silence on the channel', set: (faults) => faults.silentAfter(1), code: 0, says: /^$/, out: whole},
  {
    fault: 'silence on the channel and of Poe',
    set(faults) {
      faults.silentAfter(1);
      faults.respondAlways({operation: 'chatPage'}, 'silence');
    },
    code: 7,
    says: /No data from Poe for 1 second before the reply was complete\n +.*poe attach \w+/,
    out: '1\n',
  },
  {
    fault: 'no socket to be had',
    set: (faults) => faults.refuseSockets(),
    code: 6,
    says: /live connection \(HTTP 503\)/,
  },
  {
    fault: '429 with Retry-After',
    set: (faults) => faults.respondAlways({operation: 'sendMessage'}, {status: 429, headers: {'Retry-After': '90'}}),
    code: 5,
    says: /HTTP 429.*\n.*90 seconds/,
  },
  {
    fault: '429 without Retry-After',
    set: (faults) => faults.respondAlways({operation: 'sendMessage'}, {status: 429}),
    code: 5,
    says: /HTTP 429.*\n.*minute/,
  },
  {
    fault: '5xx to the send',
    set: (faults) => faults.respondAlways({operation: 'sendMessage'}, {status: 502}),
    code: 6,
    says: /HTTP 502.*did not arrive/,
  },
  {
    fault: 'a web page to a query',
    set: (faults) => faults.respondAlways({operation: 'botInfo'}, 'html'),
    code: 6,
    says: /web page/,
  },
  {
    fault: 'Cloudflare',
    set: (faults) => faults.respondAlways({operation: 'botInfo'}, 'cloudflare'),
    code: 6,
    says: /Cloudflare/,
  },
  {
    fault: 'a session that has ended, at the send',
    set: (faults) => faults.respondAlways({operation: 'sendMessage'}, 'empty-400'),
    refusals: 1,
    code: 4,
    says: /p-b|form key/,
  },
  {
    fault: 'an answer without end',
    set: (faults) => faults.respondAlways({operation: 'botInfo'}, {status: 200, body: 'x'.repeat(33 * 1024 * 1024)}),
    code: 1,
    says: /more than 33554432 bytes/,
    // So much keeps a busy machine from hearing the socket, too.
    timeoutS: 20,
  },
];

test.each(rows)('$fault: $code', async ({set, code, says, out = '', refusals = 0, timeoutS = 1}) => {
  const {run, sandbox} = await withSandbox({pace: 0.2});
  set(sandbox.faults);
  const outcome = await run('send', '--timeout', String(timeoutS), '-b', 'Sandbox-Count', 'count to 3');
  expect(outcome).toEqual({code, out, err: expect.stringMatching(says)});
  const sends = sandbox.requests.filter(({queryName}) => queryName === nameOf('sendMessage'));
  const refused = sends.filter(({status}) => status === 400);
  expect(refused).toHaveLength(refusals);
  expect(sends.length - refused.length).toBeLessThanOrEqual(refusals > 0 ? 0 : 1);
});

test('a redirect to another host is not followed, and no cookie gets there', async () => {
  let calls = 0;
  const elsewhere = createServer((_request, response) => {
    calls++;
    response.end();
  });
  await once(elsewhere.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void elsewhere.close());
  const {port} = elsewhere.address() as AddressInfo;
  for (const match of [{operation: 'botInfo'}, {path: '/'}] as const) {
    const {run, sandbox} = await withSandbox();
    for (const status of [301, 302, 307, 308]) {
      sandbox.faults.respondOnce(match, {status, headers: {Location: `http://127.0.0.1:${port}/`}});
    }
    expect((await run('send', '-b', 'Sandbox-Count', 'count to 3')).code).toBeGreaterThan(0);
  }
  expect(calls).toBe(0);
});

test('a store that another process holds fails a login, but no message', {timeout: 30_000}, async () => {
  const {run, runWith, sandbox, configDir} = await withSandbox();
  const {pB, pLat} = sandbox.tokens;
  const lock = join(configDir, 'config.json.lock');
  writeFileSync(lock, JSON.stringify({pid: process.pid, since: new Date().toISOString(), id: 'x'}));
  // It does not grow old.
  const held = setInterval(() => utimesSync(lock, new Date(), new Date()), 1_000);
  onTestFinished(() => clearInterval(held));
  const [login, send] = await Promise.all([
    runWith({stdin: JSON.stringify({'p-b': pB, 'p-lat': pLat})}, 'login'),
    run('send', '-b', 'Sandbox-Count', 'count to 3'),
  ]);
  expect({code: login.code, err: login.err}).toEqual({
    code: 1,
    err: expect.stringContaining('another process is using it'),
  });
  expect({code: send.code, out: send.out}).toEqual({code: 0, out: whole});
});

async function processes(pace?: number) {
  const {sandbox, configDir} = await withSandbox({pace});
  const env = {PATH: process.env.PATH, HOME: temporaryFolder(), ...sandbox.env, POE_CONFIG_DIR: configDir};
  return {sandbox, env};
}

test.each([
  ['a full disk under stdout', '> /dev/full', 1, /could not be written.*(?:ENOSPC|full)/],
  ['stdout closed from the start', '>&-', 0, /^/],
  ['a reader that goes away', '| head -c1 > /dev/null; exit ${PIPESTATUS[0]}', 0, /^$/],
])('%s', async (_fault, where, code, says) => {
  const {env} = await processes();
  const ended = await new Promise<{code: number | null; err: string}>((resolve) => {
    const child = execFile(
      'bash',
      ['-c', `node bin/poe.js send -b Sandbox-Count 'count to 3' ${where}`],
      {env},
      (_error, _out, err) => resolve({code: child.exitCode, err}),
    );
  });
  expect(ended).toEqual({code, err: expect.stringMatching(says)});
});

test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
  '%s stops the bot, keeps what came, ends with 130',
  async (signal) => {
    const {env, sandbox} = await processes(0.2);
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
    expect({code, isKept: out.startsWith('One')}).toEqual({code: 130, isKept: true});
    expect(operationsOf(sandbox)).toContain('cancelViewerActiveJobs_cancelViewerActiveJobs_Mutation');
  },
);
