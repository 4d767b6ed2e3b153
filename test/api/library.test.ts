import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {type ApiClientOptions, connectWithKey, type LogEntry, PoeError, type ReplyEvent} from '../../src/index.js';
import type {Journal, PendingMessage} from '../../src/core/journal/journal.js';
import {temporaryFolder} from '../support/harness.js';
import {withKey} from '../support/with-key.js';

/* The library with an API key. */

async function connected(options: Partial<ApiClientOptions> = {}) {
  const {sandbox} = await withKey();
  const {apiKey, apiUrl, uploadUrl} = sandbox;
  const poe = await connectWithKey({apiKey, apiUrl, uploadUrl, ...options});
  onTestFinished(() => poe.close());
  return {poe, sandbox};
}

test('makes no request before the first call', async () => {
  const {sandbox} = await connected();
  expect(sandbox.requests).toEqual([]);
});

test('a reply yields events, and its chat can be continued, with its files', async () => {
  const {poe} = await connected();
  const file = join(temporaryFolder(), 'a.txt');
  writeFileSync(file, 'hello');
  const progress: number[] = [];
  const reply = await poe.send('what?', {
    bot: 'Sandbox-Files',
    files: [file],
    onUpload: ({sent}) => void progress.push(sent),
  });
  const {text, protocol} = await reply.result();
  expect({text, protocol}).toEqual({text: expect.stringContaining('a.txt, text/plain, 5'), protocol: 'native'});
  expect(progress.at(-1)).toBe(5);
  const next = await reply.chat.send('and now?');
  expect((await next.result()).text).toBe(text);
  const {messages} = await poe.chats.read(reply.chat);
  const authors: (string | null)[] = [];
  for await (const {author} of messages) authors.push(author);
  expect(authors).toEqual(['Sandbox-Files', 'human', 'Sandbox-Files', 'human']);
});

test('a message can reply to another one, and a chat can be branched', async () => {
  const {poe} = await connected();
  const first = await poe.send('one', {bot: 'Sandbox-Echo'});
  const {userMessage} = await first.result();
  const second = await poe.send('two', {chat: 'last', replyTo: userMessage.messageId ?? ''});
  expect((await second.result()).text).toBe('> one\n\ntwo');
  const branch = await poe.chats.branch('last', userMessage.messageId ?? '');
  expect(branch).toMatchObject({bot: 'Sandbox-Echo', title: 'one'});
  const {messages} = await poe.chats.read(branch);
  const texts: string[] = [];
  for await (const {text} of messages) texts.push(text);
  expect(texts).toEqual(['one']);
  await expect(poe.chats.branch(branch, 7)).rejects.toMatchObject({code: 'message_not_found'});
  await expect(poe.send('x', {replyTo: 'last'})).rejects.toMatchObject({code: 'usage'});
});

test('a temporary chat is continued in memory, and its messages are not recorded in the journal', async () => {
  const recorded: PendingMessage[] = [];
  const journal: Journal = {
    add(message) {
      recorded.push(message);
      return {update() {}, flush() {}, remove() {}};
    },
    unfinished: () => [],
    remove() {},
    removeChat() {},
  };
  const {poe} = await connected({journal});
  const reply = await poe.send('one', {bot: 'Sandbox-Memory', isTemporary: true});
  await reply.result();
  const next = await reply.chat.send('two');
  expect((await next.result()).text).toBe('user: one\nassistant: user: one\nuser: two');
  expect(recorded).toEqual([]);
});

test('reasoning and replaced text are events of their own', async () => {
  const {poe} = await connected();
  const eventsOf = async (bot: string) => {
    const events: ReplyEvent[] = [];
    for await (const event of await poe.send('hello', {bot})) events.push(event);
    return events;
  };
  expect(await eventsOf('Sandbox-Thinker')).toEqual([
    {type: 'reasoning', text: 'Two and two '},
    {type: 'reasoning', text: 'is four.'},
    {type: 'append', text: '4'},
  ]);
  expect((await eventsOf('Sandbox-Native')).slice(0, 2)).toEqual([
    {type: 'append', text: 'Thinking… (1s elapsed)'},
    {type: 'replace', text: ''},
  ]);
});

test('send and retry accept protocol and parameters', async () => {
  const {poe, sandbox} = await connected();
  const reply = await poe.send('go', {bot: 'Sandbox-Parameters', protocol: 'native', parameters: {budget: '7'}});
  expect((await reply.result()).text).toBe('{"budget":7}');
  const again = await poe.messages.retry(reply.chat, {protocol: 'openai', parameters: {budget: '8'}});
  expect(await again.result()).toMatchObject({text: '{"budget":8}', protocol: 'openai'});
  expect(sandbox.requests.map(({path}) => path)).toContain('/bot/Sandbox-Parameters');
});

test('cancel ends a reply and stores what arrived', async () => {
  const {poe} = await connected();
  const reply = await poe.send('count', {bot: 'Sandbox-Slow'});
  for await (const _event of reply) await reply.cancel();
  expect(reply.current.state).toBe('cancelled');
  const stored = await poe.messages.attach(reply.chat);
  expect(stored.text).toBe(reply.text);
});

test('errors have codes, and insecure URLs are rejected before any request', async () => {
  const {poe} = await connected();
  await expect(poe.send('x', {bot: 'no-such-bot'})).rejects.toMatchObject({code: 'bot_not_found'});
  await expect(poe.send(' ', {bot: 'Sandbox-Echo'})).rejects.toBeInstanceOf(PoeError);
  for (const options of [{apiUrl: 'http://api.example'}, {uploadUrl: 'http://upload.example'}, {apiUrl: 'nowhere'}]) {
    await expect(connectWithKey({apiKey: 'k', ...options})).rejects.toMatchObject({code: 'usage'});
  }
  await expect(connectWithKey({apiKey: ' '})).rejects.toMatchObject({code: 'bad_tokens'});
});

test('log receives every request and never the key', async () => {
  const entries: LogEntry[] = [];
  const {poe, sandbox} = await connected({log: (entry) => void entries.push(entry)});
  await (await poe.send('hello', {bot: 'Sandbox-Echo'})).result();
  expect(entries.map(({what}) => what)).toEqual(['api /v1/models', 'protocol', 'api /v1/chat/completions']);
  expect(JSON.stringify(entries)).not.toContain(sandbox.apiKey);
});
