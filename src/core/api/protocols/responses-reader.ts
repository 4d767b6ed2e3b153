import * as v from 'valibot';
import {readText, type StreamedResponse} from '../../http/request.js';
import {count} from '../../input/lenient.js';
import type {Source, TokenUsage} from '../../reply.js';
import {botFailure, completionError, completionTextError} from '../ask/bot-errors.js';
import {chunksOf, detectContentKind, unexpectedPage} from '../http/content-kind.js';
import {unknownBody} from '../http/errors.js';
import {endedEarly, isJson, parseEventData, parseEvents, type ServerEvent} from '../http/events.js';
import {ReplyBuilder, type ReplyProgress, trackProgress} from './protocol.js';
import {responsesPath} from './responses-body.js';

/* Replies in OpenAI's format "Responses". */

const text = v.fallback(v.nullish(v.string(), ''), '');
const list = v.fallback(v.nullish(v.array(v.unknown()), []), []);

/** A part may lack its text (calls of tools by Gemini, 2026). */
const partSchema = v.object({text, refusal: text, annotations: list});
const itemSchema = v.object({type: text, content: list, summary: list});
const responseSchema = v.object({
  status: text,
  output: list,
  error: v.fallback(v.nullish(v.object({message: text, code: text}), null), null),
  incomplete_details: v.fallback(v.nullish(v.object({reason: text}), null), null),
  usage: v.fallback(
    v.nullish(
      v.object({
        input_tokens: count,
        output_tokens: count,
        input_tokens_details: v.fallback(v.nullish(v.object({cached_tokens: count}), null), null),
      }),
      null,
    ),
    null,
  ),
});
type Response = v.InferOutput<typeof responseSchema>;

const deltaSchema = v.object({delta: v.string()});
const summaryPartSchema = v.fallback(v.object({summary_index: v.number()}), {summary_index: 0});
const annotationSchema = v.object({annotation: v.unknown()});
const citationSchema = v.object({type: v.literal('url_citation'), url: v.pipe(v.string(), v.nonEmpty()), title: text});
const endSchema = v.object({response: responseSchema});
const typeSchema = v.object({type: v.string()});

/** Limits what a faulty bot can add to a reply. */
const maxSources = 1000;

/**
 * Reads a reply: a stream of events, or one object from servers that do not stream.
 * @throws PoeError of the bot; `reply_lost` if the stream ends early
 */
export async function* responsesProgress(response: StreamedResponse): AsyncGenerator<ReplyProgress, void, undefined> {
  const {kind, ...body} = await detectContentKind(response);
  if (kind === 'page') throw unexpectedPage();
  if (kind === 'json') return yield parseResponse(await readText({body: chunksOf(body), url: response.url}));
  const sources: Source[] = [];
  let hasEnded = false;
  const isDone = yield* trackProgress(parseEvents(body), (reply, event) => {
    const end = applyEvent(reply, event, sources);
    hasEnded = reply.finishReason !== null;
    return end;
  });
  if (!isDone && !hasEnded) throw endedEarly();
}

function parseResponse(body: string): ReplyProgress {
  const data = parseEventData({name: '', data: body});
  const parsed = v.safeParse(responseSchema, data);
  if (!parsed.success || parsed.output.status === '') {
    throw completionError(data, false) ?? unknownBody(responsesPath);
  }
  const reply = new ReplyBuilder();
  end(reply, parsed.output, []);
  return reply.progress;
}

/** Adds an event to the reply. @returns `ended` for the event that ends the stream */
function applyEvent(reply: ReplyBuilder, event: ServerEvent, sources: Source[]): 'ended' | void {
  if (event.data.trim() === '[DONE]') return 'ended';
  if (!isJson(event)) {
    if (event.name === 'error') throw completionTextError(event.data);
    return;
  }
  const data = parseEventData(event);
  const type = v.is(typeSchema, data) ? data.type : event.name;
  switch (type) {
    case 'response.output_text.delta':
    case 'response.refusal.delta':
      if (v.is(deltaSchema, data)) reply.add(data.delta);
      return;
    case 'response.reasoning_summary_text.delta':
    case 'response.reasoning_text.delta':
      if (v.is(deltaSchema, data)) reply.add('', data.delta);
      return;
    case 'response.reasoning_summary_part.added':
      // Each part of a summary is a paragraph.
      if (v.parse(summaryPartSchema, data).summary_index > 0) reply.add('', '\n\n');
      return;
    case 'response.output_text.annotation.added':
      if (v.is(annotationSchema, data)) addSources(reply, [data.annotation], sources);
      return;
    case 'response.completed':
    case 'response.incomplete':
    case 'response.failed': {
      const parsed = v.safeParse(endSchema, data);
      if (parsed.success) end(reply, parsed.output.response, sources);
      return;
    }
    default: {
      const error = completionError(data, type === 'error' || event.name === 'error');
      if (error) throw error;
    }
  }
}

/** Applies the whole response: it has the text of servers that send no pieces. */
function end(
  reply: ReplyBuilder,
  {status, output, error, incomplete_details, usage}: Response,
  sources: Source[],
): void {
  if (status === 'failed' || error) throw botFailure(error ?? {message: '', code: ''});
  const items = output.flatMap((item) => {
    const parsed = v.safeParse(itemSchema, item);
    return parsed.success ? [parsed.output] : [];
  });
  const parts = items.filter(({type}) => type === 'message').flatMap(({content}) => content.flatMap(toPart));
  const summaries = items.filter(({type}) => type === 'reasoning').flatMap(({summary}) => summary.flatMap(toPart));
  const {text, reasoning} = reply.progress;
  if (text === '') reply.add(parts.map((part) => part.text + part.refusal).join(''));
  if (reasoning === '') reply.add('', summaries.map((part) => part.text).join('\n\n'));
  addSources(
    reply,
    parts.flatMap(({annotations}) => annotations),
    sources,
  );
  const hasTool = items.some(({type}) => type === 'function_call');
  reply.set({
    finishReason: incomplete_details ? reasonOf(incomplete_details.reason) : hasTool ? 'tool_calls' : 'stop',
    ...(usage && {usage: toTokenUsage(usage)}),
  });
}

const toPart = (part: unknown) => {
  const parsed = v.safeParse(partSchema, part);
  return parsed.success ? [parsed.output] : [];
};

const reasonOf = (reason: string): string => (reason === 'content_filter' ? reason : 'length');

/** @param sources those that the reply already has */
function addSources(reply: ReplyBuilder, annotations: readonly unknown[], sources: Source[]): void {
  const known = new Set(sources.map(({url}) => url));
  for (const annotation of annotations) {
    const parsed = v.safeParse(citationSchema, annotation);
    if (!parsed.success || known.has(parsed.output.url) || sources.length >= maxSources) continue;
    known.add(parsed.output.url);
    sources.push({url: parsed.output.url, title: parsed.output.title || null});
  }
  if (sources.length > 0) reply.set({sources: [...sources]});
}

const toTokenUsage = (usage: NonNullable<Response['usage']>): TokenUsage => ({
  promptTokens: usage.input_tokens,
  completionTokens: usage.output_tokens,
  cachedTokens: usage.input_tokens_details?.cached_tokens ?? null,
});
