import {expect, test} from 'vitest';
import type {WebSocket} from 'ws';
import {type Emit, scriptedSite} from '../support/scripted-site.js';

/* What a message may meet on a site that differs from the sandbox in what the protocol leaves open. */

interface Site {
  bot?: object | null;
  /** The answer to the send, and what happens on the channel after it. */
  send: (variables: {clientNonce: string; messagePointsDisplayPrice?: number}, emit: Emit) => object | Promise<object>;
  onConnect?: (socket: WebSocket) => void;
  settings?: object;
  channel?: object;
  /** The data of the answers to further operations. */
  others?: Record<string, object>;
}

const chat = {chatId: 77, id: 'Q2hhdDo3Nw==', chatCode: 'abc', title: 'T'};
const botMessage = {messageId: 12, text: '', state: 'incomplete', author: 'capybara', extra: {odd: []}};
const taken = {
  status: 'success',
  message: {node: {messageId: 11, text: 'q', state: 'complete', author: 'human'}},
  chat,
  botMessage: {node: botMessage},
};

async function ask(site: Site, ...argv: string[]) {
  const capy = {botId: 9, id: 'Qm90Ojk=', handle: 'Capy', displayName: 'Capy'};
  const {run} = await scriptedSite({
    ...site,
    async answer({queryName, variables}, emit) {
      if (queryName === 'settingsPageQuery') return {viewer: {uid: 1, ...site.settings}};
      if (queryName === 'SendMessageMutation') return {messageEdgeCreate: await site.send(variables, emit)};
      if (queryName === 'HandleBotLandingPageQuery') return {bot: site.bot === undefined ? capy : site.bot};
      return site.others?.[queryName] ?? null;
    },
  });
  return run(...(argv.length > 0 ? argv : ['send', '-b', 'capy', '--timeout', '2', 'q']));
}

const added = (text: string, state: string, more: object = {}) => ({...botMessage, text, state, ...more});

test('a price that is not told is left out, and odd neighbours in a frame do no harm', async () => {
  let price: unknown = 'not seen';
  const outcome = await ask({
    send(variables, emit) {
      price = variables.messagePointsDisplayPrice;
      setImmediate(() => {
        emit('chatSettingsUpdated', {weird: true}, {uniqueId: 'chatSettingsUpdated:abc:def'});
        emit('messageAdded', {messageId: 'x', text: 5});
        emit('messageAdded', added('Hel', 'incomplete'), {raw: true});
        emit('jobStarted', {state: 7}, {uniqueId: ''});
        emit('messageAdded', added('Hello', 'completed'), {minSeq: null});
      });
      return taken;
    },
  });
  expect(outcome).toEqual({code: 0, out: 'Hello\n', err: ''});
  expect(price).toBeUndefined();
});

test('a message that Poe took, but that is found nowhere, is not to be sent again', async () => {
  const noChats = {chats: {edges: [], pageInfo: {endCursor: null, hasNextPage: false}}};
  const outcome = await ask({
    send: () => ({status: 'success', message: null, chat: null, botMessage: null}),
    others: {ChatHistoryListPaginationQuery: noChats},
  });
  expect(outcome).toEqual({
    code: 7,
    out: '',
    err:
      'poe: Poe accepted the message, but it is in none of the newest chats\n' +
      '     Check poe history or poe.com before you send it again.\n',
  });
});

test('positions that do not move, or go back, lose nothing', async () => {
  const outcome = await ask({
    send(_variables, emit) {
      setImmediate(() => {
        for (const [text, minSeq] of [
          ['a', 900],
          ['ab', 900],
          ['abc', 3],
        ] as const)
          emit('messageAdded', added(text, 'incomplete'), {minSeq});
        emit('messageAdded', added('abcd', 'complete'), {minSeq: '2'});
      });
      return taken;
    },
  });
  expect(outcome).toEqual({code: 0, out: 'abcd\n', err: ''});
});

test('without the bot’s message in the answer, the first one after the user’s own is taken', async () => {
  const outcome = await ask({
    send({clientNonce}, emit) {
      setImmediate(() => {
        emit('messageAdded', {...botMessage, messageId: 3, text: 'of an earlier turn', state: 'complete'});
        emit('messageAdded', {messageId: 11, text: 'q', state: 'complete', author: '', clientNonce});
        emit('messageAdded', {...added('yes', 'incomplete'), author: null});
        emit('messageAdded', {...added('yes!', 'complete'), author: null});
      });
      return {...taken, botMessage: null, statusMessage: null, job: {jobId: 1}};
    },
  });
  expect(outcome).toEqual({code: 0, out: 'yes!\n', err: ''});
});

test('text and state may come in events of their own', async () => {
  const outcome = await ask({
    send(_variables, emit) {
      setImmediate(() => {
        emit('messageTextUpdated', {messageId: 12, text: 'one two'}, {uniqueId: 'messageTextUpdated:12'});
        emit('messageStateUpdated', {messageId: 12, state: 'complete'});
      });
      return taken;
    },
  });
  expect(outcome).toEqual({code: 0, out: 'one two\n', err: ''});
});

test('a reply that is whole in the answer already is printed', async () => {
  const outcome = await ask({
    send: () => ({...taken, botMessage: {node: {...botMessage, text: 'at once', state: 'complete'}}}),
  });
  expect(outcome).toEqual({code: 0, out: 'at once\n', err: ''});
});

test('an empty reply is a reply', async () => {
  const outcome = await ask({send: () => ({...taken, botMessage: {node: {...botMessage, state: 'complete'}}})});
  expect(outcome).toEqual({code: 0, out: '', err: ''});
});

test('a cancellation in another chat, or of another message, is not ours', async () => {
  const outcome = await ask({
    send(_variables, emit) {
      setImmediate(() => {
        emit('messageCancelled', {messageId: 12}, {uniqueId: 'messageCancelled:78'});
        emit('messageCancelled', {messageId: 5});
        emit('messageAdded', added('still here', 'complete'));
      });
      return taken;
    },
  });
  expect(outcome).toEqual({code: 0, out: 'still here\n', err: ''});
});

test('a channel on a foreign host is not connected to', async () => {
  const {code, err} = await ask({send: () => taken, channel: {baseHost: 'evil.example'}});
  expect(code).toBe(1);
  expect(err).toContain('evil.example');
});

test('an account without a default bot, or without a user, says so', async () => {
  const noBot = await ask({send: () => taken, settings: {defaultBot: null}}, 'send', 'q');
  expect(noBot.code).toBe(3);
  expect(noBot.err).toContain('-b');
  const nobody = await ask({send: () => taken, settings: {uid: null}}, 'whoami');
  expect(nobody.code).toBe(1);
});

test('the default bot is found by its number where its name is not its handle', async () => {
  const {code, out} = await ask(
    {
      bot: {botId: 3002, handle: 'The-Assistant', displayName: 'Assistant'},
      settings: {defaultBot: {botId: 3002, displayName: 'Assistant'}},
      send: () => ({...taken, botMessage: {node: {...botMessage, text: 'hi', state: 'complete'}}}),
    },
    'send',
    '--json',
    'q',
  );
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({bot: 'The-Assistant', chat: {title: 'T', bot: 'The-Assistant'}});
});

test('a send that is refused says how Poe put it', async () => {
  for (const [status, code] of [
    ['reached_limit', 5],
    ['too_many_tokens', 5],
    ['concurrent_messages', 5],
    ['no_access', 1],
    ['new_status', 1],
  ] as const) {
    const outcome = await ask({
      send: () => ({status, statusMessage: 'Because\u001b[31m so', message: null, chat: null, botMessage: null}),
    });
    expect({status, code: outcome.code}).toEqual({status, code});
    expect(outcome.err).toContain('Because');
    expect(outcome.err).not.toContain('\u001b');
  }
});

test('a site that tells of other things and hangs up, again and again, is not called for ever', async () => {
  let calls = 0;
  let first: WebSocket | undefined;
  const {code, err} = await ask({
    send() {
      first?.terminate();
      return taken;
    },
    onConnect(socket) {
      first ??= socket;
      if (++calls === 1) return;
      const elsewhere = {
        message_type: 'subscriptionUpdate',
        payload: {unique_id: 'jobUpdated:5', subscription_name: 'jobUpdated', data: {}},
      };
      socket.send(JSON.stringify({messages: [elsewhere]}), () => socket.terminate());
    },
  });
  expect(code).toBe(7);
  expect(err).toContain('No data from Poe');
  expect(calls).toBeLessThan(20);
});

test('a site that asks for another channel as soon as one is there is operations for a few, not for ever', async () => {
  let calls = 0;
  const {code, out, err} = await ask({
    send: () => taken,
    onConnect(socket) {
      calls++;
      socket.send(JSON.stringify({messages: [{message_type: 'refetchChannel'}]}));
    },
  });
  expect({code, out}).toEqual({code: 7, out: ''});
  expect(err).toContain('No data from Poe');
  expect(calls).toBeLessThan(7);
});

test('a frame that comes in fragments of a byte each is one frame', async () => {
  let socket: WebSocket | undefined;
  const data = {messageAdded: added('Grüße, 世界 👋', 'complete')};
  const payload = {unique_id: 'messageAdded:77', subscription_name: 'messageAdded', data};
  const message = JSON.stringify({message_type: 'subscriptionUpdate', payload});
  const frame = Buffer.from(JSON.stringify({messages: [message], min_seq: 101}));
  const {code, out} = await ask({
    send() {
      for (let at = 0; at < frame.length; at++) {
        socket?.send(frame.subarray(at, at + 1), {binary: false, fin: at === frame.length - 1});
      }
      return taken;
    },
    onConnect: (opened) => void (socket = opened),
  });
  expect({code, out}).toEqual({code: 0, out: 'Grüße, 世界 👋\n'});
});
