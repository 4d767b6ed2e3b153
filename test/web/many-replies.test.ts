import {expect, onTestFinished, test, vi} from 'vitest';
import {type Chat, connect, connectWithKey, type PoeError, type Reply} from '../../src/index.js';
import {otherApi} from '../support/other-api.js';
import {type Emit, otherSite} from '../support/other-site.js';

/* One client, one channel, many replies at a time. */

const capy = {botId: 9, id: 'Qm90Ojk=', handle: 'Capy', displayName: 'Capy'};
const shared: Chat = {id: 'x', chatId: 500, chatCode: 'shared', title: 'T', bot: 'Capy', lastInteractionTime: null};

interface Taken {
  chatId: number;
  own: {messageId: number; text: string; state: string; author: string; clientNonce: string};
  botId: number;
}

/** A site that takes messages and says nothing: what is told, and when, the test says. */
async function quietSite({isSlow = false} = {}) {
  const taken = new Map<string, Taken>();
  let numbers = 1_000;
  let letIn = () => {};
  const isLetIn = isSlow ? new Promise<void>((resolve) => (letIn = resolve)) : Promise.resolve();
  const site = await otherSite({
    async answer({queryName, variables}, emit) {
      if (queryName === 'SettingsPageQuery') return {viewer: {uid: 1}};
      if (queryName === 'HandleBotLandingPageQuery') {
        await isLetIn;
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
        taken.set(variables.query, {chatId, own, botId});
        const chat = {chatId, chatCode: `code${chatId}`, title: null};
        const node = {messageId: botId, text: '', state: 'incomplete', author: 'capybara'};
        return {messageEdgeCreate: {status: 'success', message: {node: own}, chat, botMessage: {node}}};
      }
      if (queryName === 'cancelViewerActiveJobs_cancelViewerActiveJobs_Mutation') {
        emit('messageCancelled', {}, {uniqueId: `messageCancelled:${variables.chatId}`});
        return {cancelViewerActiveJobs: {}};
      }
      if (queryName === 'ChatPageQuery') {
        const found = [...taken.values()].find(({chatId}) => variables.chatCode === `code${chatId}`);
        const nodes = found ? [found.own, {messageId: found.botId, text: 'old', state: 'complete', author: 'c'}] : [];
        const edges = nodes.map((node) => ({node}));
        const chat = {chatId: found?.chatId, chatCode: variables.chatCode, defaultBotObject: capy};
        return {chatOfCode: found && found.chatId !== shared.chatId ? {...chat, messagesConnection: {edges}} : null};
      }
      if (queryName === 'regenerateMessageMutation') return {messageRegenerate: {status: 'success'}};
      return null;
    },
  });
  const poe = await connect({...site.tokens, baseUrl: site.url, timeoutMs: 5_000});
  onTestFinished(() => poe.close());
  return {site, poe, taken, letIn};
}

/** What is told of a message, each piece by itself. */
function voice(emit: Emit, {chatId, own, botId}: Taken) {
  const tell = (name: string, data: object) => emit(name, data, {uniqueId: `${name}:${chatId}`});
  return {
    echo: () => tell('messageAdded', own),
    text: (text: string, state = 'incomplete', more: object = {}) =>
      tell('messageAdded', {messageId: botId, text, state, author: 'capybara', ...more}),
    title: (title: string) => tell('chatTitleUpdated', {title}),
    jobDone: () => tell('jobUpdated', {jobId: botId, state: 'complete'}),
    tell,
  };
}

/** What happens meanwhile elsewhere, on the user's telephone. */
function telephone(emit: Emit) {
  const elsewhere = {uniqueId: 'messageAdded:424242'};
  emit('messageAdded', {messageId: 1, text: 'from the telephone', state: 'complete', author: 'human'}, elsewhere);
  emit('messageAdded', {messageId: 99_999, text: 'an answer there', state: 'complete', author: 'b'}, elsewhere);
  emit('messageCancelled', {}, {uniqueId: 'messageCancelled:424242'});
  emit('jobUpdated', {state: 'complete'}, {uniqueId: 'jobUpdated:424242'});
  emit('chatTitleUpdated', {title: 'There'}, {uniqueId: 'chatTitleUpdated:424242'});
}

/** Gathers what a reply's steps add up to. */
async function gathered(reply: Reply): Promise<string> {
  let text = '';
  for await (const step of reply) {
    if (step.type === 'append') text += step.text;
    if (step.type === 'replace') ({text} = step);
  }
  return text;
}

const whole = (name: string): string => `\r\n  ${name}: Grüße 👩‍👩‍👧\u0000 …\ttail \r\n\n`;
const start = (name: string): string => whole(name).slice(0, 9);

test('seven replies at a time over one channel: each is its own, whatever becomes of the others', async () => {
  const {site, poe, taken} = await quietSite();
  const names = ['grows', 'cancelled', 'fails', 'left', 'anew', 'first of two', 'second of two'] as const;
  const sent = await Promise.all(
    names.map(async (name) => {
      const reply = await poe.send(name, {bot: 'capy', ...(name.includes('of two') && {chat: shared})});
      return [name, {reply, voice: voice(site.emit, taken.get(name) as Taken)}] as const;
    }),
  );
  // fromEntries gives a record of any names; these are the ones.
  const all = Object.fromEntries(sent) as Record<(typeof names)[number], (typeof sent)[number][1]>;
  const {grows, cancelled, fails, left, anew, 'first of two': first, 'second of two': second} = all;
  const texts = [grows, anew, first, second].map(({reply}) => gathered(reply));
  const failure = fails.reply.result().catch((error: PoeError) => error);
  const stopped = cancelled.reply.result();
  const early = (async () => {
    for await (const _step of left.reply) return left.reply.text;
    return undefined;
  })();

  telephone(site.emit);
  grows.voice.title('Told before the first word');
  for (const name of names) all[name].voice.text(start(name));
  await cancelled.reply.cancel();
  fails.voice.text(start('fails'), 'error_of_some_kind', {messageStateText: 'Broken'});
  telephone(site.emit);
  second.voice.text(whole('second of two').slice(0, 20));
  first.voice.text(whole('first of two'), 'complete');
  first.voice.jobDone();
  grows.voice.jobDone();
  anew.voice.text(whole('anew'), 'complete');
  second.voice.text('shrunk');
  second.voice.text(whole('second of two').slice(0, 25));
  second.voice.tell('messageCancelled', {messageId: taken.get('first of two')?.botId});
  second.voice.text(whole('second of two'), 'complete');
  second.voice.text(whole('second of two'), 'complete');
  telephone(site.emit);
  grows.voice.text(whole('grows').slice(0, -1));
  grows.voice.text(whole('grows'), 'complete');
  grows.voice.echo();
  left.voice.text(whole('left'), 'complete');

  expect(await Promise.all(texts)).toEqual(['grows', 'anew', 'first of two', 'second of two'].map(whole));
  expect(await stopped).toMatchObject({state: 'cancelled', text: start('cancelled')});
  expect(await failure).toMatchObject({code: 'bot_failed', message: expect.stringContaining('Broken')});
  expect(fails.reply.text).toBe(start('fails'));
  expect(await early).toBe(start('left'));
  expect(await grows.reply.result()).toMatchObject({state: 'complete', chat: {title: 'Told before the first word'}});
  expect(await second.reply.result()).toMatchObject({chat: {chatId: 500}});

  const again = await anew.reply.retry();
  anew.voice.text('', 'incomplete');
  anew.voice.text(whole('once more'), 'complete');
  expect(await gathered(again)).toBe(whole('once more'));
  const next = await poe.send('next', {bot: 'capy', chat: grows.reply.chat});
  voice(site.emit, taken.get('next') as Taken).text(whole('next'), 'complete');
  expect(await next.result()).toMatchObject({text: whole('next'), chat: {chatId: grows.reply.chat.chatId}});

  expect(site.sockets).toHaveLength(1);
  expect(site.paths.filter((path) => path.startsWith('/api/settings'))).toHaveLength(1);
  const times = (name: string) => site.asked.filter(({queryName}) => queryName === name).length;
  expect(times('SubscriptionsMutation')).toBe(1);
  expect(times('SendMessageMutation')).toBe(names.length + 1);
  expect(times('regenerateMessageMutation')).toBe(1);
});

test('who gives up before the channel is open takes it from nobody else', async () => {
  const {site, poe, taken, letIn} = await quietSite({isSlow: true});
  const leave = new AbortController();
  const given = poe.send('given up', {bot: 'capy', signal: leave.signal}).catch((error: PoeError) => error.code);
  const kept = poe.send('kept', {bot: 'capy'});
  leave.abort();
  expect(await given).toBe('interrupted');
  letIn();
  const reply = await kept;
  voice(site.emit, taken.get('kept') as Taken).text(whole('kept'), 'complete');
  expect(await reply.result()).toMatchObject({text: whole('kept')});
  expect(taken.has('given up')).toBe(false);
  expect(site.sockets).toHaveLength(1);
});

test('a reply is whole without the echo of its question, and with a job that ends before it', async () => {
  const {site, poe, taken} = await quietSite();
  const reply = await poe.send('quick', {bot: 'capy'});
  const {jobDone, text} = voice(site.emit, taken.get('quick') as Taken);
  jobDone();
  jobDone();
  text('Thinking… (1s)');
  text('Thinking…');
  text('');
  text(start('quick'));
  text(whole('quick'), 'complete');
  expect(await gathered(reply)).toBe(whole('quick'));
});

test('of two messages for one, the one that Poe named is the reply, in whatever order they come', async () => {
  const {site, poe, taken} = await quietSite();
  const reply = await poe.send('two', {bot: 'capy'});
  const {text, tell} = voice(site.emit, taken.get('two') as Taken);
  const other = (words: string, state: string) =>
    tell('messageAdded', {messageId: 5_000, text: words, state, author: 'capybara'});
  other('the second', 'incomplete');
  text(start('two'));
  other('the second, whole', 'complete');
  text(whole('two'), 'complete');
  expect(await gathered(reply)).toBe(whole('two'));
});

test('a reply that is slow to begin is not taken for that of the next message in the chat', async () => {
  const {site, poe, taken} = await quietSite();
  const slow = await poe.send('slow', {bot: 'capy', chat: shared});
  const quick = await poe.send('quick', {bot: 'capy', chat: shared});
  const ofSlow = voice(site.emit, taken.get('slow') as Taken);
  const ofQuick = voice(site.emit, taken.get('quick') as Taken);
  ofQuick.echo();
  ofQuick.text(whole('quick'), 'complete');
  ofQuick.jobDone();
  expect(await gathered(quick)).toBe(whole('quick'));
  const text = gathered(slow);
  // The site is asked for the slow one, two seconds after a job was done.
  await vi.waitUntil(() => site.asked.some(({queryName}) => queryName === 'ChatPageQuery'), {timeout: 30_000});
  ofSlow.text(whole('slow'), 'complete');
  expect(await text).toBe(whole('slow'));
});

test('with an API key, too, who gives up takes nothing from others', async () => {
  let letIn = () => {};
  const isLetIn = new Promise<void>((resolve) => (letIn = resolve));
  const {env, asked} = await otherApi({
    '/v1/models': async () => {
      await isLetIn;
      return {data: [{id: 'Tea'}]};
    },
  });
  const poe = await connectWithKey({apiKey: env.POE_API_KEY, apiUrl: env.POE_API_URL});
  const leave = new AbortController();
  const given = poe.bots
    .explore(undefined, {signal: leave.signal})
    .next()
    .catch((error: PoeError) => error.code);
  const kept = poe.bots.info('tea');
  await vi.waitUntil(() => asked.length > 0);
  leave.abort();
  expect(await given).toBe('interrupted');
  letIn();
  expect(await kept).toMatchObject({handle: 'Tea'});
  expect(asked.map(({path}) => path)).toEqual(['/v1/models']);
});
