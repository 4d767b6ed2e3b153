import * as v from 'valibot';
import {type HttpResponse, parseJson, type SandboxRequest} from '../../server/http.js';
import type {CompletionRequest} from '../completion-request.js';
import {errorResponse, invalidRequest, unknownField} from '../errors.js';
import {findModel, parameterNames, supports} from '../models.js';

const Part = v.looseObject({
  type: v.picklist(['input_text', 'output_text', 'refusal', 'input_image', 'input_file', 'summary_text']),
  text: v.optional(v.string()),
});

const Content = v.union([v.string(), v.array(Part)]);

const MessageItem = v.looseObject({
  type: v.optional(v.literal('message')),
  role: v.picklist(['system', 'user', 'assistant']),
  content: Content,
});

/** A message, or another kind of item, such as a tool's output. */
const Item = v.union([
  MessageItem,
  v.looseObject({type: v.picklist(['function_call', 'function_call_output', 'reasoning', 'item_reference'])}),
]);

const count = v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1)));

const fields = {
  model: v.string(),
  input: v.union([v.string(), v.pipe(v.array(Item), v.minLength(1))]),
  stream: v.nullish(v.boolean(), false),
  temperature: v.nullish(v.pipe(v.number(), v.minValue(0), v.maxValue(2))),
  top_p: v.nullish(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  max_output_tokens: count,
  reasoning: v.nullish(v.looseObject({effort: v.nullish(v.string()), summary: v.nullish(v.string())})),
  tools: v.nullish(v.array(v.looseObject({type: v.string()}))),
  tool_choice: v.nullish(v.union([v.string(), v.looseObject({type: v.string()})])),
  parallel_tool_calls: v.nullish(v.boolean()),
  text: v.nullish(v.looseObject({})),
  previous_response_id: v.nullish(v.string()),
};

const Request = v.looseObject(fields);

/** The other fields of OpenAI's format (openai 6.49). Poe ignores even `instructions` (seen in May 2026). */
const ignored = new Set(
  (
    'background context_management conversation include instructions metadata moderation prompt prompt_cache_key ' +
    'prompt_cache_options prompt_cache_retention safety_identifier service_tier store stream_options top_logprobs ' +
    'truncation user'
  ).split(' '),
);

/** A request for a response. */
export type ResponsesRequest = Omit<CompletionRequest, 'includesUsage'>;

/** Parses a request as Poe does: it knows no earlier responses, and only some bots support this endpoint. */
export function parseResponses({signed, headers}: SandboxRequest): ResponsesRequest | HttpResponse {
  if (!(headers['content-type'] ?? '').startsWith('application/json')) {
    return errorResponse(400, 'The request body must be JSON.');
  }
  const parsed = v.safeParse(Request, parseJson(Buffer.from(signed).toString('utf8')));
  if (!parsed.success) return invalidRequest(parsed.issues[0]);
  const {model, input, stream, previous_response_id: previous, ...rest} = parsed.output;
  if (!findModel(model)) return errorResponse(404, `Model \`${model}\` not found.`);
  if (!supports(model, '/v1/responses')) return errorResponse(400, 'Model does not support responses method.');
  if (previous != null) return errorResponse(500, 'Previous response cannot be used with Zero Data Retention.');
  const declared = new Set(parameterNames(model));
  const unknown = Object.keys(rest).find((name) => !(name in fields) && !declared.has(name) && !ignored.has(name));
  if (unknown !== undefined) return unknownField(unknown);
  const parameters = Object.entries(rest).filter(
    ([name, value]) => value !== null && value !== undefined && !ignored.has(name),
  );
  return {
    model,
    messages: typeof input === 'string' ? [{role: 'user', text: input}] : input.flatMap(toMessage),
    parameters: Object.fromEntries(parameters),
    isStreamed: stream ?? false,
  };
}

function toMessage(item: v.InferOutput<typeof Item>): {role: string; text: string}[] {
  if (!v.is(MessageItem, item)) return [];
  const {role, content} = item;
  return [{role, text: typeof content === 'string' ? content : content.map(partText).join('\n')}];
}

const partText = (part: v.InferOutput<typeof Part>): string => part.text ?? `[${part.type.replace('input_', '')}]`;
