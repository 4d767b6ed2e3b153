import * as v from 'valibot';
import {type HttpResponse, parseJson, type SandboxRequest} from '../server/http.js';
import {errorResponse} from './errors.js';
import {findModel, parameterNames} from './models.js';

const Part = v.variant('type', [
  v.strictObject({type: v.literal('text'), text: v.string()}),
  v.strictObject({type: v.literal('image_url'), image_url: v.object({url: v.string()})}),
  v.strictObject({type: v.literal('file'), file: v.strictObject({filename: v.string(), file_data: v.string()})}),
]);

const Message = v.looseObject({
  role: v.picklist(['system', 'user', 'assistant', 'tool']),
  content: v.union([v.string(), v.array(Part)]),
});

const Request = v.looseObject({
  model: v.string(),
  messages: v.pipe(v.array(Message), v.minLength(1)),
  stream: v.optional(v.boolean(), false),
  stream_options: v.optional(v.object({include_usage: v.optional(v.boolean())})),
  temperature: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(2))),
});

/** Fields that every bot accepts. */
const commonFields = new Set([
  'model',
  'messages',
  'stream',
  'stream_options',
  'temperature',
  'top_p',
  'max_tokens',
  'max_completion_tokens',
  'stop',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'n',
]);

/** A request for a chat completion. */
export interface CompletionRequest {
  model: string;
  /** Oldest first. Images and files appear as a short text. */
  messages: {role: string; text: string}[];
  parameters: Record<string, unknown>;
  isStreamed: boolean;
  includesUsage: boolean;
}

/**
 * Parses a request as strictly as Poe does since April 2026: it rejects fields that neither OpenAI's format nor the bot
 * defines.
 */
export function parseCompletion({signed, headers}: SandboxRequest): CompletionRequest | HttpResponse {
  if (!(headers['content-type'] ?? '').startsWith('application/json')) {
    return errorResponse(400, 'The request body must be JSON.');
  }
  const parsed = v.safeParse(Request, parseJson(Buffer.from(signed).toString('utf8')));
  if (!parsed.success) return errorResponse(400, `Invalid request: ${parsed.issues[0].message}`);
  const {model, messages, stream, stream_options, ...rest} = parsed.output;
  if (!findModel(model)) return errorResponse(404, `Model \`${model}\` not found.`);
  const declared = new Set(parameterNames(model));
  const unknown = Object.keys(rest).find((name) => !commonFields.has(name) && !declared.has(name));
  if (unknown !== undefined) return errorResponse(400, `Unknown parameter: '${unknown}'.`);
  return {
    model,
    messages: messages.map(({role, content}) => ({role, text: textOf(content)})),
    parameters: rest,
    isStreamed: stream,
    includesUsage: stream_options?.include_usage ?? false,
  };
}

function textOf(content: v.InferOutput<typeof Message>['content']): string {
  return typeof content === 'string' ? content : content.map(partText).join('\n');
}

function partText(part: v.InferOutput<typeof Part>): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'image_url':
      return `[image ${part.image_url.url.slice(0, part.image_url.url.indexOf(','))}]`;
    case 'file':
      return `[file ${part.file.filename} ${part.file.file_data.slice(0, part.file.file_data.indexOf(','))}]`;
  }
}
