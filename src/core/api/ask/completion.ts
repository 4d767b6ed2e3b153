import * as v from 'valibot';
import {count} from '../../model.js';
import {parseEvents, type ServerEvent, parseEventData, endedEarly} from '../http/events.js';
import {formOf, webPage} from '../http/content-kind.js';
import {readText, type StreamedResponse} from '../../http/request.js';
import {unknownBody} from '../http/errors.js';
import {completionError, completionTextError} from './bot-errors.js';
import type {Part} from './files.js';
import type {StoredMessage} from '../chats/chat-log.js';
import {noProgress, type Progress, trackProgress} from './progress.js';
import type {Question} from './question.js';

/* Chat completions, in OpenAI's form. */

export const completionPath = '/v1/chat/completions';
export const completionAccept = 'text/event-stream, application/json';

/** What asks a bot. @param isWhole whether the answer is to come in one piece @param parts files that go along with the question */
export function completionBody(
  {bot, said, parameters}: Question,
  {isWhole, parts}: {isWhole: boolean; parts: readonly Part[]},
): object {
  const messages = said.map((each, index) => spoken(each, index === said.length - 1 ? parts : []));
  const streaming = isWhole ? {stream: false} : {stream: true, stream_options: {include_usage: true}};
  return {...parameters, model: bot, messages, ...streaming};
}

function spoken({author, text, attachments = []}: StoredMessage, parts: readonly Part[]) {
  const role = author === 'human' ? 'user' : 'assistant';
  // Only pictures may be named by their address; of other files the bot is at least told.
  const sent = author === 'human' ? attachments.filter(({url}) => url !== null) : [];
  const pictures = sent.flatMap(({url, mimeType}): Part[] =>
    url !== null && mimeType?.startsWith('image/') ? [{type: 'image_url', image_url: {url}}] : [],
  );
  const others = sent.filter(({mimeType}) => !mimeType?.startsWith('image/'));
  const words = [text, ...others.map(({name, url}) => `[${name ?? 'file'}](${url})`)].join('\n');
  const all = [...pictures, ...parts];
  return {role, content: all.length > 0 ? [{type: 'text', text: words}, ...all] : words};
}

/** A text, or the texts of its parts. */
const text = v.fallback(
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

const Words = v.fallback(v.nullish(v.object({content: text, reasoning_content: text, reasoning: text}), null), null);

const Chunk = v.object({
  choices: v.fallback(
    v.nullish(
      v.array(
        v.object({
          index: v.fallback(v.nullish(v.number(), 0), 0),
          /** In one piece it is the message. */
          delta: Words,
          message: Words,
          finish_reason: v.fallback(v.nullish(v.string(), null), null),
        }),
      ),
      [],
    ),
    [],
  ),
  usage: v.fallback(v.nullish(v.object({prompt_tokens: count, completion_tokens: count}), null), null),
});

/**
 * Reads a chat completion and tells of each event that adds something, or of the whole where it comes in one piece. It has
 * ended with `[DONE]`, or, where that is missing, when the bot had said why it stops.
 * @throws PoeError what the bot broke off with; `reply_lost` where the stream ends before its end
 */
export async function* completionProgress(begun: StreamedResponse): AsyncGenerator<Progress, void, undefined> {
  const {form, chunks} = await formOf(begun.body);
  if (form === 'page') throw webPage();
  if (form === 'json') return yield wholeOf(await readText({body: chunks, url: begun.url}));
  let hasStopped = false;
  const isOver = yield* trackProgress(parseEvents(chunks), (before, event) => {
    if (event.data.trim() === '[DONE]') return undefined;
    const chunk = chunkOf(event);
    const progress = chunk ? grown(before, chunk) : before;
    hasStopped = progress.finishReason !== null;
    return progress;
  });
  if (!isOver && !hasStopped) throw endedEarly();
}

function wholeOf(body: string): Progress {
  const chunk = chunkOf({name: '', data: body});
  if (chunk?.choices[0]) return grown(noProgress, chunk);
  throw unknownBody(completionPath);
}

function chunkOf(event: ServerEvent): v.InferOutput<typeof Chunk> | undefined {
  const isError = event.name === 'error';
  if (!/^\s*[{"]/.test(event.data)) {
    if (isError) throw completionTextError(event.data);
    return undefined;
  }
  const value = parseEventData(event);
  const failed = completionError(value, isError);
  if (failed) throw failed;
  const parsed = v.safeParse(Chunk, value);
  return parsed.success ? parsed.output : undefined;
}

function grown(before: Progress, {choices, usage}: v.InferOutput<typeof Chunk>): Progress {
  const choice = choices.find(({index}) => index === 0);
  const words = choice?.delta ?? choice?.message;
  return {
    ...before,
    text: before.text + (words?.content ?? ''),
    reasoning: before.reasoning + (words?.reasoning_content || words?.reasoning || ''),
    finishReason: choice?.finish_reason ?? before.finishReason,
    usage: usage ? {promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens} : before.usage,
  };
}
