import {expect, onTestFinished, test} from 'vitest';
import {type Chat, connect, connectWithKey, type PoeError, type Reply} from '../../src/index.js';
import {scriptedApi} from '../support/servers/scripted-api.js';
import {type Emit, scriptedSite} from '../support/servers/scripted-site.js';

/* Many concurrent replies over one channel. */

const capy = {botId: 9, id: 'Qm90Ojk=', handle: 'Capy', displayName: 'Capy'};
const shared: Chat = {id: 'x', chatId: 500, chatCode: 'shared', title: 'T', bot: 'Capy', lastInteractionTime: null};

interface Accepted {
  chatId: number;
  own: {messageId: number; text: string; state: string; author: string; clientNonce: string};
  botId: number;
}

/** A site that accepts messages and sends only the events that the test emits. */
async function quietSite({isSlow = false} = {}) {
  const accepted = new Map<string, Accepted>();
  let numbers = 1_000;
  let release = () => {};
  const released = isSlow ? new Promise<void>((resolve) => (release = resolve)) : Promise.resolve();
  const site = await scriptedSite({
    async answer({queryName, variables}, emit) {
      if (queryName === 'SettingsPageQuery') return {viewer: {uid: 1}};
      if (queryName === 'HandleBotLandingPageQuery') {
        await released;
        return {bot: capy};
      }
      if (queryName === 'SendMessageMutation') {
        const chatId: number = variables.chatId ?? ++numbers;
        const own = {
          messageId: ++numbers,
          text: variables.query,
          state: 'complete',
          author: 'human',
          clientNonce: variables.clientNonce,
        };
        const botId = ++numbers;
        accepted.set(variables.query, {chatId, own, botId});
        const chat = {chatId, chatCode: `code${chatId}`, title: null};
        const node = {messageId: botId, text: '', state: 'incomplete', author: 'capybara'};
        return {messageEdgeCreate: {status: 'success', message: {node: own}, chat, botMessage: {node}}};
      }
      if (queryName === 'cancelViewerActiveJobs_cancelViewerActiveJobs_Mutation') {
        emit('messageCancelled', {}, {uniqueId: `messageCancelled:${variables.chatId}`});
        return {cancelViewerActiveJobs: {}};
      }
      if (queryName === 'ChatPageQuery') {
        const message = [...accepted.values()].find(({chatId}) => variables.chatCode === `code${chatId}`);
        const nodes = message
          ? [message.own, {messageId: message.botId, text: 'old', state: 'complete', author: 'c'}]
          : [];
        const edges = nodes.map((node) => ({node}));
        const chat = {chatId: message?.chatId, chatCode: variables.chatCode, defaultBotObject: capy};
        return {
          chatOfCode: message && message.chatId !== shared.chatId ? {...chat, messagesConnection: {edges}} : null,
        };
      }
      if (queryName === 'regenerateMessageMutation') return {messageRegenerate: {status: 'success'}};
      return null;
    },
  });
  const poe = await connect({...site.tokens, baseUrl: site.url, timeoutMs: 5_000});
  onTestFinished(() => poe.close());
  return {site, poe, accepted, release};
}

/** Emits the events of one message. */
function emitter(emit: Emit, {chatId, own, botId}: Accepted) {
  const send = (name: string, data: object) => emit(name, data, {uniqueId: `${name}:${chatId}`});
  return {
    echo: () => send('messageAdded', own),
    text: (text: string, state = 'incomplete', more: object = {}) =>
      send('messageAdded', {messageId: botId, text, state, author: 'capybara', ...more}),
    title: (title: string) => send('chatTitleUpdated', {title}),
    jobDone: () => send('jobUpdated', {jobId: botId, state: 'complete'}),
    send,
  };
}

/** Emits the events of another chat, on another device. */
function emitElsewhere(emit: Emit) {
  const elsewhere = {uniqueId: 'messageAdded:424242'};
  emit('messageAdded', {messageId: 1, text: 'from another device', state: 'complete', author: 'human'}, elsewhere);
  emit('messageAdded', {messageId: 99_999, text: 'an answer there', state: 'complete', author: 'b'}, elsewhere);
  emit('messageCancelled', {}, {uniqueId: 'messageCancelled:424242'});
  emit('jobUpdated', {state: 'complete'}, {uniqueId: 'jobUpdated:424242'});
  emit('chatTitleUpdated', {title: 'There'}, {uniqueId: 'chatTitleUpdated:424242'});
}

/** The text that a reply's events add up to. */
async function textOf(reply: Reply): Promise<string> {
  let text = '';
  for await (const event of reply) {
    if (event.type === 'append') text += event.text;
    if (event.type === 'replace') ({text} = event);
  }
  return text;
}

const fullText = (name: string): string => `\r\n  ${name}: Grüße 👩‍👩‍👧\u0000 …\ttail \r\n\n`;
const start = (name: string): string => fullText(name).slice(0, 9);

test('seven concurrent replies over one channel do not affect each other', async () => {
  const {site, poe, accepted} = await quietSite();
  const names = ['grows', 'cancelled', 'fails', 'left', 'regenerated', 'first of two', 'second of two'] as const;
  const sent = await Promise.all(
    names.map(async (name) => {
      const reply = await poe.send(name, {bot: 'capy', ...(name.includes('of two') && {chat: shared})});
      return [name, {reply, events: emitter(site.emit, accepted.get(name) as Accepted)}] as const;
    }),
  );
  // Object.fromEntries returns a record of any names; these are the names.
  const all = Object.fromEntries(sent) as Record<(typeof names)[number], (typeof sent)[number][1]>;
  const {grows, cancelled, fails, left, regenerated, 'first of two': first, 'second of two': second} = all;
  const texts = [grows, regenerated, first, second].map(({reply}) => textOf(reply));
  const failure = fails.reply.result().catch((error: PoeError) => error);
  const stopped = cancelled.reply.result();
  const early = (async () => {
    for await (const _event of left.reply) return left.reply.text;
    return undefined;
  })();

  emitElsewhere(site.emit);
  grows.events.title('Title before the text');
  for (const name of names) all[name].events.text(start(name));
  await cancelled.reply.cancel();
  fails.events.text(start('fails'), 'error_of_some_kind', {messageStateText: 'Broken'});
  emitElsewhere(site.emit);
  second.events.text(fullText('second of two').slice(0, 20));
  first.events.text(fullText('first of two'), 'complete');
  first.events.jobDone();
  grows.events.jobDone();
  regenerated.events.text(fullText('regenerated'), 'complete');
  second.events.text('shrunk');
  second.events.text(fullText('second of two').slice(0, 25));
  second.events.send('messageCancelled', {messageId: accepted.get('first of two')?.botId});
  second.events.text(fullText('second of two'), 'complete');
  second.events.text(fullText('second of two'), 'complete');
  emitElsewhere(site.emit);
  grows.events.text(fullText('grows').slice(0, -1));
  grows.events.text(fullText('grows'), 'complete');
  grows.events.echo();
  left.events.text(fullText('left'), 'complete');

  expect(await Promise.all(texts)).toEqual(['grows', 'regenerated', 'first of two', 'second of two'].map(fullText));
  expect(await stopped).toMatchObject({state: 'cancelled', text: start('cancelled')});
  expect(await failure).toMatchObject({code: 'bot_failed', message: expect.stringContaining('Broken')});
  expect(fails.reply.text).toBe(start('fails'));
  expect(await early).toBe(start('left'));
  expect(await grows.reply.result()).toMatchObject({state: 'complete', chat: {title: 'Title before the text'}});
  expect(await second.reply.result()).toMatchObject({chat: {chatId: 500}});

  const again = await regenerated.reply.retry();
  regenerated.events.text('', 'incomplete');
  regenerated.events.text(fullText('once more'), 'complete');
  expect(await textOf(again)).toBe(fullText('once more'));
  const next = await poe.send('next', {bot: 'capy', chat: grows.reply.chat});
  emitter(site.emit, accepted.get('next') as Accepted).text(fullText('next'), 'complete');
  expect(await next.result()).toMatchObject({text: fullText('next'), chat: {chatId: grows.reply.chat.chatId}});

  expect(site.sockets).toHaveLength(1);
  expect(site.paths.filter((path) => path.startsWith('/api/settings'))).toHaveLength(1);
  const times = (name: string) => site.operations.filter(({queryName}) => queryName === name).length;
  expect(times('SubscriptionsMutation')).toBe(1);
  expect(times('SendMessageMutation')).toBe(names.length + 1);
  expect(times('regenerateMessageMutation')).toBe(1);
});

test('aborting a send while the channel opens does not abort the others', async () => {
  const {site, poe, accepted, release} = await quietSite({isSlow: true});
  const abort = new AbortController();
  const aborted = poe.send('aborted', {bot: 'capy', signal: abort.signal}).catch((error: PoeError) => error.code);
  const other = poe.send('other', {bot: 'capy'});
  abort.abort();
  expect(await aborted).toBe('interrupted');
  release();
  const reply = await other;
  emitter(site.emit, accepted.get('other') as Accepted).text(fullText('other'), 'complete');
  expect(await reply.result()).toMatchObject({text: fullText('other')});
  expect(accepted.has('aborted')).toBe(false);
  expect(site.sockets).toHaveLength(1);
});

test('a reply is complete without an echo of the message, and if the job ends first', async () => {
  const {site, poe, accepted} = await quietSite();
  const reply = await poe.send('quick', {bot: 'capy'});
  const {jobDone, text} = emitter(site.emit, accepted.get('quick') as Accepted);
  jobDone();
  jobDone();
  text('Thinking… (1s)');
  text('Thinking…');
  text('');
  text(start('quick'));
  text(fullText('quick'), 'complete');
  expect(await textOf(reply)).toBe(fullText('quick'));
});

test('of two messages of the bot, the one that Poe named is the reply, in any order', async () => {
  const {site, poe, accepted} = await quietSite();
  const reply = await poe.send('two', {bot: 'capy'});
  const {text, send} = emitter(site.emit, accepted.get('two') as Accepted);
  const other = (otherText: string, state: string) =>
    send('messageAdded', {messageId: 5_000, text: otherText, state, author: 'capybara'});
  other('the second', 'incomplete');
  text(start('two'));
  other('the second, whole', 'complete');
  text(fullText('two'), 'complete');
  expect(await textOf(reply)).toBe(fullText('two'));
});

test('a slow reply is not mistaken for the reply to the next message in the chat', async () => {
  const {site, poe, accepted} = await quietSite();
  const slow = await poe.send('slow', {bot: 'capy', chat: shared});
  const quick = await poe.send('quick', {bot: 'capy', chat: shared});
  const ofSlow = emitter(site.emit, accepted.get('slow') as Accepted);
  const ofQuick = emitter(site.emit, accepted.get('quick') as Accepted);
  ofQuick.echo();
  ofQuick.text(fullText('quick'), 'complete');
  ofQuick.jobDone();
  expect(await textOf(quick)).toBe(fullText('quick'));
  const text = textOf(slow);
  // Two seconds after a job is done, the client requests the messages.
  await expect.poll(() => site.operations.some(({queryName}) => queryName === 'ChatPageQuery')).toBe(true);
  ofSlow.text(fullText('slow'), 'complete');
  expect(await text).toBe(fullText('slow'));
});

test('with an API key, aborting a call does not abort others that wait for the same list', async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const {env, requests} = await scriptedApi({
    '/v1/models': async () => {
      await released;
      return {data: [{id: 'Tea'}]};
    },
  });
  const poe = await connectWithKey({apiKey: env.POE_API_KEY, apiUrl: env.POE_API_URL});
  const abort = new AbortController();
  const aborted = poe.bots
    .explore(undefined, {signal: abort.signal})
    .next()
    .catch((error: PoeError) => error.code);
  const other = poe.bots.info('tea');
  await expect.poll(() => requests.length > 0).toBe(true);
  abort.abort();
  expect(await aborted).toBe('interrupted');
  release();
  expect(await other).toMatchObject({handle: 'Tea'});
  expect(requests.map(({path}) => path)).toEqual(['/v1/models']);
});
