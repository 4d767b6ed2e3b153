import * as v from 'valibot';
import {type Asked, type HttpAnswer, parseJson} from '../server/http.js';
import {failed} from './errors.js';
import {modelOf, parametersOf} from './models.js';

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

const general = new Set([
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

/** What is asked of a bot. */
export interface CompletionRequest {
  model: string;
  /** What was said, oldest first; what is not text stands there by its name. */
  said: {role: string; text: string}[];
  parameters: Record<string, unknown>;
  isStreamed: boolean;
  withUsage: boolean;
}

/** Reads a request as strictly as Poe does since April 2026: what neither OpenAI's form nor the bot knows is refused. */
export function readCompletion({signed, headers}: Asked): CompletionRequest | HttpAnswer {
  if (!(headers['content-type'] ?? '').startsWith('application/json')) return failed(400, 'The body is not JSON.');
  const parsed = v.safeParse(Request, parseJson(Buffer.from(signed).toString('utf8')));
  if (!parsed.success) return failed(400, `Invalid request: ${parsed.issues[0].message}`);
  const {model, messages, stream, stream_options, ...rest} = parsed.output;
  if (!modelOf(model)) return failed(404, `Model \`${model}\` not found.`);
  const declared = new Set(parametersOf(model));
  const unknown = Object.keys(rest).find((name) => !general.has(name) && !declared.has(name));
  if (unknown !== undefined) return failed(400, `Unknown parameter: '${unknown}'.`);
  return {
    model,
    said: messages.map(({role, content}) => ({role, text: textOf(content)})),
    parameters: rest,
    isStreamed: stream,
    withUsage: stream_options?.include_usage ?? false,
  };
}

function textOf(content: v.InferOutput<typeof Message>['content']): string {
  if (typeof content === 'string') return content;
  return content.map(partText).join('\n');
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
