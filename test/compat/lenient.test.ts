import {expect, test} from 'vitest';
import type {WebSocket} from 'ws';
import {type Emit, scriptedSite} from '../support/servers/scripted-site.js';
import {seconds} from '../support/patience.js';

/* Sending a message on sites that differ from the sandbox where the protocol allows it. */

interface Site {
  bot?: object | null;
  /** Returns the response to the send. May emit events on the channel. */
  send: (variables: {clientNonce: string; messagePointsDisplayPrice?: number}, emit: Emit) => object | Promise<object>;
  onConnect?: (socket: WebSocket) => void;
  settings?: object;
  channel?: object;
  /** The data of the responses to other operations. */
  others?: Record<string, object>;
}

const chat = {chatId: 77, id: 'Q2hhdDo3Nw==', chatCode: 'abc', title: 'T'};
const botMessage = {messageId: 12, text: '', state: 'incomplete', author: 'capybara', extra: {odd: []}};
const accepted = {
  status: 'success',
  message: {node: {messageId: 11, text: 'q', state: 'complete', author: 'human'}},
  chat,
  botMessage: {node: botMessage},
};

async function runOn(site: Site, ...argv: string[]) {
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
  return run(...(argv.length > 0 ? argv : ['send', '-b', 'capy', 'q']));
}

const withText = (text: string, state: string, more: object = {}) => ({...botMessage, text, state, ...more});

test('an unknown price is not sent, and malformed events in a frame are ignored', async () => {
  let price: unknown = 'not seen';
  const outcome = await runOn({
    send(variables, emit) {
      price = variables.messagePointsDisplayPrice;
      setImmediate(() => {
        emit('chatSettingsUpdated', {weird: true}, {uniqueId: 'chatSettingsUpdated:abc:def'});
        emit('messageAdded', {messageId: 'x', text: 5});
        emit('messageAdded', withText('Hel', 'incomplete'), {raw: true});
        emit('jobStarted', {state: 7}, {uniqueId: ''});
        emit('messageAdded', withText('Hello', 'completed'), {minSeq: null});
      });
      return accepted;
    },
  });
  expect(outcome).toEqual({code: 0, out: 'Hello\n', err: ''});
  expect(price).toBeUndefined();
});

test('an error warns against sending a message again that Poe accepted but that is in no chat', async () => {
  const noChats = {chats: {edges: [], pageInfo: {endCursor: null, hasNextPage: false}}};
  const outcome = await runOn({
    send: () => ({status: 'success', message: null, chat: null, botMessage: null}),
    others: {ChatHistoryListPaginationQuery: noChats},
  });
  expect(outcome).toEqual({
    code: 7,
    out: '',
    err:
      'poe: Poe accepted the message, but its response does not name the chat\n' +
      '     Check poe history or poe.com before you send it again.\n',
  });
});

test('no event is lost if positions stay the same or go back', async () => {
  const outcome = await runOn({
    send(_variables, emit) {
      setImmediate(() => {
        for (const [text, minSeq] of [
          ['a', 900],
          ['ab', 900],
          ['abc', 3],
        ] as const)
          emit('messageAdded', withText(text, 'incomplete'), {minSeq});
        emit('messageAdded', withText('abcd', 'complete'), {minSeq: '2'});
      });
      return accepted;
    },
  });
  expect(outcome).toEqual({code: 0, out: 'abcd\n', err: ''});
});

test('if the response names no reply, the bot’s first message after the user’s is the reply', async () => {
  const outcome = await runOn({
    send({clientNonce}, emit) {
      setImmediate(() => {
        emit('messageAdded', {...botMessage, messageId: 3, text: 'an earlier turn', state: 'complete'});
        emit('messageAdded', {messageId: 11, text: 'q', state: 'complete', author: '', clientNonce});
        emit('messageAdded', {...withText('yes', 'incomplete'), author: null});
        emit('messageAdded', {...withText('yes!', 'complete'), author: null});
      });
      return {...accepted, botMessage: null, statusMessage: null, job: {jobId: 1}};
    },
  });
  expect(outcome).toEqual({code: 0, out: 'yes!\n', err: ''});
});

test('text and state may arrive in separate events', async () => {
  const outcome = await runOn({
    send(_variables, emit) {
      setImmediate(() => {
        emit('messageTextUpdated', {messageId: 12, text: 'one two'}, {uniqueId: 'messageTextUpdated:12'});
        emit('messageStateUpdated', {messageId: 12, state: 'complete'});
      });
      return accepted;
    },
  });
  expect(outcome).toEqual({code: 0, out: 'one two\n', err: ''});
});

test('a reply that is complete in the response to the send is printed', async () => {
  const outcome = await runOn({
    send: () => ({...accepted, botMessage: {node: {...botMessage, text: 'at once', state: 'complete'}}}),
  });
  expect(outcome).toEqual({code: 0, out: 'at once\n', err: ''});
});

test('an empty reply is not an error', async () => {
  const outcome = await runOn({send: () => ({...accepted, botMessage: {node: {...botMessage, state: 'complete'}}})});
  expect(outcome).toEqual({code: 0, out: '', err: ''});
});

test('a cancellation of another chat or message is ignored', async () => {
  const outcome = await runOn({
    send(_variables, emit) {
      setImmediate(() => {
        emit('messageCancelled', {messageId: 12}, {uniqueId: 'messageCancelled:78'});
        emit('messageCancelled', {messageId: 5});
        emit('messageAdded', withText('still here', 'complete'));
      });
      return accepted;
    },
  });
  expect(outcome).toEqual({code: 0, out: 'still here\n', err: ''});
});

test('a channel on another host is an error', async () => {
  const {code, err} = await runOn({send: () => accepted, channel: {baseHost: 'evil.example'}});
  expect(code).toBe(1);
  expect(err).toContain('evil.example');
});

test('an account without a default bot or without a user is an error', async () => {
  const noBot = await runOn({send: () => accepted, settings: {defaultBot: null}}, 'send', 'q');
  expect(noBot.code).toBe(3);
  expect(noBot.err).toContain('-b');
  const noUser = await runOn({send: () => accepted, settings: {uid: null}}, 'whoami');
  expect(noUser.code).toBe(1);
});

test('the default bot is found by its id if its display name is not its handle', async () => {
  const {code, out} = await runOn(
    {
      bot: {botId: 3002, handle: 'The-Assistant', displayName: 'Assistant'},
      settings: {defaultBot: {botId: 3002, displayName: 'Assistant'}},
      send: () => ({...accepted, botMessage: {node: {...botMessage, text: 'hi', state: 'complete'}}}),
    },
    'send',
    '--json',
    'q',
  );
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({bot: 'The-Assistant', chat: {title: 'T', bot: 'The-Assistant'}});
});

test('an error shows why Poe refuses a message', async () => {
  for (const [status, code] of [
    ['reached_limit', 5],
    ['too_many_tokens', 5],
    ['concurrent_messages', 5],
    ['no_access', 1],
    ['new_status', 1],
  ] as const) {
    const outcome = await runOn({
      send: () => ({status, statusMessage: 'Because\u001b[31m so', message: null, chat: null, botMessage: null}),
    });
    expect({status, code: outcome.code}).toEqual({status, code});
    expect(outcome.err).toContain('Because');
    expect(outcome.err).not.toContain('\u001b');
  }
});

const sendWithTimeout = () => ['send', '-b', 'capy', '--timeout', seconds(2), 'q'];

test('a site that sends only unrelated events and disconnects is not reconnected to forever', async () => {
  let calls = 0;
  let first: WebSocket | undefined;
  const {code, err} = await runOn(
    {
      send() {
        first?.terminate();
        return accepted;
      },
      onConnect(socket) {
        first ??= socket;
        if (++calls === 1) return;
        const unrelated = {
          message_type: 'subscriptionUpdate',
          payload: {unique_id: 'jobUpdated:5', subscription_name: 'jobUpdated', data: {}},
        };
        socket.send(JSON.stringify({messages: [unrelated]}), () => socket.terminate());
      },
    },
    ...sendWithTimeout(),
  );
  expect(code).toBe(7);
  expect(err).toContain('No data from Poe');
  expect(calls).toBeLessThan(20);
});

test('a site that always asks to open a new channel does not get one forever', async () => {
  let calls = 0;
  const {code, out, err} = await runOn(
    {
      send: () => accepted,
      onConnect(socket) {
        calls++;
        socket.send(JSON.stringify({messages: [{message_type: 'refetchChannel'}]}));
      },
    },
    ...sendWithTimeout(),
  );
  expect({code, out}).toEqual({code: 7, out: ''});
  expect(err).toContain('No data from Poe');
  expect(calls).toBeLessThan(7);
});

test('a frame in fragments of one byte is read', async () => {
  let socket: WebSocket | undefined;
  const data = {messageAdded: withText('Grüße, 世界 👋', 'complete')};
  const payload = {unique_id: 'messageAdded:77', subscription_name: 'messageAdded', data};
  const message = JSON.stringify({message_type: 'subscriptionUpdate', payload});
  const frame = Buffer.from(JSON.stringify({messages: [message], min_seq: 101}));
  const {code, out} = await runOn({
    send() {
      for (let at = 0; at < frame.length; at++) {
        socket?.send(frame.subarray(at, at + 1), {binary: false, fin: at === frame.length - 1});
      }
      return accepted;
    },
    onConnect: (opened) => void (socket = opened),
  });
  expect({code, out}).toEqual({code: 0, out: 'Grüße, 世界 👋\n'});
});

test('cookies without an account are reported if the settings page names no live channel for them', async () => {
  for (const viewer of [null, {uid: 1}]) {
    const {run, operations} = await scriptedSite({
      channel: {channel: null},
      pages: {'/': {html: '<html></html>'}},
      errors: [],
      answer: ({queryName}) =>
        queryName === 'settingsPageQuery' ? {viewer} : {bot: {botId: 9, handle: 'Capy', displayName: 'Capy'}},
    });
    const {code, err} = await run('send', '-b', 'capy', 'q');
    expect([code, err.split('\n')[0]]).toEqual(
      viewer
        ? [1, "poe: Poe's settings contain no live channel"]
        : [4, 'poe: Not logged in: Poe rejected the cookies p-b and p-lat'],
    );
    expect(operations.map(({queryName}) => queryName)).not.toContain('SendMessageMutation');
  }
});
