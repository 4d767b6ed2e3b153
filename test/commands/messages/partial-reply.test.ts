import {expect, test} from 'vitest';
import {withSandbox} from '../../support/harness.js';
import {chunks, delta, scriptedApi} from '../../support/servers/scripted-api.js';

const lines = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

test('--json prints the part of a reply that arrived with the error that ended it, on stderr', async () => {
  const {run} = await withSandbox();
  const {code, out, err} = await run('send', '-q', '--json', '-b', 'Sandbox-Fails', 'hello');
  expect({code, out}).toEqual({code: 1, out: ''});
  expect(lines(err)).toMatchObject([
    {
      error: {code: 'bot_failed', retryable: expect.any(Boolean)},
      reply: {text: expect.stringMatching(/^\w/), bot: 'Sandbox-Fails', chat: {chatCode: expect.any(String)}},
    },
  ]);
  const attached = await run('attach', '-q', '--json', 'last');
  expect(lines(attached.err)).toMatchObject([
    {error: {code: 'bot_failed'}, reply: {text: expect.stringMatching(/^\w/)}},
  ]);
});

test('--json prints the part of a reply from the API that was cut off', async () => {
  const {run} = await scriptedApi({'/v1/chat/completions': chunks([delta({content: 'Hel'})], '')});
  const {code, out, err} = await run('send', '-q', '--json', '-b', 'tea', 'hello');
  expect({code, out}).toEqual({code: 7, out: ''});
  expect(lines(err)).toMatchObject([
    {error: {code: 'reply_lost'}, reply: {text: 'Hel', state: 'incomplete', via: 'api'}},
  ]);
});

test('--json prints no reply with an error before the reply', async () => {
  const {run} = await withSandbox();
  const {err} = await run('send', '--json', '-b', 'nobody-at-all', 'hello');
  expect(Object.keys(lines(err)[0] ?? {})).toEqual(['error']);
});
