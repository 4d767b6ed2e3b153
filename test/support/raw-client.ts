import {once} from 'node:events';
import {type IncomingHttpHeaders, request as httpRequest} from 'node:http';
import * as v from 'valibot';
import {onTestFinished} from 'vitest';
import {WebSocket} from 'ws';
import {operations, type OperationKey, subscriptions} from '../../src/core/web/protocol/operations.js';
import {type Sandbox, type SandboxOptions, startSandbox} from '../../src/sandbox/server/server.js';
import {tagIdOf} from '../../src/sandbox/site/tag-id.js';

/*
 * A client of the sandbox that knows only the protocol: raw requests and sockets.
 */

export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({pace: 0, ...options});
  onTestFinished(() => sandbox.close());
  return sandbox;
}

export interface Ask {
  method?: string;
  /** Who is asked; else the base URL's host. */
  host?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** One request, with nothing added to it. */
export async function ask(
  sandbox: Sandbox,
  path: string,
  {method = 'GET', host, headers = {}, body}: Ask = {},
): Promise<Answer> {
  const {port} = new URL(sandbox.url);
  const request = httpRequest({
    host: '127.0.0.1',
    port,
    path,
    method,
    agent: false,
    headers: {Host: host ?? `127.0.0.1:${port}`, ...headers},
  });
  request.end(body);
  const [response] = await once(request, 'response');
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return {status: response.statusCode, headers: response.headers, text};
}

export const cookieOf = ({tokens}: Sandbox): string => `p-b=${tokens.pB}; p-lat=${tokens.pLat}`;

const hashOf = (key: OperationKey): string => operations[key].forms['2025-03'].hash;

export const bodyOf = (key: OperationKey, variables: unknown): string =>
  JSON.stringify({queryName: operations[key].forms['2025-03'].name, variables, extensions: {hash: hashOf(key)}});

/** The headers of a request that signs this text. */
export const signedHeaders = (sandbox: Sandbox, signed: string): Record<string, string> => ({
  'Content-Type': 'application/json',
  Cookie: cookieOf(sandbox),
  'Poe-Formkey': sandbox.formKey,
  'poe-tag-id': tagIdOf(signed, sandbox.formKey),
});

/** Asks for an operation as the site's own page does; `change` spoils it. */
export function post(
  sandbox: Sandbox,
  key: OperationKey,
  variables: unknown,
  change: Record<string, string> = {},
): Promise<Answer> {
  const body = bodyOf(key, variables);
  return ask(sandbox, '/api/gql_POST', {method: 'POST', headers: {...signedHeaders(sandbox, body), ...change}, body});
}

/** What an operation answers in `data`; null where it fails. */
export async function dataOf(sandbox: Sandbox, key: OperationKey, variables: unknown, change?: Record<string, string>) {
  return JSON.parse((await post(sandbox, key, variables, change)).text).data ?? null;
}

/** The answer to what does not fit. */
export const serverError = '{"data":null,"errors":[{"message":"Server Error"}],"extensions":{"is_final":true}}';

let nonces = 0;
export const newNonce = (): string => `nonce${String((nonces += 1)).padStart(11, '0')}`;

export const sendVariables = (bot: string, query: string, more: object = {}) => ({
  chatId: null,
  bot,
  query,
  shouldFetchChat: true,
  source: {sourceType: 'chat_input', chatInputMetadata: {useVoiceRecord: false}},
  clientNonce: newNonce(),
  sdid: '',
  attachments: [],
  existingMessageAttachmentsIds: [],
  messagePointsDisplayPrice: 2,
  ...more,
});

/** One part of a multipart body, as it stands there. */
export interface Part {
  head: string;
  bytes: string | Buffer;
}

export const queryPart = (query: string, name = 'queryInfo'): Part => ({
  head: `Content-Disposition: form-data; name="${name}"`,
  bytes: query,
});

export const filePart = (field: string, bytes: string | Buffer, name = `${field}.txt`, type = 'text/plain'): Part => ({
  head: `Content-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: ${type}`,
  bytes,
});

/** Sends a message with files as a multipart body of these parts; `change` spoils its headers. */
export function upload(
  sandbox: Sandbox,
  query: string,
  parts: readonly Part[],
  change: Record<string, string> = {},
): Promise<Answer> {
  const body = Buffer.concat(
    [
      ...parts.flatMap(({head, bytes}) => ['--a-boundary\r\n', head, '\r\n\r\n', bytes, '\r\n']),
      '--a-boundary--\r\n',
    ].map((piece) => Buffer.from(piece)),
  );
  return ask(sandbox, '/api/gql_upload_POST', {
    method: 'POST',
    headers: {
      ...signedHeaders(sandbox, query),
      'Content-Type': 'multipart/form-data; boundary=a-boundary',
      ...change,
    },
    body,
  });
}

const Tchannel = v.object({
  tchannelData: v.object({
    minSeq: v.string(),
    channel: v.string(),
    channelHash: v.string(),
    boxName: v.string(),
    baseHost: v.string(),
  }),
});

/** A new live channel, subscribed to everything unless told otherwise. */
export async function openChannel(sandbox: Sandbox, names?: readonly string[]) {
  const {text} = await ask(sandbox, '/api/settings', {headers: {Cookie: cookieOf(sandbox)}});
  const settings = v.parse(Tchannel, JSON.parse(text)).tchannelData;
  const wanted = subscriptions['2025-03'].filter(({name}) => names?.includes(name) ?? true);
  const list = wanted.map(({name, hash}) => ({subscriptionName: name, query: null, queryHash: hash}));
  await post(sandbox, 'subscribe', {subscriptions: list}, {'Poe-Tchannel': settings.channel});
  return settings;
}

export type Settings = Awaited<ReturnType<typeof openChannel>>;

export const livePath = ({boxName, minSeq, channel, channelHash}: Settings): string =>
  `/up/${boxName}/updates?min_seq=${minSeq}&channel=${channel}&hash=${channelHash}`;

export const liveHost = ({baseHost}: Settings): string => `tch4711.tch.${baseHost}`;

const Event = v.object({
  payload: v.object({
    unique_id: v.string(),
    subscription_name: v.string(),
    data: v.record(v.string(), v.record(v.string(), v.unknown())),
  }),
});

export interface Heard {
  name: string;
  subject: string;
  data: Record<string, unknown>;
}

/** Listens to a channel, and gathers what is said. */
export async function listen(sandbox: Sandbox, settings: Settings) {
  const {port} = new URL(sandbox.url);
  const socket = new WebSocket(`ws://127.0.0.1:${port}${livePath(settings)}`, {
    headers: {Host: liveHost(settings)},
    origin: sandbox.url,
  });
  const frames: string[] = [];
  const events: Heard[] = [];
  let seq = 0;
  let changed = () => {};
  socket.on('message', (data, isBinary) => {
    if (isBinary || !Buffer.isBuffer(data)) return;
    const text = data.toString('utf8');
    frames.push(text);
    const frame = v.safeParse(v.object({messages: v.array(v.unknown()), min_seq: v.number()}), parsed(text));
    if (frame.success) seq = frame.output.min_seq;
    for (const message of frame.success ? frame.output.messages : []) {
      const event = v.safeParse(Event, parsed(message));
      if (!event.success) continue;
      const {unique_id: id, subscription_name: name, data} = event.output.payload;
      if (/:\d+$/.test(id)) events.push({name, subject: id.replace(/^.*:/, ''), data: data[name] ?? {}});
    }
    changed();
  });
  socket.on('close', () => changed());
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  return {
    socket,
    frames,
    events,
    /** The position of the last frame. */
    seq: () => String(seq),
    /** The texts that bots' messages had, one after the other. */
    texts: () =>
      events
        .filter(({name, data}) => name === 'messageAdded' && data.author !== 'human')
        .map(({data}) => String(data.text)),
    /** Waits until it is so. */
    async until(isSo: (events: readonly Heard[]) => boolean) {
      while (!isSo(events)) await new Promise<void>((resolve) => (changed = resolve));
    },
    async untilClosed() {
      while (socket.readyState !== WebSocket.CLOSED) await new Promise<void>((resolve) => (changed = resolve));
    },
  };
}

/** A sandbox, a listener to all that happens in it, and a voice. */
export async function openTalk(options?: SandboxOptions) {
  const sandbox = await openSandbox(options);
  const settings = await openChannel(sandbox);
  const live = await listen(sandbox, settings);
  const call = (key: OperationKey, variables: unknown) =>
    dataOf(sandbox, key, variables, {'Poe-Tchannel': settings.channel});
  const send = async (bot: string, query: string, more: object = {}) =>
    (await call('sendMessage', sendVariables(bot, query, more))).messageEdgeCreate;
  const replied = () => live.until(has('jobUpdated'));
  return {
    sandbox,
    settings,
    live,
    /** What an operation answers to somebody who listens; null where it fails. */
    call,
    send,
    /** Waits for the end of the reply; what was heard before is not forgotten. */
    replied,
    /** Sends a message, forgets what was heard before, and waits for the end of the reply. */
    async say(bot: string, query: string, more: object = {}): Promise<Said> {
      live.events.length = 0;
      const {chat, message, botMessage} = await send(bot, query, more);
      await replied();
      return {chatId: chat.chatId, chatCode: chat.chatCode, question: message.node, answer: botMessage.node};
    },
    /** The messages of a chat, as its page shows them. */
    async messages(chatCode: string): Promise<Node[]> {
      const {chatOfCode} = await call('chatPage', {chatCode});
      return chatOfCode.messagesConnection.edges.map(({node}: {node: Node}) => node);
    },
  };
}

interface Node {
  messageId: number;
  messageCode: string;
  text: string;
  state: string;
  author: string;
}

export interface Said {
  chatId: number;
  chatCode: string;
  question: Node;
  answer: Node;
}

export const has =
  (name: string) =>
  (events: readonly Heard[]): boolean =>
    events.some((event) => event.name === name);

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
