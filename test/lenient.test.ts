import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {expect, onTestFinished, test} from 'vitest';
import {type WebSocket, WebSocketServer} from 'ws';
import {runMain} from './harness.js';

/*
 * Another site than the sandbox, which differs from it in what the protocol leaves open. It checks nothing; it answers as
 * each test says, so that the client is seen to read by the protocol and not by the sandbox.
 */

type Emit = (name: string, data: object, options?: {uniqueId?: string; raw?: boolean; minSeq?: unknown}) => void;

interface Site {
  bot?: object | null;
  /** The answer to the send, and what happens on the channel after it. */
  send: (variables: {clientNonce: string; messagePointsDisplayPrice?: number}, emit: Emit) => object | Promise<object>;
  onConnect?: (socket: WebSocket) => void;
  settings?: object;
  channel?: object;
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
  const sockets: WebSocket[] = [];
  let seq = 100;
  const emit: Emit = (name, data, {uniqueId = `${name}:77`, raw = false, minSeq} = {}) => {
    const message = {
      message_type: 'subscriptionUpdate',
      payload: {unique_id: uniqueId, subscription_name: name, data: {[name]: data}, more: 1},
    };
    seq++;
    const frame = JSON.stringify({
      messages: [raw ? message : JSON.stringify(message)],
      min_seq: minSeq === undefined ? seq : minSeq,
      new: true,
    });
    for (const socket of sockets) socket.send(frame);
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => void answer(request.url ?? '', body).then((data) => response.end(JSON.stringify(data))));
  });
  const {port} = await new Promise<AddressInfo>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve(server.address() as AddressInfo)),
  );
  const answer = async (path: string, body: string): Promise<object> => {
    if (path.startsWith('/api/settings')) {
      const tchannelData = {
        minSeq: 5,
        channel: 'c',
        channelHash: '17789837973223261609',
        boxName: 'b',
        baseHost: `localhost:${port}`,
        ...site.channel,
      };
      return {x: 1, tchannelData};
    }
    const {queryName, variables} = JSON.parse(body);
    if (queryName === 'SubscriptionsMutation') return {data: {autoSubscribe: null, other: 1}};
    if (queryName === 'settingsPageQuery') return {data: {viewer: {uid: 1, ...site.settings}}, errors: null};
    if (queryName === 'SendMessageMutation')
      return {data: {messageEdgeCreate: await site.send(variables, emit)}, errors: [{message: 'odd but harmless'}]};
    if (queryName === 'HandleBotLandingPageQuery') {
      return {
        data: {
          bot: site.bot === undefined ? {botId: 9, id: 'Qm90Ojk=', handle: 'Capy', displayName: 'Capy'} : site.bot,
        },
      };
    }
    return {data: null, errors: [{message: 'Server Error'}]};
  };
  const live = new WebSocketServer({server});
  live.on('connection', (socket) => {
    sockets.push(socket);
    site.onConnect?.(socket);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.terminate();
    server.closeAllConnections();
    server.close();
  });
  const env = {
    POE_BASE_URL: `http://127.0.0.1:${port}`,
    POE_P_B: 'b',
    POE_P_LAT: 'l',
    POE_FORMKEY: 'a'.repeat(32),
    POE_CONFIG_DIR: '/nonexistent/poe',
  };
  return runMain(argv.length > 0 ? argv : ['send', '-b', 'capy', '--timeout', '2', 'q'], {env});
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
