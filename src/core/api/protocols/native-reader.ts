import * as v from 'valibot';
import {parseJson} from '../../http/json.js';
import type {StoredFile} from '../chats/stored-files.js';
import {endedEarly, parseEventData, type ServerEvent} from '../http/events.js';
import {type BotError, botError} from '../ask/bot-errors.js';
import {addText, type ReplyProgress, trackProgress} from './protocol.js';

/* The events of a reply in Poe's own bot protocol. */

const text = v.fallback(v.nullish(v.string(), null), null);
/** The number of the reply, if the bot sends several. */
const index = v.fallback(v.nullish(v.number(), 0), 0);

const textEventSchema = v.object({text: v.string(), index});
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
  const isDone = yield* trackProgress(events, (before, event) =>
    event.name === 'done' ? undefined : reader.apply(event, before),
  );
  if (!isDone) throw endedEarly();
}

class NativeReader {
  /** Of several replies, the first to send anything is read. */
  #index: number | undefined;
  #isFirst = true;

  apply(event: ServerEvent, before: ReplyProgress): ReplyProgress {
    const isFirst = this.#isFirst;
    if (event.name !== 'ping') this.#isFirst = false;
    switch (event.name) {
      case 'meta': {
        // Only the first event may describe the reply.
        const parsed = v.safeParse(metaEventSchema, parseEventData(event));
        const isPlain = isFirst && parsed.success && /^text\/plain\b/i.test(parsed.output.content_type);
        return isPlain ? {...before, contentType: 'text/plain'} : before;
      }
      case 'text':
        return this.#change(textEventSchema, event, before, ({text}) => addText(before, text));
      case 'replace_response':
        return this.#change(textEventSchema, event, before, ({text}) => ({
          text,
          added: undefined,
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
        const finishReason = choice.finish_reason ?? before.finishReason;
        return {...addText(before, choice.delta?.content ?? ''), finishReason};
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

/** The error of an `error` event. */
export const eventError = ({data}: ServerEvent): BotError => botError(parseJson(data) ?? data);
