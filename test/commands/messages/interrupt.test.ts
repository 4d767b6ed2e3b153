import {Readable} from 'node:stream';
import {expect, test} from 'vitest';
import {operationName, operationsOf, countSends, withSandbox} from '../../support/harness.js';

test('Ctrl-C cancels the reply on Poe, keeps the partial text, and exits with 130', async () => {
  const {runWith, sandbox} = await withSandbox({pace: 0.3});
  const stop = new AbortController();
  const {code, out} = await runWith(
    {signal: stop.signal, onOut: () => stop.abort()},
    'send',
    '-b',
    'Sandbox-Slow',
    'hello',
  );
  expect(code).toBe(130);
  expect(out.trim()).not.toBe('');
  expect(out.endsWith('\n')).toBe(true);
  expect(operationsOf(sandbox)).toContain('cancelViewerActiveJobs_cancelViewerActiveJobs_Mutation');
});

test('Ctrl-C while the message is being sent cancels its reply on Poe', async () => {
  const {runWith, sandbox} = await withSandbox({pace: 0.3});
  const stop = new AbortController();
  const before = operationsOf(sandbox);
  const watch = setInterval(() => {
    if (operationsOf(sandbox).includes(operationName('sendMessage'))) stop.abort();
  }, 1);
  const {code} = await runWith({signal: stop.signal}, 'send', '-b', 'Sandbox-Slow', 'hello').finally(() =>
    clearInterval(watch),
  );
  expect({code, before}).toEqual({code: 130, before: []});
  expect(operationsOf(sandbox)).toContain('cancelViewerActiveJobs_cancelViewerActiveJobs_Mutation');
});

test('Ctrl-C before the message is sent sends nothing', async () => {
  const {runWith, sandbox} = await withSandbox();
  sandbox.faults.respondAlways({operation: 'subscribe'}, 'silence');
  const stop = new AbortController();
  const watch = setInterval(() => {
    if (operationsOf(sandbox).includes(operationName('subscribe'))) stop.abort();
  }, 1);
  const {code, out} = await runWith({signal: stop.signal}, 'send', '-b', 'Sandbox-Slow', 'hello').finally(() =>
    clearInterval(watch),
  );
  expect({code, out}).toEqual({code: 130, out: ''});
  expect(countSends(sandbox)).toBe(0);
});

test('a reply that is cancelled elsewhere is reported as cancelled', async () => {
  const {runWith, run, sandbox} = await withSandbox({pace: 0.3});
  let isCancelled = false;
  const {code, err} = await runWith(
    {
      onOut() {
        if (isCancelled) return;
        isCancelled = true;
        sandbox.world.jobs.cancel(() => true);
      },
    },
    'send',
    '-b',
    'Sandbox-Slow',
    'hello',
  );
  expect(code).toBe(1);
  expect(err).toContain('cancelled');
  expect((await run('send', '-b', 'Sandbox-Count', 'count to 2')).code).toBe(0);
});

test('Ctrl-C while the message is read from stdin exits with 130 and sends nothing', async () => {
  const {runWith, sandbox} = await withSandbox();
  const stop = new AbortController();
  const stdin = new Readable({read: () => stop.abort()});
  expect(await runWith({stdin, signal: stop.signal}, 'send')).toEqual({code: 130, out: '', err: ''});
  expect(operationsOf(sandbox)).toEqual([]);
});
