import * as v from 'valibot';
import {readText, type StreamedResponse} from '../../http/request.js';
import {count} from '../../input/lenient.js';
import type {TokenUsage} from '../../reply.js';
import {completionError, completionTextError} from '../ask/bot-errors.js';
import type {ReplyBlock} from '../chats/reply-block.js';
import {chunksOf, detectContentKind, unexpectedPage} from '../http/content-kind.js';
import {unknownBody} from '../http/errors.js';
import {endedEarly, isJson, parseEventData, parseEvents, type ServerEvent} from '../http/events.js';
import {anthropicPath} from './anthropic-body.js';
import {ReplyBuilder, type ReplyProgress, trackProgress} from './protocol.js';

/* Replies in Anthropic's format. */

const text = v.fallback(v.nullish(v.string(), ''), '');
const index = v.fallback(v.nullish(v.number(), 0), 0);

const usageSchema = v.fallback(
  v.nullish(
    v.object({
      input_tokens: count,
      output_tokens: count,
      cache_read_input_tokens: count,
      cache_creation_input_tokens: count,
    }),
    null,
  ),
  null,
);
type Usage = v.InferOutput<typeof usageSchema>;

/** `text`, `thinking` or `redacted_thinking`. Others, such as calls of tools, are ignored. */
const blockSchema = v.object({type: v.string(), text, thinking: text, signature: text, data: text});
type Block = v.InferOutput<typeof blockSchema>;

const messageSchema = v.object({
  content: v.fallback(v.nullish(v.array(v.unknown()), []), []),
  stop_reason: text,
  usage: usageSchema,
});

const startSchema = v.object({message: v.object({usage: usageSchema})});
const blockStartSchema = v.object({index, content_block: blockSchema});
const deltaSchema = v.object({index, delta: v.object({type: text, text, thinking: text, signature: text})});
const endSchema = v.object({
  delta: v.fallback(v.nullish(v.object({stop_reason: text}), null), null),
  usage: usageSchema,
});

/**
 * Reads a reply: a stream of events, or one object from servers that do not stream.
 * @throws PoeError of the bot; `reply_lost` if the reply does not end with its end marker or a reason to stop
 */
export async function* anthropicProgress(response: StreamedResponse): AsyncGenerator<ReplyProgress, void, undefined> {
  const {kind, ...body} = await detectContentKind(response);
  if (kind === 'page') throw unexpectedPage();
  if (kind === 'json') return yield parseMessage(await readText({body: chunksOf(body), url: response.url}));
  const reader = new AnthropicReader();
  let hasStopReason = false;
  const isDone = yield* trackProgress(parseEvents(body), (reply, event) => {
    const end = reader.apply(event, reply);
    hasStopReason = reply.finishReason !== null;
    return end;
  });
  if (!isDone && !hasStopReason) throw endedEarly();
}

function parseMessage(body: string): ReplyProgress {
  const data = parseEventData({name: '', data: body});
  const error = completionError(data, false);
  if (error) throw error;
  const parsed = v.safeParse(messageSchema, data);
  if (!parsed.success) throw unknownBody(anthropicPath);
  const {content, stop_reason, usage} = parsed.output;
  const reader = new AnthropicReader();
  const reply = new ReplyBuilder();
  for (const [index, block] of content.entries()) reader.start(block, index, reply);
  reader.end(stop_reason, usage, reply);
  return reply.progress;
}

class AnthropicReader {
  readonly #blocks: Block[] = [];
  #usage: Usage = null;

  /** Adds an event to the reply. @returns `ended` for the event that ends the stream */
  apply(event: ServerEvent, reply: ReplyBuilder): 'ended' | void {
    if (event.data.trim() === '[DONE]') return 'ended';
    const isError = event.name === 'error';
    if (!isJson(event)) {
      if (isError) throw completionTextError(event.data);
      return;
    }
    const data = parseEventData(event);
    const type = v.is(typeSchema, data) ? data.type : event.name;
    if (type === 'error' || isError) throw completionError(data, true) ?? completionTextError('');
    switch (type) {
      case 'message_start': {
        const parsed = v.safeParse(startSchema, data);
        if (parsed.success) this.#usage = parsed.output.message.usage;
        return;
      }
      case 'content_block_start': {
        const parsed = v.safeParse(blockStartSchema, data);
        if (parsed.success) this.start(parsed.output.content_block, parsed.output.index, reply);
        return;
      }
      case 'content_block_delta': {
        const parsed = v.safeParse(deltaSchema, data);
        if (parsed.success) this.#add(parsed.output.delta, parsed.output.index, reply);
        return;
      }
      case 'message_delta': {
        const parsed = v.safeParse(endSchema, data);
        if (parsed.success) this.end(parsed.output.delta?.stop_reason ?? '', parsed.output.usage, reply);
        return;
      }
      case 'message_stop':
        return 'ended';
    }
  }

  start(value: unknown, index: number, reply: ReplyBuilder): void {
    const parsed = v.safeParse(blockSchema, value);
    if (!parsed.success) return;
    const block = {...parsed.output};
    this.#blocks[index] = block;
    addTo(reply, block.type === 'text' ? block.text : '', block.type === 'thinking' ? block.thinking : '');
  }

  #add(delta: {text: string; thinking: string; signature: string}, index: number, reply: ReplyBuilder): void {
    const block = (this.#blocks[index] ??= {type: 'text', text: '', thinking: '', signature: '', data: ''});
    block.text += delta.text;
    block.thinking += delta.thinking;
    block.signature += delta.signature;
    addTo(reply, delta.text, delta.thinking);
  }

  /** The counts at the end replace those at the start, except where the end has none. */
  end(reason: string, usage: Usage, reply: ReplyBuilder): void {
    const merged = {...this.#usage, ...Object.fromEntries(Object.entries(usage ?? {}).filter(([, n]) => n !== null))};
    const tokens = toTokenUsage(merged);
    reply.set({
      finishReason: finishReasons.get(reason) ?? (reason || reply.finishReason),
      ...(tokens && {usage: tokens}),
      blocks: this.#blocks.flatMap(toReplyBlock),
    });
  }
}

function addTo(reply: ReplyBuilder, text: string, reasoning: string): void {
  if (text !== '' || reasoning !== '') reply.add(text, reasoning);
}

const typeSchema = v.object({type: v.string()});

/** Anthropic's reasons to stop, in OpenAI's terms. */
const finishReasons: ReadonlyMap<string, string> = new Map(
  Object.entries({
    end_turn: 'stop',
    stop_sequence: 'stop',
    max_tokens: 'length',
    model_context_window_exceeded: 'length',
    tool_use: 'tool_calls',
    refusal: 'content_filter',
  }),
);

/** Anthropic counts what the cache has apart. */
function toTokenUsage({input_tokens, output_tokens, ...cache}: Partial<NonNullable<Usage>>): TokenUsage | null {
  if (input_tokens == null && output_tokens == null) return null;
  const read = cache.cache_read_input_tokens ?? 0;
  return {
    promptTokens: input_tokens == null ? null : input_tokens + read + (cache.cache_creation_input_tokens ?? 0),
    completionTokens: output_tokens ?? null,
    cachedTokens: cache.cache_read_input_tokens ?? null,
  };
}

function toReplyBlock({type, text, thinking, signature, data}: Block): ReplyBlock[] {
  if (type === 'thinking') return signature === '' ? [] : [{type, thinking, signature}];
  if (type === 'redacted_thinking') return data === '' ? [] : [{type, data}];
  return type === 'text' && text.trim() !== '' ? [{type, text}] : [];
}
