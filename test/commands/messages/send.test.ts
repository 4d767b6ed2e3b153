import {expect, test} from 'vitest';
import {operationName, operationsOf, runMain, countSends, withSandbox} from '../../support/harness.js';

test('send prints only the text of the reply', async () => {
  const {run} = await withSandbox();
  const {code, out, err} = await run('send', '-b', 'gemini-2.0-flash', '2x2?');
  expect({code, err}).toEqual({code: 0, err: ''});
  expect(out).toContain('4');
  expect(out.endsWith('\n')).toBe(true);
});

test('a message is sent without the word send', async () => {
  const {run} = await withSandbox();
  expect(await run('-b', 'Sandbox-Echo', 'hello there')).toEqual({code: 0, out: 'hello there\n', err: ''});
});

test('the message is the arguments, a blank line, then stdin', async () => {
  const {runWith} = await withSandbox();
  const {out} = await runWith({stdin: 'line 1\nline 2\n'}, 'send', '-b', 'sandbox-echo', 'review', 'this:');
  expect(out).toBe('review this:\n\nline 1\nline 2\n');
});

test('without arguments the message is stdin', async () => {
  const {runWith} = await withSandbox();
  expect((await runWith({stdin: 'from a pipe'}, '-b', 'Sandbox-Echo')).out).toBe('from a pipe\n');
});

test('a hyphen among the arguments stands for stdin', async () => {
  const {runWith} = await withSandbox();
  expect((await runWith({stdin: 'b'}, 'send', '-b', 'Sandbox-Echo', 'a', '-')).out).toBe('a\n\nb\n');
});

test('without -b the account’s default bot replies', async () => {
  const {run} = await withSandbox();
  const {code, out} = await run('send', '--json', '2x2?');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({bot: 'Assistant', state: 'complete'});
});

test('--json prints the complete reply as one object, with the title that arrives after it', async () => {
  const {run} = await withSandbox();
  const {code, out, err} = await run('send', '--json', '-b', 'Sandbox-Count', 'count to 3');
  expect({code, err}).toEqual({code: 0, err: ''});
  const reply: unknown = JSON.parse(out);
  expect(reply).toEqual({
    text: '1 2 3',
    state: 'complete',
    bot: 'Sandbox-Count',
    chat: {
      id: expect.any(String),
      chatId: expect.any(Number),
      chatCode: expect.any(String),
      title: expect.any(String),
      bot: 'Sandbox-Count',
      lastInteractionTime: expect.toSatisfy((time) => time === null || typeof time === 'string'),
    },
    userMessage: {messageId: expect.any(Number)},
    botMessage: {messageId: expect.any(Number), messageCode: expect.any(String)},
    attachments: [],
    suggestedReplies: expect.any(Array),
    points: {cost: null, balance: null},
    via: 'web',
  });
});

test('--stream-json prints one event per line, and their texts add up to the reply', async () => {
  const {run} = await withSandbox();
  const {code, out} = await run('send', '--stream-json', '-b', 'Sandbox-Count', 'count to 5');
  expect(code).toBe(0);
  const events = out
    .trimEnd()
    .split('\n')
    .map((line): {type: string; text?: string} => JSON.parse(line));
  expect(events[0]?.type).toBe('start');
  expect(events.at(-1)).toMatchObject({type: 'done', text: '1 2 3 4 5', state: 'complete'});
  const appended = events.filter(({type}) => type === 'append').map(({text}) => text);
  expect(appended.join('')).toBe('1 2 3 4 5');
  expect(events.filter(({type}) => type === 'title')).toHaveLength(1);
});

test('-c last continues the chat with its bot', async () => {
  const {run} = await withSandbox();
  const first = JSON.parse((await run('send', '--json', '-b', 'Sandbox-Count', 'count to 2')).out);
  const second = JSON.parse((await run('send', '--json', '-c', 'last', 'count to 4')).out);
  expect(second).toMatchObject({text: '1 2 3 4', bot: 'Sandbox-Count', chat: {chatId: first.chat.chatId}});
});

test('-c last exits with 3 if the chat no longer exists', async () => {
  const {run, configDir} = await withSandbox();
  await run('send', '-b', 'Sandbox-Count', 'count to 2');
  const other = await withSandbox();
  const {code, err} = await other.runWith({env: {POE_CONFIG_DIR: configDir}}, 'send', '-c', 'last', 'count to 3');
  expect(code).toBe(3);
  expect(err).toContain('No chat');
});

test('a chat is found by id, code and URL', async () => {
  const {run} = await withSandbox();
  const {chat} = JSON.parse((await run('send', '--json', '-b', 'Sandbox-Count', 'count to 2')).out);
  for (const name of [String(chat.chatId), chat.chatCode, `https://poe.com/chat/${chat.chatCode}`]) {
    const {code, out} = await run('send', '--json', '-c', name, 'count to 3');
    expect({name, code}).toEqual({name, code: 0});
    expect(JSON.parse(out)).toMatchObject({text: '1 2 3', chat: {chatId: chat.chatId}, bot: 'Sandbox-Count'});
  }
});

test('the form key is found once, stored, and refreshed once if Poe rejects it', async () => {
  const {run, sandbox} = await withSandbox();
  await run('send', '-b', 'Sandbox-Count', 'one');
  await run('send', '-b', 'Sandbox-Count', 'two');
  expect(operationsOf(sandbox).filter((name) => name === '/')).toHaveLength(1);
  sandbox.faults.rotateFormKey();
  expect((await run('send', '-b', 'Sandbox-Count', 'three')).code).toBe(0);
  expect(operationsOf(sandbox).filter((name) => name === '/')).toHaveLength(2);
  expect(countSends(sandbox)).toBe(3);
});

test('with a given form key the page is read once, for the other facts', async () => {
  const {runWith, sandbox} = await withSandbox();
  const {code} = await runWith({env: {POE_FORMKEY: sandbox.formKey}}, 'send', '-b', 'Sandbox-Count', 'one');
  expect(code).toBe(0);
  const pages = operationsOf(sandbox).filter((name) => name === '/');
  expect(pages).toHaveLength(1);
});

test('the message is sent after subscribing to its events', async () => {
  const {run, sandbox} = await withSandbox();
  await run('send', '-b', 'Sandbox-Count', 'one');
  const requests = operationsOf(sandbox);
  const order = ['/', operationName('subscribe'), operationName('sendMessage')].map((name) => requests.indexOf(name));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(order).not.toContain(-1);
});

test('--sandbox needs no account and prints a note', async () => {
  const {code, out, err} = await runMain(['--sandbox', 'send', '-b', 'gemini-2.0-flash', '2x2?'], {
    env: {POE_P_B: 'a real session', POE_FORMKEY: 'f'.repeat(32)},
  });
  expect(code).toBe(0);
  expect(out).toContain('4');
  expect(err).toBe('Using the built-in sandbox: no account, and nothing leaves this machine.\n');
});

test('a chat whose bot has a different display name can be continued', async () => {
  const {run, sandbox} = await withSandbox();
  const chat = sandbox.world.chats.find(({bot}) => bot.displayName !== bot.handle);
  const {code, out} = await run('send', '--json', '-c', chat?.code ?? '', 'hello');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({bot: chat?.bot.handle, chat: {chatId: chat?.chatId}});
});

test('a late title is included, but poe does not wait long for it', async () => {
  const {run, sandbox} = await withSandbox();
  const title = async () =>
    JSON.parse((await run('send', '--json', '-b', 'Sandbox-Count', 'count to 2')).out).chat.title;
  sandbox.faults.titleDelayMs(150);
  expect(await title()).toEqual(expect.any(String));
  sandbox.faults.titleDelayMs(60_000);
  expect(await title()).toBeNull();
  sandbox.faults.noTitle();
  expect(await title()).toBeNull();
});
