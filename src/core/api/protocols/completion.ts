import * as v from 'valibot';
import {count} from '../../input/lenient.js';
import type {TokenUsage} from '../../reply.js';
import {endedEarly, isJson, parseEventData, parseEvents, type ServerEvent} from '../http/events.js';
import {chunksOf, detectContentKind, unexpectedPage} from '../http/content-kind.js';
import {fieldsOf} from '../../http/json.js';
import {readText, type StreamedResponse} from '../../http/request.js';
import {unknownBody} from '../http/errors.js';
import {completionError, completionTextError} from '../ask/bot-errors.js';
import type {Part} from '../ask/message-files.js';
import type {StoredMessage} from '../chats/chat-log.js';
import {type BotQuery, ReplyBuilder, type ReplyProgress, trackProgress} from './protocol.js';

/* OpenAI-compatible chat completions. */

export const completionPath = '/v1/chat/completions';
export const completionAccept = 'text/event-stream, application/json';

/**
 * The body of a request.
 * @param isStreamed whether the reply is streamed
 * @param parts files that are sent inside the last message
 * @param omitted fields that the bot does not accept
 */
export function completionBody(
  {bot, system, messages, parameters}: BotQuery,
  {isStreamed, parts, omitted}: {isStreamed: boolean; parts: readonly Part[]; omitted: readonly string[]},
): object {
  const streaming = isStreamed ? {stream: true, ...optionalFields} : {stream: false};
  const added = Object.entries(streaming).filter(([name]) => !omitted.includes(name));
  const last = messages.length - 1;
  return {
    ...Object.fromEntries(added),
    ...parameters,
    model: bot,
    messages: [
      ...(system === undefined ? [] : [{role: 'system', content: system}]),
      ...messages.map((message, index) => toWireMessage(message, index === last ? parts : [])),
    ],
  };
}

/** Fields that improve a reply, but that some bots reject (seen in December 2025). */
const optionalFields = {stream_options: {include_usage: true}};

/**
 * The optional field that a bot has rejected; undefined if it is none, or if the user has set it.
 * @param path such as `stream_options.include_usage`
 */
export function optionalField(path: string | undefined, {parameters}: BotQuery): string | undefined {
  const name = path?.split('.')[0];
  return name !== undefined && Object.hasOwn(optionalFields, name) && !Object.hasOwn(parameters, name)
    ? name
    : undefined;
}

function toWireMessage({author, text, attachments = []}: StoredMessage, parts: readonly Part[]) {
  const role = author === 'human' ? 'user' : 'assistant';
  const uploaded = author === 'human' ? attachments.filter(({url}) => url !== null) : [];
  const images = uploaded.flatMap(({url, mimeType}): Part[] =>
    url !== null && mimeType?.startsWith('image/') ? [{type: 'image_url', image_url: {url}}] : [],
  );
  // Only images can be sent as URLs. Other files are mentioned in the text.
  const others = uploaded.filter(({mimeType}) => !mimeType?.startsWith('image/'));
  const content = [text, ...others.map(({name, url}) => `[${name ?? 'file'}](${url})`)].join('\n');
  const allParts = [...images, ...parts];
  return {role, content: allParts.length > 0 ? [{type: 'text', text: content}, ...allParts] : content};
}

/** A text, or the texts of its parts. */
const textSchema = v.fallback(
  v.nullish(
    v.union([
      v.string(),
      v.pipe(
        v.array(v.object({text: v.fallback(v.nullish(v.string(), ''), '')})),
        v.transform((parts) => parts.map((part) => part.text).join('')),
      ),
    ]),
    '',
  ),
  '',
);

const contentSchema = v.fallback(
  v.nullish(
    v.object({content: textSchema, refusal: textSchema, reasoning_content: textSchema, reasoning: textSchema}),
    null,
  ),
  null,
);

const detailsSchema = v.fallback(v.nullish(v.object({cached_tokens: count}), null), null);

/** A chunk of a streamed completion, or a whole completion. */
const chunkSchema = v.object({
  choices: v.fallback(
    v.nullish(
      v.array(
        v.object({
          index: v.fallback(v.nullish(v.number(), 0), 0),
          /** In a chunk. */
          delta: contentSchema,
          /** In a whole completion. */
          message: contentSchema,
          /** Some servers send '' while the bot writes. */
          finish_reason: v.fallback(v.nullish(v.string(), ''), ''),
        }),
      ),
      [],
    ),
    [],
  ),
  usage: v.fallback(
    v.nullish(v.object({prompt_tokens: count, completion_tokens: count, prompt_tokens_details: detailsSchema}), null),
    null,
  ),
});
type Chunk = v.InferOutput<typeof chunkSchema>;

/**
 * Reads a completion, streamed or whole. A stream is complete with `[DONE]`, or without it if the bot gave a reason to stop.
 * @throws PoeError of the bot; `reply_lost` if the stream ends early
 */
export async function* completionProgress(response: StreamedResponse): AsyncGenerator<ReplyProgress, void, undefined> {
  const {kind, ...body} = await detectContentKind(response);
  if (kind === 'page') throw unexpectedPage();
  if (kind === 'json') return yield parseCompletion(await readText({body: chunksOf(body), url: response.url}));
  let hasFinishReason = false;
  const isDone = yield* trackProgress(parseEvents(body), (reply, event) => {
    if (isEndMarker(event)) return 'ended';
    addEvent(reply, event);
    hasFinishReason = reply.finishReason !== null;
    return undefined;
  });
  if (!isDone && !hasFinishReason) throw endedEarly();
}

const isEndMarker = ({data}: ServerEvent): boolean => data.length < 100 && data.trim() === '[DONE]';

function parseCompletion(text: string): ReplyProgress {
  const reply = new ReplyBuilder();
  if (!addEvent(reply, {name: '', data: text})) throw unknownBody(completionPath);
  return reply.progress;
}

/** Adds an event to a reply. @returns whether it was a completion or a chunk of one @throws PoeError of the bot */
function addEvent(reply: ReplyBuilder, event: ServerEvent): boolean {
  const isError = event.name === 'error';
  if (!isJson(event)) {
    if (isError) throw completionTextError(event.data);
    return false;
  }
  const data = parseEventData(event);
  const simple = isError ? undefined : simpleChunk(data);
  if (simple) {
    reply.add(simple.text);
    if (simple.finishReason) reply.set({finishReason: simple.finishReason});
    return true;
  }
  const error = completionError(data, isError);
  if (error) throw error;
  const chunk = v.safeParse(chunkSchema, data);
  return chunk.success && addChunk(reply, chunk.output);
}

/** A chunk that has only text or a reason to stop, like most chunks. Checking the schema takes ten times as long. */
function simpleChunk(data: unknown): {text: string; finishReason: string} | undefined {
  const {choices, error, usage} = fieldsOf(data);
  if (error || usage || !Array.isArray(choices) || choices.length !== 1) return undefined;
  const {index = 0, delta, message, finish_reason} = fieldsOf(choices[0]);
  const {content, refusal, reasoning, reasoning_content: otherReasoning} = fieldsOf(delta);
  if (index !== 0 || message || refusal || reasoning || otherReasoning) return undefined;
  const [text, finishReason] = [content ?? '', finish_reason ?? ''];
  return typeof text === 'string' && typeof finishReason === 'string' ? {text, finishReason} : undefined;
}

const toTokenUsage = (usage: NonNullable<Chunk['usage']>): TokenUsage => ({
  promptTokens: usage.prompt_tokens,
  completionTokens: usage.completion_tokens,
  cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? null,
});

/** @returns whether the chunk has a choice */
function addChunk(reply: ReplyBuilder, {choices, usage}: Chunk): boolean {
  const choice = choices.find(({index}) => index === 0);
  const content = choice?.delta ?? choice?.message;
  // A bot that refuses explains it instead of a reply.
  const text = (content?.content ?? '') + (content?.refusal ?? '');
  reply.add(text, content?.reasoning_content || content?.reasoning);
  if (choice?.finish_reason) reply.set({finishReason: choice.finish_reason});
  if (usage) reply.set({usage: toTokenUsage(usage)});
  return choices.length > 0;
}
