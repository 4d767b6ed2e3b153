import {expect, test} from 'vitest';
import {connect} from '../../../src/index.js';
import {operationsOf, withSandbox} from '../../support/harness.js';

/** A chat in which a bot has counted to three. */
async function withReply(bot = 'Sandbox-Count', text = 'count to 3') {
  const setup = await withSandbox();
  const {out} = await setup.run('send', '--json', '-b', bot, text);
  const reply = JSON.parse(out);
  const json = async (...argv: string[]) => {
    const {code, out, err} = await setup.run(...argv, '--json');
    expect({argv, code, err}).toEqual({argv, code: 0, err: ''});
    return JSON.parse(out);
  };
  return {...setup, reply, json, code: String(reply.chat.chatCode)};
}

test('retry regenerates the last reply of a chat', async () => {
  const {json, reply, code, sandbox} = await withReply();
  const retried = await json('retry', code);
  expect(retried).toMatchObject({
    text: '1 2 3',
    state: 'complete',
    bot: 'Sandbox-Count',
    chat: {chatId: reply.chat.chatId},
    userMessage: reply.userMessage,
  });
  expect(operationsOf(sandbox).filter((name) => name === 'regenerateMessageMutation')).toHaveLength(1);
  expect(sandbox.world.chat(reply.chat.chatId)?.messages).toHaveLength(2);
});

test('retry prints the new reply if Poe replaces the old message with another one', async () => {
  const {json, reply, sandbox} = await withReply();
  sandbox.faults.retryAsNewMessage();
  const retried = await json('retry', 'last');
  expect(retried).toMatchObject({text: '1 2 3', state: 'complete'});
  expect(retried.botMessage.messageId).not.toBe(reply.botMessage.messageId);
});

test('retry streams into a pipe like a send', async () => {
  const {run} = await withReply();
  expect(await run('retry', 'last')).toEqual({code: 0, out: '1 2 3\n', err: ''});
});

test('retry reports a chat that does not exist or has no reply', async () => {
  const {run, sandbox, reply} = await withReply();
  expect((await run('retry', 'nope')).code).toBe(3);
  sandbox.world.chat(reply.chat.chatId)?.messages.splice(0);
  const {code, err} = await run('retry', reply.chat.chatCode);
  expect(code).toBe(3);
  expect(err).toContain('has no reply yet');
});

test('Ctrl-C while a retry is being requested cancels the reply', async () => {
  const {runWith, sandbox} = await withReply();
  sandbox.faults.respondAlways({operation: 'retryMessage'}, 'silence');
  const stop = new AbortController();
  const watch = setInterval(() => {
    if (operationsOf(sandbox).includes('regenerateMessageMutation')) stop.abort();
  }, 1);
  const {code, out, err} = await runWith({signal: stop.signal}, 'retry', 'last').finally(() => clearInterval(watch));
  expect({code, out, err}).toEqual({code: 130, out: '', err: ''});
  expect(operationsOf(sandbox)).toContain('cancelViewerActiveJobs_cancelViewerActiveJobs_Mutation');
});

test('retry and send are refused if the message costs more than --max-points', async () => {
  const {run, sandbox} = await withReply();
  const {points} = sandbox.world.viewer;
  for (const argv of [
    ['retry', 'last', '--max-points', '1'],
    ['send', '-b', 'Sandbox-Count', '--max-points', '1', 'one'],
  ]) {
    const {code, err} = await run(...argv);
    expect({argv, code, err}).toEqual({
      argv,
      code: 5,
      err: expect.stringContaining('costs 2 points, more than the limit of 1'),
    });
  }
  expect(sandbox.world.viewer.points).toBe(points);
});

test('attach prints a complete reply', async () => {
  const {json, run, code, reply} = await withReply();
  expect(await run('attach', code)).toEqual({code: 0, out: '1 2 3\n', err: ''});
  expect(await json('attach', String(reply.chat.chatId))).toMatchObject({text: '1 2 3', botMessage: reply.botMessage});
});

test('attach follows a reply that is still arriving', async () => {
  const {sandbox, run} = await withSandbox({pace: 0.05});
  const poe = await connect({...sandbox.tokens, baseUrl: sandbox.url});
  const reply = await poe.send('slowly', {bot: 'Sandbox-Slow'});
  for await (const _step of reply) break;
  poe.close();
  const {code, out} = await run('attach', String(reply.chat.chatId));
  expect(code).toBe(0);
  expect(out).toMatch(/^One word a second: .* last word\.\n$/);
});

test('Ctrl-C during attach does not stop the bot', async () => {
  const {sandbox, runWith} = await withSandbox({pace: 0.1});
  const poe = await connect({...sandbox.tokens, baseUrl: sandbox.url});
  const reply = await poe.send('slowly', {bot: 'Sandbox-Slow'});
  for await (const _step of reply) break;
  poe.close();
  const stop = new AbortController();
  const {code} = await runWith({signal: stop.signal, onOut: () => stop.abort()}, 'attach', String(reply.chat.chatId));
  expect(code).toBe(130);
  expect(operationsOf(sandbox)).not.toContain('cancelViewerActiveJobs_cancelViewerActiveJobs_Mutation');
});

test('cancel stops a reply', async () => {
  const {sandbox, run} = await withSandbox({pace: 0.2});
  const poe = await connect({...sandbox.tokens, baseUrl: sandbox.url});
  const reply = await poe.send('slowly', {bot: 'Sandbox-Slow'});
  expect(await run('cancel', String(reply.chat.chatId), '--json')).toEqual({
    code: 0,
    out: '{"cancelled":true}\n',
    err: '',
  });
  expect((await reply.result()).state).toBe('cancelled');
  poe.close();
  expect((await run('cancel', 'nope')).code).toBe(3);
});

test('cancel says if no reply is in progress', async () => {
  const {run} = await withSandbox();
  await run('send', '-b', 'Sandbox-Count', 'count to 2');
  expect(await run('cancel', 'last')).toEqual({code: 0, out: 'No reply is in progress in this chat.\n', err: ''});
  expect(await run('cancel', 'last', '--json')).toEqual({code: 0, out: '{"cancelled":true}\n', err: ''});
});

test('delete-messages deletes the given messages', async () => {
  const {json, run, reply, code, sandbox} = await withReply();
  const ids = [reply.userMessage.messageId, reply.botMessage.messageId].map(String);
  expect(await json('delete-messages', code, ...ids)).toEqual({deleted: 2});
  expect(sandbox.world.chat(reply.chat.chatId)?.messages).toEqual([]);
  const {code: exit, err} = await run('delete-messages', code, '4711');
  expect(exit).toBe(3);
  expect(err).toContain('4711');
});

test('share prints a link to the last exchange or to the given messages', async () => {
  const {json, run, reply, sandbox} = await withReply();
  expect(operationsOf(sandbox)).not.toContain('messageSharing_shareMessagesMutation_Mutation');
  const {url} = await json('share', 'last');
  expect(url).toMatch(new RegExp(`^${sandbox.url}/s/[\\w-]+$`));
  const {variables} = sandbox.requests.findLast(({queryName}) => queryName?.startsWith('messageSharing')) ?? {};
  expect(variables).toEqual({
    chatId: reply.chat.chatId,
    messageIds: [reply.userMessage.messageId, reply.botMessage.messageId],
  });
  const one = await run('share', 'last', String(reply.botMessage.messageId));
  expect(one.out).toMatch(/^http.*\/s\/[\w-]+\n$/);
  expect((await run('share', 'last', '4711')).code).toBe(3);
});

test('share includes all replies to the last question', async () => {
  const {json, sandbox} = await withReply('Sandbox-Two', 'hello');
  await json('share', 'last');
  const {variables} = sandbox.requests.findLast(({queryName}) => queryName?.startsWith('messageSharing')) ?? {};
  const ids = sandbox.world.chats[0]?.messages.map(({messageId}) => messageId);
  expect(ids).toHaveLength(3);
  expect(variables).toMatchObject({messageIds: ids});
});

test('cost prints the points of a reply by its message code, or of the last reply of a chat', async () => {
  const {json, run, reply, code} = await withReply();
  expect(await json('cost', reply.botMessage.messageCode)).toEqual({points: 2});
  expect(await json('cost', code)).toEqual({points: 2});
  expect(await json('cost', String(reply.chat.chatId))).toEqual({points: 2});
  expect(await run('cost', 'last')).toEqual({code: 0, out: '2\n', err: ''});
  expect((await run('cost', 'nosuchcode')).code).toBe(3);
});

test('a cost that Poe does not send is null', async () => {
  const {run, sandbox} = await withReply();
  sandbox.faults.delayCosts(1);
  expect(await run('cost', 'last', '--json')).toMatchObject({code: 0, out: '{"points":null}\n'});
});

test('previews prints a link to each app in a reply', async () => {
  const {json, run, reply} = await withReply('Sandbox-App', 'make me apps');
  const {urls} = await json('previews', String(reply.botMessage.messageId));
  expect(urls).toHaveLength(2);
  expect(await json('previews', reply.chat.chatCode)).toEqual({urls});
  expect(await json('previews', String(reply.chat.chatId))).toEqual({urls});
  expect((await run('previews', 'last')).out).toBe(`${urls.join('\n')}\n`);
  expect((await run('previews', '999999999999')).code).toBe(3);
});

test('a reply without apps has no previews', async () => {
  const {json} = await withReply();
  expect(await json('previews', 'last')).toEqual({urls: []});
});
