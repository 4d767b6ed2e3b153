import {once} from 'node:events';
import {createServer} from 'node:http';
import {setTimeout as pause} from 'node:timers/promises';
import {WebSocketServer} from 'ws';

/* A minimal simulation of poe.com. It checks nothing and costs little, so that measurements are about the client. */

const hash = '17789837973223261609';
const page =
  '<html><script>window.K=function(){return window.L("seed")};window.L=function(){return "0123456789abcdef0123456789abcdef00"};</script></html>';

/**
 * @param {{delayMs?: number, texts?: readonly string[], paceMs?: number, chats?: number, messages?: number, isChunked?: boolean, chunkLength?: number}} [options] the
 *   latency of each request; the successive texts of a reply and the pause between them; the number of chats in the history, and
 *   of messages in each; whether each event of the API is written by itself
 */
export async function startSite({
  delayMs = 0,
  texts = ['Hello there!'],
  paceMs = 0,
  chats = 0,
  messages = 0,
  isChunked = false,
  chunkLength,
} = {}) {
  /** The chunks of the reply from the API. */
  const chunks = () => (chunkLength ? partsOf(texts.at(-1) ?? '', chunkLength) : wordsOf(texts.at(-1) ?? ''));
  const sockets = new Set();
  /** The time and name of each request. */
  const seen = [];
  /** @param {() => void} act */
  const later = (act) => (delayMs > 0 ? setTimeout(() => act(), delayMs) : act());
  const server = createServer((request, response) => void serve(request, response));
  const serve = async (request, response) => {
    const path = request.url.replace(/\?.*/, '');
    const at = performance.now();
    const isSmall = path === '/api/gql_POST';
    let body = '';
    let bytes = 0;
    for await (const chunk of request) {
      bytes += chunk.length;
      if (isSmall) body += chunk;
    }
    const {queryName = path, variables = {}} = isSmall ? JSON.parse(body) : {};
    seen.push({at, name: queryName, bytes});
    if (path.startsWith('/v1/')) response.setHeader('content-type', 'text/event-stream');
    const isStream = isChunked && path === '/v1/chat/completions';
    later(() => (isStream ? void writeEvents(response, chunks()) : response.end(answer(queryName, variables))));
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address();
  const channel = {minSeq: '1', channel: 'c', channelHash: hash, boxName: 'b', baseHost: `localhost:${port}`};

  const answer = (name, variables) => {
    if (name === '/') return page;
    if (name === '/v1/models') return JSON.stringify({data: [{id: 'Capy'}]});
    if (name === '/v1/chat/completions') return [...events(chunks())].join('');
    if (name === '/api/settings') return JSON.stringify({tchannelData: channel});
    if (/^sendMessage|upload/i.test(name)) {
      setImmediate(() => void sendReply());
      return JSON.stringify({data: {messageEdgeCreate: sent(variables)}});
    }
    if (/^chatPage/i.test(name)) return JSON.stringify({data: {chatOfCode: chatWithMessages(variables, messages)}});
    return JSON.stringify({data: {bot, viewer, autoSubscribe: {}, chats: history(variables)}});
  };
  const history = ({count = 50, cursor}) => {
    const from = Number(cursor ?? 0);
    const to = Math.min(chats, from + count);
    const edges = Array.from({length: to - from}, (_, index) => ({node: chatOf(from + index + 1)}));
    return {edges, pageInfo: {endCursor: String(to), hasNextPage: to < chats}};
  };
  const sendReply = async () => {
    const startedAt = performance.now();
    for (const [index, text] of texts.entries()) {
      const waitMs = startedAt + index * paceMs - performance.now();
      if (waitMs > 0) await pause(waitMs);
      const state = index === texts.length - 1 ? 'complete' : 'incomplete';
      const message = {id: 'b', messageId: 12, creationTime: 2, state, text, author: 'bot'};
      const payload = {unique_id: 'messageAdded:77', subscription_name: 'messageAdded', data: {messageAdded: message}};
      const updates = [payload, ...(state === 'complete' ? [jobDone] : [])];
      const frame = JSON.stringify({
        messages: updates.map((update) => JSON.stringify({message_type: 'subscriptionUpdate', payload: update})),
        min_seq: index + 2,
      });
      for (const socket of sockets) socket.send(frame);
    }
  };

  const live = new WebSocketServer({noServer: true, perMessageDeflate: false});
  server.on('upgrade', (request, stream, head) => {
    seen.push({at: performance.now(), name: 'socket', bytes: 0});
    later(() => live.handleUpgrade(request, stream, head, (socket) => sockets.add(socket)));
  });
  return {
    seen,
    url: `http://127.0.0.1:${port}`,
    socketUrl: `ws://127.0.0.1:${port}/up/b/updates`,
    env: {POE_BASE_URL: `http://127.0.0.1:${port}`, POE_P_B: 'b', POE_P_LAT: 'l'},
    close() {
      for (const socket of sockets) socket.terminate();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A text of this many bytes in short lines. */
export function shortLines(bytes) {
  const line = 'The quick brown fox jumps over the lazy dog, and then it sleeps.\n';
  return line.repeat(Math.ceil(bytes / line.length)).slice(0, bytes);
}

/** A text of this many words. */
export const words = (count) =>
  Array.from({length: count}, (_, index) => (index % 12 === 11 ? 'jumping\nover ' : 'jumping! ')).join('');

/** A text of this many lines with paragraphs, lists, code and tables. */
export function longReply(lines) {
  const part = (number) => [
    `## Step ${number}`,
    '',
    ...Array.from({length: 4}, () => 'The **quick** brown fox jumps over the `lazy` dog, and then it sleeps.'),
    '',
    '- the first thing to consider',
    '- the second, [with a link](https://example.com/second)',
    '',
    '```ts',
    ...Array.from(
      {length: 12},
      (_, line) => `  const value${line} = await read("file-${number}-${line}"); // line ${line}`,
    ),
    '```',
    '',
    '| name | value |',
    '| ---- | ----: |',
    ...Array.from({length: 4}, (_, row) => `| row ${row} | ${row * number} |`),
    '',
  ];
  const parts = Array.from({length: Math.ceil(lines / part(1).length)}, (_, index) => part(index + 1));
  return `${parts
    .flat()
    .slice(0, lines - 2)
    .join('\n')}\n\nThe end.\n`;
}

/** The successive texts of a reply that is complete after this many steps. */
export function prefixes(whole, steps) {
  const bytes = whole.length;
  return Array.from({length: steps}, (_, index) => whole.slice(0, Math.ceil((bytes * (index + 1)) / steps)));
}

/** The events of an OpenAI-compatible API, one for each chunk. */
function* events(chunks) {
  const chunk = (delta, reason = null) => ({
    id: 'c',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'Capy',
    choices: [{index: 0, delta, finish_reason: reason}],
  });
  for (const content of chunks) yield `data: ${JSON.stringify(chunk({content}))}\n\n`;
  yield `data: ${JSON.stringify(chunk({}, 'stop'))}\n\ndata: [DONE]\n\n`;
}

const wordsOf = (text) => text.split(/(?<= )/);

/** The parts of a text that have this many characters. */
function* partsOf(text, length) {
  for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length);
}

/** Writes each event by itself, as a bot does. A reader that is slower is waited for. */
async function writeEvents(response, chunks) {
  for (const event of events(chunks)) {
    if (!response.write(event)) await once(response, 'drain');
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end();
}

/** Poe sends this together with the end of the last message of a bot (December 2025). */
const jobDone = {
  unique_id: 'jobUpdated:77',
  subscription_name: 'jobUpdated',
  data: {jobUpdated: {id: 'Sm9iOjk5', jobId: 99, state: 'complete'}},
};

const bot = {id: 'Qm90Ojk=', botId: 9, handle: 'Capy', displayName: 'Capy'};
const viewer = {uid: 1, defaultBot: {botId: 9, displayName: 'Capy', id: 'Qm90Ojk='}};
const chatOf = (chatId) => ({
  id: btoa(`Chat:${chatId}`),
  chatId,
  chatCode: `code${chatId}`,
  title: `The title of the chat with the number ${chatId}`,
  lastInteractionTime: 1_742_861_079_000_000 - chatId,
});
const subjects = ['tea', 'a trip to Lisbon', 'SQL window functions', 'Straßenbahnen', '東京', 'half-marathon training'];
/** A chat with messages of some 250 characters. */
function chatWithMessages({chatCode}, count) {
  const chat = chatOf(Number(chatCode.slice('code'.length)));
  const edges = Array.from({length: count}, (_, index) => {
    const messageId = chat.chatId * 100 + index;
    const subject = subjects[(chat.chatId + index) % subjects.length];
    const text = `Message ${messageId} about ${subject}. ${'The quick brown fox jumps over the lazy dog, and sleeps. '.repeat(4)}`;
    const author = index % 2 === 0 ? 'human' : 'capybara';
    return {
      node: {
        id: `m${messageId}`,
        messageId,
        creationTime: chat.lastInteractionTime - count + index,
        text,
        author,
        state: 'complete',
      },
    };
  });
  return {...chat, messagesConnection: {edges, pageInfo: {hasPreviousPage: false}}};
}
const sent = ({query, clientNonce}) => ({
  status: 'success',
  statusMessage: '',
  message: {node: {id: 'u', messageId: 11, creationTime: 1, text: query, state: 'complete', clientNonce}},
  chat: {id: 'Q2hhdDo3Nw==', chatId: 77, chatCode: 'abc', title: 'Hello'},
  botMessage: {node: {id: 'b', messageId: 12, creationTime: 2, text: '', state: 'incomplete'}},
});
