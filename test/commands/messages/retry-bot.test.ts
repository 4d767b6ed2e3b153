import {expect, test} from 'vitest';
import {withSandbox} from '../../support/harness.js';
import {withKey} from '../../support/with-key.js';

test('retry -b has another bot write the reply in a local chat', async () => {
  const {run} = await withKey();
  await run('send', '-b', 'Sandbox-Echo', 'count to 3');
  expect(await run('retry', 'last', '-b', 'sandbox-count')).toMatchObject({code: 0, out: '1 2 3\n'});
  const {out} = await run('history', 'show', 'last');
  // The title and the question.
  expect(out.match(/count to 3/g)).toHaveLength(2);
});

test('retry -b is an error for a chat on poe.com', async () => {
  const {run} = await withSandbox();
  await run('send', '-b', 'Sandbox-Echo', 'count to 3');
  const {code, err} = await run('retry', 'last', '-b', 'Sandbox-Count');
  expect(code).toBe(4);
  expect(err).toContain('Regenerating a reply with another bot requires a chat with an API key');
});
