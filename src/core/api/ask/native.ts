import * as v from 'valibot';
import type {PoeError} from '../../errors.js';
import {parseEvents, type ServerEvent, parseEventData, endedEarly} from '../http/events.js';
import {detectContentKind, unexpectedPage} from '../http/content-kind.js';
import {readText, type StreamedResponse} from '../../http/request.js';
import {unknownBody} from '../http/errors.js';
import {type BotError, botError, completionError} from './bot-errors.js';
import {parseJson} from '../../http/json.js';
import type {StoredMessage} from '../chats/chat-log.js';
import type {StoredFile} from '../chats/stored-files.js';
import {type BotQuery, type ReplyProgress, trackProgress} from './protocol.js';

/* Poe's own bot protocol, as its Python client (fastapi_poe 0.0.81) uses it. */

export const nativePath = (bot: string): string => `/bot/${encodeURIComponent(bot)}`;
/** What fastapi_poe sends, although the response is a stream of events. */
export const nativeAccept = 'application/json';

/** The body of a request. `temperature` and `stop` have fields of their own; all other parameters belong to the last message. */
export function nativeBody({messages, parameters}: BotQuery): object {
  const {temperature = null, stop, ...others} = parameters;
  const last = messages.length - 1;
  return {
    version: '1.2',
    type: 'query',
    query: messages.map((message, index) => toWireMessage(message, index === last ? others : {})),
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

const toWireMessage = ({author, text, attachments = []}: StoredMessage, parameters: object) => ({
  role: author === 'human' ? 'user' : 'bot',
  content: text,
  content_type: 'text/markdown',
  message_type: null,
  parameters,
  timestamp: 0,
  message_id: '',
  sender_id: null,
  sender: null,
  feedback: [],
  metadata: null,
  referenced_message: null,
  reactions: [],
  attachments: attachments.flatMap(({url, name, mimeType, inlineRef = null}) =>
    url === null
      ? []
      : [{url, content_type: mimeType ?? 'application/octet-stream', name: name ?? 'file', inline_ref: inlineRef}],
  ),
});

/** A response whose first event has arrived. */
export interface StartedStream {
  /** All events, including the first. */
  events: AsyncGenerator<ServerEvent[], void, undefined>;
  /** The first known event; undefined if the stream ended before. */
  first: ServerEvent | undefined;
}

/** Waits for the first known event. @throws PoeError if the response is not a stream of events */
export async function firstEvent(response: StreamedResponse): Promise<StartedStream> {
  const {kind, body} = await detectContentKind(response.body);
  if (kind === 'page') throw unexpectedPage();
  if (kind === 'json') throw jsonError(await readText({body, url: response.url}), response.url.pathname);
  const events = parseEvents(body);
  for (;;) {
    const next = await events.next();
    if (next.done) return {events, first: undefined};
    const first = next.value.find(({name}) => knownEvents.has(name));
    if (first) return {events: prepend(next.value, events), first};
  }
}

const knownEvents = new Set(['meta', 'text', 'replace_response', 'file', 'suggested_reply', 'json', 'error', 'done']);

const jsonError = (body: string, path: string): PoeError => completionError(parseJson(body), true) ?? unknownBody(path);

async function* prepend(first: ServerEvent[], rest: AsyncIterable<ServerEvent[]>) {
  yield first;
  yield* rest;
}

/** The error of an `error` event. */
export const eventError = ({data}: ServerEvent): BotError => botError(parseJson(data) ?? data);

const text = v.fallback(v.nullish(v.string(), null), null);
/** The number of the reply, if the bot sends several. */
const index = v.fallback(v.nullish(v.number(), 0), 0);

const textEventSchema = v.object({text: v.string(), index});
const fileEventSchema = v.object({url: v.string(), content_type: text, name: text, inline_ref: text, index});
const suggestedReplySchema = v.object({text: v.string()});
/** A chunk in OpenAI's format. Tool calls in it are ignored. */
const jsonEventSchema = v.object({
  choices: v.array(
    v.object({delta: v.fallback(v.nullish(v.object({content: text}), null), null), finish_reason: text}),
  ),
});

/** Limits on what one reply may add, so that a faulty bot does not fill the memory. */
const maxFiles = 1000;
const maxSuggestedReplies = 100;

/**
 * Reads the events of a reply. Unknown events are ignored.
 * @throws PoeError of the bot; `reply_lost` if the stream ends without `done`
 */
export async function* nativeProgress(
  events: AsyncIterable<ServerEvent[]>,
): AsyncGenerator<ReplyProgress, void, undefined> {
  const reader = new NativeReader();
  const isDone = yield* trackProgress(events, (before, event) =>
    event.name === 'done' ? undefined : reader.apply(event, before),
  );
  if (!isDone) throw endedEarly();
}

class NativeReader {
  /** Of several replies, the first to send anything is read. */
  #index: number | undefined;

  apply(event: ServerEvent, before: ReplyProgress): ReplyProgress {
    switch (event.name) {
      case 'text':
        return this.#change(textEventSchema, event, before, ({text}) => ({text: before.text + text}));
      case 'replace_response':
        return this.#change(textEventSchema, event, before, ({text}) => ({
          text,
          replacements: before.replacements + 1,
        }));
      case 'file':
        return this.#change(fileEventSchema, event, before, (file) => ({
          files: [...before.files, toStoredFile(file)].slice(0, maxFiles),
        }));
      case 'suggested_reply': {
        const parsed = v.safeParse(suggestedReplySchema, parseEventData(event));
        if (!parsed.success) return before;
        const suggestedReplies = [...before.suggestedReplies, parsed.output.text].slice(0, maxSuggestedReplies);
        return {...before, suggestedReplies};
      }
      case 'json': {
        const parsed = v.safeParse(jsonEventSchema, parseEventData(event));
        const [choice] = parsed.success ? parsed.output.choices : [];
        if (!choice) return before;
        const text = before.text + (choice.delta?.content ?? '');
        return {...before, text, finishReason: choice.finish_reason ?? before.finishReason};
      }
      case 'error':
        throw eventError(event);
      default:
        return before;
    }
  }

  #change<const S extends v.GenericSchema<unknown, {index: number}>>(
    schema: S,
    event: ServerEvent,
    before: ReplyProgress,
    change: (data: v.InferOutput<S>) => Partial<ReplyProgress>,
  ): ReplyProgress {
    const parsed = v.safeParse(schema, parseEventData(event));
    if (!parsed.success) return before;
    this.#index ??= parsed.output.index;
    return parsed.output.index === this.#index ? {...before, ...change(parsed.output)} : before;
  }
}

const toStoredFile = ({url, name, content_type, inline_ref}: v.InferOutput<typeof fileEventSchema>): StoredFile => ({
  name,
  url,
  mimeType: content_type,
  size: null,
  ...(inline_ref !== null && {inlineRef: inline_ref}),
});
