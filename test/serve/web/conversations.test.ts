import {createHash} from 'node:crypto';
import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {APIError} from 'openai';
import {expect, test} from 'vitest';
import {pngFile} from '../../support/terminal/images.js';
import {servingWeb} from './support.js';

/* Each conversation of a program has a chat on poe.com. */

const user = (content: string) => ({role: 'user' as const, content});
const assistant = (content: string) => ({role: 'assistant' as const, content});
const system = (content: string) => ({role: 'system' as const, content});

test('a conversation that goes on continues its chat, and only the new message is sent', async () => {
  const {openai, anthropic, sent, stop, start, token, configDir} = await servingWeb();
  const model = 'Sandbox-Echo';
  const messages = [system('Be brief.'), user('One')];
  const first = await openai.chat.completions.create({model, messages});
  const answer = first.choices[0]?.message.content ?? '';
  expect(answer).toBe('Be brief.\n\nOne');
  // Another format, trimmed texts, other line ends, and the system prompt again.
  const second = await anthropic.messages.create({
    model: 'sandbox-echo',
    max_tokens: 10,
    system: [{type: 'text', text: 'Be brief.\n'}],
    messages: [user(' One '), assistant('Be brief.\r\n\r\nOne\n'), user('Two')],
  });
  expect(second.content).toEqual([{type: 'text', text: 'Two'}]);
  // Also after a restart.
  await stop();
  const {url} = await start();
  const again = await fetch(`${url}/v1/responses`, {
    method: 'POST',
    headers: {Authorization: `Bearer ${token}`, 'Content-Type': 'application/json'},
    body: JSON.stringify({
      model,
      instructions: 'Be brief.',
      input: [user('One'), assistant(answer), user('Two'), assistant('Two'), user('Three')],
    }),
  });
  expect(again.status).toBe(200);
  expect(sent()).toEqual([
    {text: 'Be brief.\n\nOne', isNew: true, bot: 'Sandbox-Echo'},
    {text: 'Two', isNew: false, bot: 'Sandbox-Echo'},
    {text: 'Three', isNew: false, bot: 'Sandbox-Echo'},
  ]);
  // What is stored about it has no text, and nobody else can read it.
  const path = join(configDir, 'serve', 'default', 'chats.json');
  expect(readFileSync(path, 'utf8')).not.toMatch(/brief|One|Two|Three/);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a conversation that was changed starts a new chat with all of it', async () => {
  const {openai, sent} = await servingWeb();
  const ask = async (
    ...messages: (ReturnType<typeof user> | ReturnType<typeof assistant> | ReturnType<typeof system>)[]
  ) => (await openai.chat.completions.create({model: 'Sandbox-Sums', messages})).choices[0]?.message.content;
  expect(await ask(system('Count.'), user('1+1'))).toBe('1 + 1 = 2');
  // The user edits an earlier message, a reply, or the instructions; regenerates the last reply; or asks another bot.
  const history = [system('Count.'), user('1+1'), assistant('1 + 1 = 2')];
  await ask(...history, user('2+2'));
  await ask(...history, user('2+2'));
  await ask(system('Count.'), user('1+1'), assistant('two'), user('2+2'));
  await ask(system('Add.'), user('1+1'), assistant('1 + 1 = 2'), user('2+2'));
  await openai.chat.completions.create({model: 'Sandbox-Echo', messages: [...history, user('2+2')]});
  const isNew = sent().map((message) => message.isNew);
  expect(isNew).toEqual([true, false, true, true, true, true]);
  expect(sent()[3]?.text).toBe(
    'Count.\n\nThis conversation started elsewhere. Its messages so far:\n\nUser:\n1+1\n\nAssistant:\ntwo\n\n' +
      'The next message of the user:\n\n2+2',
  );
});

test('two conversations that began alike have a chat each', async () => {
  const {openai, sandbox} = await servingWeb();
  const model = 'Sandbox-Echo';
  const begin = () => openai.chat.completions.create({model, messages: [user('Hello')]});
  const goOn = (text: string) =>
    openai.chat.completions.create({model, messages: [user('Hello'), assistant('Hello'), user(text)]});
  await begin();
  await begin();
  await goOn('A');
  await goOn('B');
  const chats = sandbox.world.chats.filter(({bot}) => bot.handle === model);
  const texts = chats.map(({messages}) => messages.map(({text}) => text).join(' '));
  expect(texts.toSorted()).toEqual(['Hello Hello A A', 'Hello Hello B B']);
});

test('a chat that is gone is started again, and one that Poe has not changed is kept', async () => {
  const {openai, sandbox, sent} = await servingWeb();
  const model = 'Sandbox-Echo';
  const goOn = (...texts: string[]) =>
    openai.chat.completions.create({
      model,
      messages: texts.map((text, index) => (index % 2 === 0 ? user(text) : assistant(text))),
    });
  await goOn('One');
  // Poe refuses the message: the chat is as it was, so the program may try again.
  const body = JSON.stringify({data: {messageEdgeCreate: {status: 'rate_limit_exceeded', statusMessage: 'Slow down'}}});
  sandbox.faults.respondOnce({operation: 'sendMessage'}, {status: 200, body});
  await expect(goOn('One', 'One', 'Two')).rejects.toMatchObject({status: 429});
  sandbox.faults.respondOnce({operation: 'sendMessage'}, {status: 429, headers: {'Retry-After': '40'}});
  const limited: unknown = await goOn('One', 'One', 'Two').catch((error: unknown) => error);
  expect(limited instanceof APIError && limited.headers?.get('retry-after')).toBe('40');
  const remote = {type: 'image_url' as const, image_url: {url: 'https://example.com/a.png'}};
  const tooMany = {role: 'user' as const, content: Array.from({length: 6}, () => remote)};
  const refused = openai.chat.completions.create({model, messages: [user('One'), assistant('One'), tooMany]});
  await expect(refused).rejects.toMatchObject({status: 400, message: expect.stringContaining('at most 5 files')});
  await goOn('One', 'One', 'Two');
  expect(sent().at(-1)).toMatchObject({text: 'Two', isNew: false});
  const [chat] = sandbox.world.chats;
  if (chat) sandbox.world.removeChat(chat);
  await goOn('One', 'One', 'Two', 'Two', 'Three');
  expect(sent().at(-1)?.text).toContain('The next message of the user:\n\nThree');
  expect(sandbox.world.chats.filter(({bot}) => bot.handle === model)).toHaveLength(1);
});

test('images and files are attached to the message, also those of earlier messages', async () => {
  const {openai, sandbox} = await servingWeb();
  const model = 'Sandbox-Files';
  const png = pngFile(3, 2);
  const image = {type: 'image_url' as const, image_url: {url: `data:image/png;base64,${png.toString('base64')}`}};
  const text = {
    type: 'file' as const,
    file: {filename: 'notes.txt', file_data: Buffer.from('hello').toString('base64')},
  };
  const hash = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
  const lines = [
    `file.png, image/png, ${png.byteLength}, ${hash(png)}`,
    `notes.txt, text/plain, 5, ${hash('hello')}`,
  ].join('\n');
  const question = {role: 'user' as const, content: [{type: 'text' as const, text: 'What are these?'}, image, text]};
  const {choices} = await openai.chat.completions.create({model, messages: [question]});
  expect(choices[0]?.message.content).toBe(lines);
  const goOn = async (reply: string) => {
    const messages = [question, assistant(reply), {role: 'user' as const, content: [image]}];
    return (await openai.chat.completions.create({model, messages})).choices[0]?.message.content;
  };
  expect(await goOn(lines)).toBe(lines.split('\n')[0]);
  expect(await goOn('Something else')).toBe(`${lines}\n${lines.split('\n')[0]}`);
  expect(sandbox.world.chats.filter(({bot}) => bot.handle === model)).toHaveLength(2);
  const remote = {type: 'image_url' as const, image_url: {url: 'https://127.0.0.1/a.png'}};
  await expect(
    openai.chat.completions.create({model, messages: [{role: 'user', content: [remote]}]}),
  ).rejects.toMatchObject({status: 400, message: expect.stringContaining('public servers')});
});
