import * as v from 'valibot';
import {type HttpResponse, parseJson, type SandboxRequest} from '../server/http.js';
import {errorResponse, invalidRequest, unknownField} from './errors.js';
import {findModel, parameterNames} from './models.js';

/** Parts may have more members, such as `cache_control`. */
const Part = v.variant('type', [
  v.looseObject({type: v.literal('text'), text: v.string()}),
  v.looseObject({type: v.literal('refusal'), refusal: v.string()}),
  v.looseObject({type: v.literal('image_url'), image_url: v.looseObject({url: v.string()})}),
  v.looseObject({type: v.literal('file'), file: v.looseObject({filename: v.string(), file_data: v.string()})}),
  v.looseObject({
    type: v.literal('input_audio'),
    input_audio: v.looseObject({data: v.string(), format: v.string()}),
  }),
]);

const Content = v.union([v.string(), v.array(Part)]);

const Message = v.variant('role', [
  v.looseObject({role: v.picklist(['system', 'user', 'tool']), content: Content}),
  v.pipe(
    v.looseObject({
      role: v.literal('assistant'),
      content: v.nullish(Content),
      tool_calls: v.nullish(v.array(v.looseObject({id: v.string(), function: v.looseObject({name: v.string()})}))),
    }),
    v.check(
      ({content, tool_calls: calls}) =>
        typeof content === 'string' || Boolean(content?.length) || Boolean(calls?.length),
      'An assistant message has content or tool_calls.',
    ),
  ),
]);

const between = (min: number, max: number) => v.nullish(v.pipe(v.number(), v.minValue(min), v.maxValue(max)));
const positive = v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1)));
const Stop = v.pipe(v.string(), v.regex(/\S/));

/** The fields that have an effect. */
const effective = {
  model: v.string(),
  messages: v.pipe(v.array(Message), v.minLength(1)),
  stream: v.nullish(v.boolean(), false),
  stream_options: v.nullish(v.looseObject({include_usage: v.nullish(v.boolean())})),
  temperature: between(0, 2),
  top_p: between(0, 1),
  max_tokens: positive,
  max_completion_tokens: positive,
  stop: v.nullish(v.union([Stop, v.array(Stop)])),
  tools: v.nullish(v.array(v.looseObject({type: v.string()}))),
  tool_choice: v.nullish(v.union([v.string(), v.looseObject({type: v.string()})])),
  parallel_tool_calls: v.nullish(v.boolean()),
  n: v.nullish(v.literal(1)),
  logprobs: v.nullish(v.boolean()),
  top_logprobs: between(0, 20),
};

const Request = v.looseObject(effective);

/** The other fields of OpenAI's format (openai 6.49). Poe accepts and ignores them, says its documentation of 2026. */
const ignored = new Set(
  (
    'audio frequency_penalty function_call functions logit_bias metadata modalities moderation prediction presence_penalty ' +
    'prompt_cache_key prompt_cache_options prompt_cache_retention reasoning_effort response_format safety_identifier seed ' +
    'service_tier store user verbosity web_search_options'
  ).split(' '),
);

/** A request for a chat completion. */
export interface CompletionRequest {
  model: string;
  /** Oldest first. Images and files appear as a short text. */
  messages: {role: string; text: string}[];
  /** What else has an effect on the reply. */
  parameters: Record<string, unknown>;
  isStreamed: boolean;
  includesUsage: boolean;
  /** The base URL of files. */
  cdnUrl?: string;
}

/**
 * Parses a request as strictly as Poe does since April 2026: it rejects fields that neither OpenAI's format nor the bot
 * defines.
 */
export function parseCompletion(
  {signed, headers}: SandboxRequest,
  {cdnUrl}: {cdnUrl: string},
): CompletionRequest | HttpResponse {
  if (!(headers['content-type'] ?? '').startsWith('application/json')) {
    return errorResponse(400, 'The request body must be JSON.');
  }
  const parsed = v.safeParse(Request, parseJson(Buffer.from(signed).toString('utf8')));
  if (!parsed.success) return invalidRequest(parsed.issues[0]);
  const {model, messages, stream, stream_options, ...rest} = parsed.output;
  if (!findModel(model)) return errorResponse(404, `Model \`${model}\` not found.`);
  const declared = new Set(parameterNames(model));
  const unknown = Object.keys(rest).find((name) => !(name in effective) && !declared.has(name) && !ignored.has(name));
  if (unknown !== undefined) return unknownField(unknown);
  // As some bots do on Poe (seen in December 2025).
  if (model.toLowerCase() === 'sandbox-strict' && stream_options) return unknownField('stream_options.include_usage');
  const parameters = Object.entries(rest).filter(
    ([name, value]) => value !== null && value !== undefined && (name in effective || declared.has(name)),
  );
  return {
    model,
    messages: messages.map(({role, content}) => ({role, text: textOf(content)})),
    parameters: Object.fromEntries(parameters),
    isStreamed: stream ?? false,
    includesUsage: stream_options?.include_usage ?? false,
    cdnUrl,
  };
}

function textOf(content: v.InferOutput<typeof Content> | null | undefined): string {
  return Array.isArray(content) ? content.map(partText).join('\n') : (content ?? '');
}

function partText(part: v.InferOutput<typeof Part>): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'refusal':
      return part.refusal;
    case 'image_url':
      return `[image ${mediaTypeOf(part.image_url.url)}]`;
    case 'file':
      return `[file ${part.file.filename} ${mediaTypeOf(part.file.file_data)}]`;
    case 'input_audio':
      return `[audio ${part.input_audio.format}]`;
  }
}

/** The part of a data URL before the data. */
const mediaTypeOf = (url: string): string => url.slice(0, url.indexOf(','));
