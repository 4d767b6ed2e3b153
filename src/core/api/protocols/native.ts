import type {PoeError} from '../../errors.js';
import {parseEvents, type ServerEvent} from '../http/events.js';
import {chunksOf, detectContentKind, unexpectedPage} from '../http/content-kind.js';
import {readText, type StreamedResponse} from '../../http/request.js';
import {unknownBody} from '../http/errors.js';
import {completionError} from '../ask/bot-errors.js';
import {parseJson} from '../../http/json.js';
import type {StoredMessage} from '../chats/chat-log.js';
import type {BotQuery} from './protocol.js';
import {isReadableByBots} from './readable-by-bots.js';

/* Poe's own bot protocol, as its Python client (fastapi_poe 0.0.81) uses it. */

export const nativePath = (bot: string): string => `/bot/${encodeURIComponent(bot)}`;
/** The header `Accept` of fastapi_poe, although the response is a stream of events. */
export const nativeAccept = 'application/json';

/** The body of a request. `temperature` and `stop` have fields of their own; all other parameters belong to the last message. */
export function nativeBody({system, messages, parameters}: BotQuery): object {
  const {temperature = null, stop, ...others} = parameters;
  const last = messages.length - 1;
  return {
    version: '1.2',
    type: 'query',
    query: [
      ...(system === undefined ? [] : [systemMessage(system)]),
      ...messages.map((message, index) => toWireMessage(message, index === last ? others : {})),
    ],
    user_id: '',
    conversation_id: '',
    message_id: '',
    metadata: '',
    api_key: missing,
    access_key: missing,
    temperature,
    skip_system_prompt: false,
    logit_bias: {},
    stop_sequences: stop === undefined ? [] : [stop],
    language_code: 'en',
    adopt_current_bot_name: null,
    bot_query_id: '',
    users: [],
    tools: null,
    tool_calls: null,
    tool_results: null,
    query_creation_time: null,
    extra_params: null,
  };
}

/** fastapi_poe's value for a missing key. The key is sent in a header only. */
const missing = '<missing>';

const systemMessage = (text: string) => ({
  ...emptyMessage,
  role: 'system',
  content: text,
  content_type: 'text/markdown',
});

const toWireMessage = ({author, text, contentType, attachments = []}: StoredMessage, parameters: object) => ({
  ...emptyMessage,
  role: author === 'human' ? 'user' : 'bot',
  content: text,
  content_type: contentType ?? 'text/markdown',
  parameters,
  attachments: attachments.flatMap(({url, name, mimeType, inlineRef = null}) =>
    isReadableByBots(url)
      ? [{url, content_type: mimeType ?? 'application/octet-stream', name: name ?? 'file', inline_ref: inlineRef}]
      : [],
  ),
});

const emptyMessage = {
  message_type: null,
  parameters: {},
  timestamp: 0,
  message_id: '',
  sender_id: null,
  sender: null,
  feedback: [],
  metadata: null,
  referenced_message: null,
  reactions: [],
  attachments: [],
};

/** A response whose first event has arrived. */
export interface StartedStream {
  /** All events, including the first. */
  events: AsyncGenerator<ServerEvent[], void, undefined>;
  /** The first known event; undefined if the stream ended before. */
  first: ServerEvent | undefined;
}

/** Waits for the first known event. @throws PoeError if the response is not a stream of events */
export async function firstEvent(response: StreamedResponse): Promise<StartedStream> {
  const {kind, ...body} = await detectContentKind(response);
  if (kind === 'page') throw unexpectedPage();
  if (kind === 'json')
    throw jsonError(await readText({body: chunksOf(body), url: response.url}), response.url.pathname);
  const events = parseEvents(body);
  for (;;) {
    const next = await events.next();
    if (next.done) return {events, first: undefined};
    const first = next.value.find(({name}) => knownEvents.has(name));
    if (first) return {events: prepend(next.value, events), first};
  }
}

const knownEvents = new Set(['meta', 'text', 'replace_response', 'file', 'suggested_reply', 'json', 'error', 'done']);

const jsonError = (body: string, path: string): PoeError =>
  completionError(parseJson(body), false) ?? unknownBody(path);

async function* prepend(first: ServerEvent[], rest: AsyncIterable<ServerEvent[]>) {
  yield first;
  yield* rest;
}
