import * as v from 'valibot';
import type {PoeError} from '../../errors.js';
import {parseEvents, type ServerEvent, parseEventData, endedEarly} from '../http/events.js';
import {formOf, webPage} from '../http/content-kind.js';
import {readText, type StreamedResponse} from '../../http/request.js';
import {unknownBody} from '../http/errors.js';
import {botError, completionError} from './bot-errors.js';
import {parseJson} from '../../http/json.js';
import type {StoredMessage} from '../chats/chat-log.js';
import type {StoredFile} from '../chats/stored-files.js';
import {type Progress, trackProgress} from './progress.js';
import type {Question} from './question.js';

/* Poe's own bot protocol, as its Python client (fastapi_poe 0.0.81) speaks it. */

export const nativePath = (bot: string): string => `/bot/${encodeURIComponent(bot)}`;
/** The answer is a stream of events all the same. */
export const nativeAccept = 'application/json';

/** What asks a bot: `temperature` and `stop` have places of their own, all other parameters go along with the question. */
export function nativeBody({said, parameters}: Question): object {
  const {temperature = null, stop, ...others} = parameters;
  return {
    version: '1.2',
    type: 'query',
    query: said.map((each, index) => spoken(each, index === said.length - 1 ? others : {})),
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

/** So it is written where there is none: the key is in the headers alone. */
const missing = '<missing>';

const spoken = ({author, text, attachments = []}: StoredMessage, parameters: object) => ({
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

const text = v.fallback(v.nullish(v.string(), null), null);
/** Which of several answers it is about. */
const index = v.fallback(v.nullish(v.number(), 0), 0);

const TextEvent = v.object({text: v.string(), index});
const FileEvent = v.object({url: v.string(), content_type: text, name: text, inline_ref: text, index});
const SuggestedReply = v.object({text: v.string()});
/** As OpenAI has it; what else it may hold are calls of tools, of which a person has none. */
const JsonEvent = v.object({
  choices: v.array(
    v.object({delta: v.fallback(v.nullish(v.object({content: text}), null), null), finish_reason: text}),
  ),
});

/** More than this is no list that anybody could choose from. */
const mostFiles = 1000;
const mostReplies = 100;

/**
 * Reads the events of an answer and tells of each that adds something. Events that are not known say nothing.
 * @throws PoeError what the bot broke off with; `reply_lost` where the stream ends without `done`
 */
export async function* nativeProgress(events: AsyncIterable<ServerEvent[]>): AsyncGenerator<Progress, void, undefined> {
  const reader = new NativeReader();
  const isOver = yield* trackProgress(events, (before, event) =>
    event.name === 'done' ? undefined : reader.read(event, before),
  );
  if (!isOver) throw endedEarly();
}

class NativeReader {
  /** Of several answers at a time the first is read. */
  #answer: number | undefined;

  read(event: ServerEvent, before: Progress): Progress {
    switch (event.name) {
      case 'text':
        return this.#mine(TextEvent, event, before, ({text}) => ({text: before.text + text}));
      case 'replace_response':
        return this.#mine(TextEvent, event, before, ({text}) => ({text}));
      case 'file':
        return this.#mine(FileEvent, event, before, (file) => ({
          files: [...before.files, keptFile(file)].slice(0, mostFiles),
        }));
      case 'suggested_reply': {
        const parsed = v.safeParse(SuggestedReply, parseEventData(event));
        if (!parsed.success) return before;
        return {...before, suggestedReplies: [...before.suggestedReplies, parsed.output.text].slice(0, mostReplies)};
      }
      case 'json': {
        const parsed = v.safeParse(JsonEvent, parseEventData(event));
        const [choice] = parsed.success ? parsed.output.choices : [];
        if (!choice) return before;
        const text = before.text + (choice.delta?.content ?? '');
        return {...before, text, finishReason: choice.finish_reason ?? before.finishReason};
      }
      case 'error':
        throw botErrorIn(event);
      default:
        return before;
    }
  }

  #mine<const S extends v.GenericSchema<unknown, {index: number}>>(
    schema: S,
    event: ServerEvent,
    before: Progress,
    change: (told: v.InferOutput<S>) => Partial<Progress>,
  ): Progress {
    const parsed = v.safeParse(schema, parseEventData(event));
    if (!parsed.success) return before;
    this.#answer ??= parsed.output.index;
    return parsed.output.index === this.#answer ? {...before, ...change(parsed.output)} : before;
  }
}

const keptFile = ({url, name, content_type, inline_ref}: v.InferOutput<typeof FileEvent>): StoredFile => ({
  name,
  url,
  mimeType: content_type,
  size: null,
  ...(inline_ref !== null && {inlineRef: inline_ref}),
});

/** An answer whose first event has come. */
export interface StartedAnswer {
  /** All of its events, the first one too, those that came together at a time. */
  events: AsyncGenerator<ServerEvent[], void, undefined>;
  first: ServerEvent | undefined;
}

/** Waits for the first event that says something; undefined where the stream ends before. @throws PoeError where there is none */
export async function firstEvent(begun: StreamedResponse): Promise<StartedAnswer> {
  const {form, chunks} = await formOf(begun.body);
  if (form === 'page') throw webPage();
  if (form === 'json') throw insteadOfEvents(await readText({body: chunks, url: begun.url}), begun.url.pathname);
  const events = parseEvents(chunks);
  for (;;) {
    const next = await events.next();
    if (next.done) return {events, first: undefined};
    const first = next.value.find(({name}) => known.has(name));
    if (first) return {events: withFirst(next.value, events), first};
  }
}

/** What an error event says: JSON as a rule, else words. */
export const botErrorIn = ({data}: ServerEvent) => botError(parseJson(data) ?? data);

const insteadOfEvents = (text: string, path: string): PoeError =>
  completionError(parseJson(text), true) ?? unknownBody(path);

const known = new Set(['meta', 'text', 'replace_response', 'file', 'suggested_reply', 'json', 'error', 'done']);

async function* withFirst(first: ServerEvent[], rest: AsyncIterable<ServerEvent[]>) {
  yield first;
  yield* rest;
}
