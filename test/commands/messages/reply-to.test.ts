import {expect, test} from 'vitest';
import {countSends, sentMessages, withSandbox} from '../../support/harness.js';
import {withKey} from '../../support/with-key.js';

/* Replies to one message of a chat, the IDs of messages, and branches. */

type Run = (...argv: string[]) => Promise<{code: number; out: string; err: string}>;

async function messagesOf(run: Run): Promise<{messageId: number; text: string}[]> {
  const {out} = await run('history', 'show', 'last', '--json', '--all');
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('history show --ids prints the IDs that other commands accept', async () => {
  for (const {run} of [await withSandbox({pace: 0}), await withKey({pace: 0})]) {
    await run('send', '-b', 'Sandbox-Echo', 'hello');
    const [question, reply] = await messagesOf(run);
    expect((await run('history', 'show', 'last')).out).not.toContain(String(reply?.messageId));
    const {out} = await run('history', 'show', '--ids', 'last');
    expect(out).toMatch(new RegExp(`^## You · .* · ${question?.messageId}$`, 'm'));
    expect(out).toMatch(new RegExp(`^## Sandbox-Echo · .* · ${reply?.messageId}$`, 'm'));
    expect((await run('send', '-c', 'last', '--reply-to', String(question?.messageId), 'why?')).code).toBe(0);
  }
});

test('with a browser session, --reply-to refers to the message on Poe', async () => {
  const {run, sandbox} = await withSandbox({pace: 0});
  await run('send', '-b', 'Sandbox-Echo', 'first');
  await run('send', '-c', 'last', 'second');
  const [first, , , newest] = await messagesOf(run);
  const {code, out} = await run('send', '-c', 'last', '--reply-to', String(first?.messageId), 'third');
  expect({code, out}).toEqual({code: 0, out: 'third\n'});
  await run('send', '-c', 'last', '--reply-to', 'last', 'fourth');
  const references = [null, null, first?.messageId, newest?.messageId && expect.any(Number)];
  expect(sentMessages(sandbox)).toMatchObject(references.map((referencedMessageId) => ({referencedMessageId})));
  const [chat] = sandbox.world.chats;
  expect(chat?.messages.at(-2)?.referencedMessageId).toBe(chat?.messages.at(-3)?.messageId);
});

test('with an API key, --reply-to quotes the message', async () => {
  const {run} = await withKey({pace: 0});
  await run('send', '-b', 'Sandbox-Echo', 'one\n\ntwo');
  await run('send', '-c', 'last', 'something else');
  const [first] = await messagesOf(run);
  const ask = (id: number | string, text: string) => run('send', '-c', 'last', '--reply-to', String(id), text);
  expect((await ask(first?.messageId ?? 0, 'Is this right?')).out).toBe('> one\n>\n> two\n\nIs this right?\n');
  await run('send', '-c', 'last', 'x'.repeat(1000));
  expect((await ask('last', 'Long.')).out).toBe(`> ${'x'.repeat(400)} …\n\nLong.\n`);
  // The bot no longer sees the message, so the quote is complete.
  await run('send', '-c', 'last', 'y'.repeat(1000));
  await run('clear-context', 'last');
  expect((await ask('last', 'Long.')).out).toBe(`> ${'y'.repeat(1000)}\n\nLong.\n`);
});

test('--reply-to reports a message that the chat does not have, and sends nothing', async () => {
  for (const {run, sandbox} of [await withSandbox({pace: 0}), await withKey({pace: 0})]) {
    await run('send', '-b', 'Sandbox-Echo', 'hello');
    const sent = countSends(sandbox) + sandbox.requests.filter(({path}) => path.startsWith('/v1/chat')).length;
    expect(await run('send', '-c', 'last', '--reply-to', '12', 'why?')).toMatchObject({
      code: 3,
      err: expect.stringMatching(/^poe: No message 12 in the chat\n +List the messages .* poe history show --ids /),
    });
    expect(await run('send', '--reply-to', '12', 'why?')).toMatchObject({
      code: 2,
      err: 'poe: A reply to a message requires its chat\n     Name its chat with -c, for example: -c last\n',
    });
    expect(await run('send', '-c', 'last', '--reply-to', 'it', 'why?')).toMatchObject({
      code: 2,
      err: expect.stringContaining('Expected a message ID, which is a number, or "last".'),
    });
    expect(countSends(sandbox) + sandbox.requests.filter(({path}) => path.startsWith('/v1/chat')).length).toBe(sent);
  }
});

test('a version of poe.com without references refuses --reply-to before sending', async () => {
  const {run, sandbox} = await withSandbox({pace: 0, site: '2025-03'});
  await run('send', '-b', 'Sandbox-Echo', 'hello');
  expect(await run('send', '-c', 'last', '--reply-to', 'last', 'why?')).toMatchObject({
    code: 2,
    err: 'poe: This version of poe.com has no replies to a message\n     Nothing was sent.\n',
  });
  expect(countSends(sandbox)).toBe(1);
});

test('history branch copies a local chat up to a message', async () => {
  const {run} = await withKey({pace: 0});
  await run('send', '-b', 'Sandbox-Memory', '--system', 'Be brief.', 'one');
  const original = JSON.parse((await run('send', '-c', 'last', '--json', 'two')).out).chat.chatCode;
  await run('title', 'last', 'Numbers');
  const [, reply] = await messagesOf(run);
  const branched = JSON.parse((await run('history', 'branch', 'last', String(reply?.messageId), '--json')).out);
  expect(branched).toMatchObject({title: 'Numbers', bot: 'Sandbox-Memory', chatCode: expect.stringMatching(/^local-/)});
  expect(branched.chatCode).not.toBe(original);
  const copies = await messagesOf(run);
  expect(copies.map(({text}) => text)).toEqual(['one', 'system: Be brief.\nuser: one']);
  expect(copies.map(({messageId}) => messageId)).not.toContain(reply?.messageId);
  // The new chat goes on by itself, with the instructions, and is the newest.
  expect((await run('send', '-c', 'last', 'three')).out).toMatch(/^system: Be brief.\nuser: one\n.*user: three\n$/s);
  const [newest] = (await run('history', '--json')).out.split('\n');
  expect(JSON.parse(newest ?? '')).toMatchObject({chatCode: branched.chatCode});
  expect((await run('history', 'show', original, '--json')).out.trimEnd().split('\n')).toHaveLength(4);
});

test('a branch keeps what the bot has forgotten, and can begin before that', async () => {
  const {run} = await withKey({pace: 0});
  const chat = JSON.parse((await run('send', '-b', 'Sandbox-Memory', '--json', 'one')).out).chat.chatCode;
  const [, first] = await messagesOf(run);
  await run('clear-context', 'last');
  await run('send', '-c', 'last', 'two');
  expect((await run('history', 'branch', chat, 'last')).out).toMatch(/^Created local-\w+: one\n$/);
  expect(await messagesOf(run)).toHaveLength(4);
  expect((await run('send', '-c', 'last', 'three')).out).toMatch(/^user: two\n.*user: three\n$/s);
  await run('history', 'branch', chat, String(first?.messageId));
  expect((await run('send', '-c', 'last', 'four')).out).toMatch(/^user: one\n.*user: four\n$/s);
});

test('history branch says what it cannot do', async () => {
  const {run, runWith, sandbox} = await withSandbox({pace: 0});
  await run('send', '-b', 'Sandbox-Echo', 'hello');
  const onPoe = await run('history', 'branch', 'last', 'last');
  expect(onPoe).toMatchObject({
    code: 4,
    err: expect.stringContaining('Branching a chat requires a chat with an API key'),
  });
  const env = {POE_P_B: undefined, POE_P_LAT: undefined, POE_API_KEY: sandbox.apiKey};
  await runWith({env}, 'send', '-b', 'Sandbox-Echo', 'hello');
  expect(await runWith({env}, 'history', 'branch', 'last', '7')).toMatchObject({
    code: 3,
    err: expect.stringContaining('No message 7 in the chat'),
  });
  expect(await runWith({env}, 'history', 'branch', 'local-zz', 'last')).toMatchObject({code: 3});
});
