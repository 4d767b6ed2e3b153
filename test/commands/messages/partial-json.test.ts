import {expect, test} from 'vitest';
import {withSandbox} from '../../support/harness.js';
import {withKey} from '../../support/with-key.js';

/* With --json, the part of a reply that arrived before an error is printed with the error. */

test.each([
  ['Sandbox-Cut', 7, 'reply_lost'],
  ['Sandbox-Broken', 1, 'bot_failed'],
])('send and attach with an API key (%s)', async (bot, code, error) => {
  const {run} = await withKey();
  const sent = await run('send', '--json', '-b', bot, 'count');
  expect(sent.code).toBe(code);
  const partial = JSON.parse(sent.out);
  expect(partial).toMatchObject({text: '1 2 ', state: 'incomplete', bot, error: {code: error, retryable: false}});
  expect({error: partial.error}).toEqual(JSON.parse(sent.err));
  const attached = await run('attach', 'last', '--json');
  expect(attached.code).toBe(7);
  expect(JSON.parse(attached.out)).toMatchObject({text: '1 2 ', error: {code: 'reply_lost'}});
});

test('send and attach with a browser session', async () => {
  const {run, sandbox} = await withSandbox({pace: 0.2});
  sandbox.faults.silentAfter(1);
  sandbox.faults.respondAlways({operation: 'chatPage'}, 'silence');
  const sent = await run('send', '--timeout', '1', '--json', '-b', 'Sandbox-Count', 'count to 3');
  expect(sent.code).toBe(7);
  expect(JSON.parse(sent.out)).toMatchObject({text: '1', state: 'incomplete', error: {code: 'reply_lost'}});
  const attached = await run('attach', 'last', '--timeout', '1', '--json');
  expect(attached.code).toBe(7);
  expect(JSON.parse(attached.out)).toMatchObject({text: '1', error: {code: 'reply_lost'}});
});

test('an error before the reply leaves stdout empty', async () => {
  const {run, sandbox} = await withKey();
  sandbox.faults.respondOnce({path: '/v1/chat/completions'}, {status: 502});
  expect(await run('send', '--json', '-b', 'Sandbox-Echo', 'hello')).toMatchObject({code: 7, out: ''});
});
