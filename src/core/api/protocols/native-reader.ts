import * as v from 'valibot';
import {fieldsOf, parseJson} from '../../http/json.js';
import type {StoredFile} from '../chats/stored-files.js';
import {endedEarly, parseEventData, type ServerEvent} from '../http/events.js';
import {type BotError, botError} from '../ask/bot-errors.js';
import {type ReplyBuilder, type ReplyProgress, trackProgress} from './protocol.js';

/* The events of a reply in Poe's own bot protocol. */

const text = v.fallback(v.nullish(v.string(), null), null);
/** The number of the reply, if the bot sends several. */
const index = v.fallback(v.nullish(v.number(), 0), 0);

const fileEventSchema = v.object({url: v.string(), content_type: text, name: text, inline_ref: text, index});
const metaEventSchema = v.object({content_type: v.string()});
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
  const isDone = yield* trackProgress(events, (reply, event) => {
    if (event.name === 'done') return 'ended';
    reader.read(event, reply);
    return undefined;
  });
  if (!isDone) throw endedEarly();
}

class NativeReader {
  /** Of several replies, the first to send anything is read. */
  #index: number | undefined;
  #isFirst = true;

  /** Adds an event to a reply. */
  read(event: ServerEvent, reply: ReplyBuilder): void {
    const isFirst = this.#isFirst;
    if (event.name !== 'ping') this.#isFirst = false;
    switch (event.name) {
      case 'meta': {
        // Only the first event may describe the reply.
        const meta = isFirst && parse(metaEventSchema, event);
        if (meta && /^text\/plain\b/i.test(meta.content_type)) reply.set({contentType: 'text/plain'});
        return;
      }
      case 'text': {
        const part = this.#own(readTextEvent(event));
        if (part) reply.add(part.text);
        return;
      }
      case 'replace_response': {
        const part = this.#own(readTextEvent(event));
        if (part) reply.replaceText(part.text);
        return;
      }
      case 'file': {
        const file = this.#own(parse(fileEventSchema, event));
        if (file) reply.set({files: [...reply.progress.files, toStoredFile(file)].slice(0, maxFiles)});
        return;
      }
      case 'suggested_reply': {
        const suggested = parse(suggestedReplySchema, event);
        if (!suggested) return;
        const suggestedReplies = [...reply.progress.suggestedReplies, suggested.text];
        reply.set({suggestedReplies: suggestedReplies.slice(0, maxSuggestedReplies)});
        return;
      }
      case 'json': {
        const [choice] = parse(jsonEventSchema, event)?.choices ?? [];
        if (choice?.delta?.content) reply.add(choice.delta.content);
        if (choice?.finish_reason != null) reply.set({finishReason: choice.finish_reason});
        return;
      }
      case 'error':
        throw eventError(event);
    }
  }

  /** The data of an event, if it belongs to the reply that is read. */
  #own<T extends {index: number}>(data: T | undefined): T | undefined {
    if (!data) return undefined;
    this.#index ??= data.index;
    return data.index === this.#index ? data : undefined;
  }
}

/** Most events are of this kind. Checking a schema would take longer than everything else. */
function readTextEvent(event: ServerEvent): {text: string; index: number} | undefined {
  const {text, index} = fieldsOf(parseEventData(event));
  return typeof text === 'string' ? {text, index: typeof index === 'number' ? index : 0} : undefined;
}

/** The data of an event; undefined if it does not match the schema. */
function parse<const S extends v.GenericSchema>(schema: S, event: ServerEvent): v.InferOutput<S> | undefined {
  const parsed = v.safeParse(schema, parseEventData(event));
  return parsed.success ? parsed.output : undefined;
}

const toStoredFile = ({url, name, content_type, inline_ref}: v.InferOutput<typeof fileEventSchema>): StoredFile => ({
  name,
  url,
  mimeType: content_type,
  size: null,
  ...(inline_ref !== null && {inlineRef: inline_ref}),
});

/** The error of an `error` event. */
export const eventError = ({data}: ServerEvent): BotError => botError(parseJson(data) ?? data);
