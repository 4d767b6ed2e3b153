import {expect, test} from 'vitest';
import {withSandbox} from '../support/harness.js';

/* A bot that answers one question with several messages. */

const note = 'The bot sent another message to the same question. The history of the chat shows it.\n';

test('send prints the first message and a note, attach the last one', async () => {
  const {run} = await withSandbox();
  expect(await run('send', '-b', 'Sandbox-Two', 'hello')).toEqual({
    code: 0,
    out: 'This is the first message.\n',
    err: note,
  });
  await expect.poll(() => run('attach', 'last')).toEqual({code: 0, out: 'And this is the second one.\n', err: note});
});

test('--json contains the other messages as far as they are known', async () => {
  const {run} = await withSandbox();
  const sent = JSON.parse((await run('send', '--json', '-b', 'Sandbox-Two', 'hello')).out);
  expect(sent.otherReplies).toEqual([
    {messageId: expect.any(Number), text: expect.any(String), state: expect.stringMatching(/^(?:in)?complete$/)},
  ]);
  const attached = JSON.parse((await run('attach', 'last', '--json')).out);
  expect(attached.otherReplies).toEqual([
    {messageId: sent.botMessage.messageId, text: 'This is the first message.', state: 'complete'},
  ]);
});

test('a reply in one message has no note', async () => {
  const {run} = await withSandbox();
  expect(await run('send', '-b', 'Sandbox-Count', 'count to 2')).toEqual({code: 0, out: '1 2\n', err: ''});
  expect(JSON.parse((await run('attach', 'last', '--json')).out)).not.toHaveProperty('otherReplies');
});
