import {createParser} from 'eventsource-parser';
import * as v from 'valibot';
import {PoeError} from '../errors.js';
import {brokenOff} from './failure.js';

const text = v.fallback(v.nullish(v.string(), ''), '');
const count = v.fallback(v.nullish(v.number(), null), null);

const Chunk = v.object({
  choices: v.fallback(
    v.nullish(
      v.array(
        v.object({
          delta: v.fallback(v.nullish(v.object({content: text, reasoning_content: text, reasoning: text}), null), null),
          finish_reason: v.fallback(v.nullish(v.string(), null), null),
        }),
      ),
      [],
    ),
    [],
  ),
  usage: v.fallback(
    v.nullish(v.object({prompt_tokens: count, completion_tokens: count, total_tokens: count}), null),
    null,
  ),
});

/** Tokens, often estimated by Poe. */
export interface Usage {
  promptTokens: number | null;
  completionTokens: number | null;
}

/** How far an answer has come. */
export interface Progress {
  text: string;
  /** What the bot thought before it wrote. */
  reasoning: string;
  usage: Usage | null;
  /** Why it ended: `stop`, `length`, `content_filter`; null until then. */
  finish: string | null;
}

/**
 * Reads the events of a chat completion and tells of each that adds something.
 * @throws PoeError what the bot broke off with; `reply_lost` where the stream ends before its end
 */
export async function* progressOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Progress, void, undefined> {
  let progress: Progress = {text: '', reasoning: '', usage: null, finish: null};
  for await (const data of eventsOf(chunks)) {
    if (data.trim() === '[DONE]') return;
    const event = parse(data);
    const failed = brokenOff(event);
    if (failed) throw failed;
    const parsed = v.safeParse(Chunk, event);
    if (!parsed.success) continue;
    progress = grown(progress, parsed.output);
    yield progress;
  }
  throw new PoeError('reply_lost', 'The reply broke off before its end', {
    hint: 'What came is kept in the chat. Ask again with: poe retry last',
  });
}

function grown(before: Progress, {choices: [choice], usage}: v.InferOutput<typeof Chunk>): Progress {
  const delta = choice?.delta;
  return {
    text: before.text + (delta?.content ?? ''),
    reasoning: before.reasoning + (delta?.reasoning_content || delta?.reasoning || ''),
    usage: usage ? {promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens} : before.usage,
    finish: choice?.finish_reason ?? before.finish,
  };
}

/** The data of each event, as it comes. */
async function* eventsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  const arrived: string[] = [];
  const parser = createParser({onEvent: ({data}) => void arrived.push(data)});
  for await (const chunk of chunks) {
    parser.feed(decoder.decode(chunk, {stream: true}));
    yield* arrived.splice(0);
  }
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch (error) {
    throw new PoeError('reply_lost', 'Poe sent an event that is not understood', {
      hint: 'Try again; poe may be out of date.',
      cause: error,
    });
  }
}
