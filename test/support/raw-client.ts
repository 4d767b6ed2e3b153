import {once} from 'node:events';
import {type IncomingHttpHeaders, request as httpRequest} from 'node:http';
import * as v from 'valibot';
import {onTestFinished} from 'vitest';
import {WebSocket} from 'ws';
import {type OperationKey, type SiteVersion, subscriptions, versionOf} from '../../src/core/web/protocol/operations.js';
import {startTestSandbox, type TestSandbox} from '../../src/sandbox/faults/test-sandbox.js';
import type {SandboxOptions} from '../../src/sandbox/server/server.js';
import {siteFacts} from '../../src/sandbox/site/facts.js';
import {tagId} from '../../src/sandbox/site/tag-id.js';

/*
 * A client of the sandbox that knows only the protocol: raw requests and sockets. It speaks the site version of its sandbox.
 */

export async function openSandbox(options: SandboxOptions = {}): Promise<TestSandbox> {
  const sandbox = await startTestSandbox({pace: 0, ...options});
  onTestFinished(() => sandbox.close());
  return sandbox;
}

export interface RequestOptions {
  method?: string;
  /** The header `Host`. Default: that of the base URL. */
  host?: string;
  /** An array is sent as several headers. */
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Sends one request exactly as given. */
export async function request(
  sandbox: TestSandbox,
  path: string,
  {method = 'GET', host, headers = {}, body}: RequestOptions = {},
): Promise<Answer> {
  const {port} = new URL(sandbox.url);
  const outgoing = httpRequest({
    host: '127.0.0.1',
    port,
    path,
    method,
    agent: false,
    headers: {Host: host ?? `127.0.0.1:${port}`, ...headers},
  });
  outgoing.end(body);
  const [response] = await once(outgoing, 'response');
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return {status: response.statusCode, headers: response.headers, text};
}

export const cookieOf = ({tokens}: TestSandbox): string => `p-b=${tokens.pB}; p-lat=${tokens.pLat}`;

/** The JSON body of an operation. */
export function bodyOf(key: OperationKey, variables: unknown, site: SiteVersion = '2026-08'): string {
  const {name, hash} = versionOf(key, site);
  return JSON.stringify({queryName: name, variables, extensions: {hash}});
}

/** The headers of a request that signs this text. */
export function signedHeaders(sandbox: TestSandbox, signed: string): Record<string, string> {
  const {requiredHeaders, tagPositions} = siteFacts[sandbox.site];
  const newHeaders = {
    'poe-queryname': /"queryName":"(\w+)"/.exec(signed)?.[1] ?? '',
    poegraphql: '1',
    'poe-revision': '118ed515209a69eb123c780f0365b39d6fae9c1b',
  };
  return {
    'Content-Type': 'application/json',
    Cookie: cookieOf(sandbox),
    'Poe-Formkey': sandbox.formKey,
    'poe-tag-id': tagId(signed, sandbox.formKey, tagPositions),
    ...(requiredHeaders.length > 0 && newHeaders),
  };
}

/** Sends an operation as the site's own page does. `change` replaces headers. */
export function post(
  sandbox: TestSandbox,
  key: OperationKey,
  variables: unknown,
  change: Record<string, string | string[]> = {},
): Promise<Answer> {
  const body = bodyOf(key, variables, sandbox.site);
  return request(sandbox, '/api/gql_POST', {
    method: 'POST',
    headers: {...signedHeaders(sandbox, body), ...change},
    body,
  });
}

/** The `data` of an operation's answer; null if it fails. */
export async function dataOf(
  sandbox: TestSandbox,
  key: OperationKey,
  variables: unknown,
  change?: Record<string, string>,
) {
  return JSON.parse((await post(sandbox, key, variables, change)).text).data ?? null;
}

/** The answer to an operation that fails. */
export const serverError = '{"data":null,"errors":[{"message":"Server Error"}],"extensions":{"is_final":true}}';

let nonces = 0;
export const newNonce = (): string => `nonce${String((nonces += 1)).padStart(11, '0')}`;

/** Variables of a send, for a site version. */
export const sendVariables = (bot: string, query: string, more: object = {}, site: SiteVersion = '2026-08') => ({
  chatId: null,
  bot,
  query,
  shouldFetchChat: true,
  source: {sourceType: 'chat_input', chatInputMetadata: {useVoiceRecord: false}},
  clientNonce: newNonce(),
  attachments: [],
  existingMessageAttachmentsIds: [],
  ...(site === '2025-03'
    ? {sdid: '', messagePointsDisplayPrice: 2}
    : {
        sdid: 'c3e6b781-97bd-4f65-8e8e-86ac7a57eeca',
        chatNonce: newNonce(),
        referencedMessageId: null,
        parameters: null,
        fileHashJwts: [],
        isTemporary: false,
      }),
  ...more,
});

/** A part of a multipart body. */
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

/** Sends a message with files as a multipart body with these parts. `change` replaces headers. */
export function upload(
  sandbox: TestSandbox,
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
  return request(sandbox, '/api/gql_upload_POST', {
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

/** Opens a live channel and subscribes to events. Default: all. */
export async function openChannel(sandbox: TestSandbox, names?: readonly string[]) {
  const {text} = await request(sandbox, '/api/settings', {headers: {Cookie: cookieOf(sandbox)}});
  const settings = v.parse(Tchannel, JSON.parse(text)).tchannelData;
  const selected = subscriptions[sandbox.site].filter(({name}) => names?.includes(name) ?? true);
  const list = selected.map(({name, hash}) => ({subscriptionName: name, query: null, queryHash: hash}));
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

export interface ReceivedEvent {
  name: string;
  subject: string;
  data: Record<string, unknown>;
}

/** Listens to a channel and collects its frames and events. */
export async function listen(sandbox: TestSandbox, settings: Settings) {
  const {port} = new URL(sandbox.url);
  const socket = new WebSocket(`ws://127.0.0.1:${port}${livePath(settings)}`, {
    headers: {Host: liveHost(settings)},
    origin: sandbox.url,
  });
  const frames: string[] = [];
  const events: ReceivedEvent[] = [];
  let seq = 0;
  let changed = () => {};
  socket.on('message', (data, isBinary) => {
    if (isBinary || !Buffer.isBuffer(data)) return;
    const text = data.toString('utf8');
    frames.push(text);
    const frame = v.safeParse(v.object({messages: v.array(v.unknown()), min_seq: v.number()}), parseJson(text));
    if (frame.success) seq = frame.output.min_seq;
    for (const message of frame.success ? frame.output.messages : []) {
      const event = v.safeParse(Event, parseJson(message));
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
    /** The texts of bots' messages, in the order of their updates. */
    texts: () =>
      events
        .filter(({name, data}) => name === 'messageAdded' && data.sourceType === 'bot_response')
        .map(({data}) => String(data.text)),
    /** Waits until the condition holds. */
    async until(condition: (events: readonly ReceivedEvent[]) => boolean) {
      while (!condition(events)) await new Promise<void>((resolve) => (changed = resolve));
    },
    async untilClosed() {
      while (socket.readyState !== WebSocket.CLOSED) await new Promise<void>((resolve) => (changed = resolve));
    },
  };
}

/** Opens a sandbox, listens to all its events, and returns helpers to talk to its bots. */
export async function openConversation(options?: SandboxOptions) {
  const sandbox = await openSandbox(options);
  const settings = await openChannel(sandbox);
  const live = await listen(sandbox, settings);
  const call = (key: OperationKey, variables: unknown) =>
    dataOf(sandbox, key, variables, {'Poe-Tchannel': settings.channel});
  const send = async (bot: string, query: string, more: object = {}) =>
    (await call('sendMessage', sendVariables(bot, query, more, sandbox.site))).messageEdgeCreate;
  const replied = () => live.until(has('jobUpdated'));
  return {
    sandbox,
    settings,
    live,
    /** Runs an operation with the live channel. @returns its `data`; null if it fails */
    call,
    send,
    /** Waits for the end of a reply, which may already have been received. */
    replied,
    /** Clears the received events, sends a message and waits for the end of the reply. */
    async sendAndWait(bot: string, query: string, more: object = {}): Promise<Sent> {
      live.events.length = 0;
      const {chat, message, botMessage} = await send(bot, query, more);
      await replied();
      return {chatId: chat.chatId, chatCode: chat.chatCode, question: message.node, answer: botMessage.node};
    },
    /** The messages of a chat on its page. */
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
  sourceType: string;
}

export interface Sent {
  chatId: number;
  chatCode: string;
  question: Node;
  answer: Node;
}

export const has =
  (name: string) =>
  (events: readonly ReceivedEvent[]): boolean =>
    events.some((event) => event.name === name);

function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
