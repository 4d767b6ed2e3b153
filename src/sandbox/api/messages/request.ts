import * as v from 'valibot';
import {type HttpResponse, json, parseJson, type SandboxRequest} from '../../server/http.js';
import type {CompletionRequest} from '../completion-request.js';
import {errorType} from '../errors.js';
import {findModel, supports} from '../models.js';

const Text = v.looseObject({type: v.literal('text'), text: v.string()});

/** Blocks may have more members, such as `cache_control`. */
const Block = v.union([Text, v.looseObject({type: v.pipe(v.string(), v.notValue('text'))})]);

const Message = v.looseObject({
  role: v.picklist(['user', 'assistant']),
  content: v.union([v.string(), v.array(Block)]),
});

const anything = v.optional(v.unknown());
const share = v.nullish(v.pipe(v.number(), v.minValue(0), v.maxValue(1)));

/** The fields of Anthropic's format. Poe rejects all others (2026-04). */
const Request = v.strictObject({
  model: v.string(),
  messages: v.pipe(v.array(Message), v.minLength(1)),
  max_tokens: v.pipe(v.number(), v.integer(), v.minValue(1)),
  system: v.nullish(v.union([v.string(), v.array(Text)])),
  stream: v.nullish(v.boolean(), false),
  temperature: share,
  top_p: share,
  top_k: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0))),
  stop_sequences: v.nullish(v.array(v.string())),
  thinking: v.nullish(v.looseObject({type: v.string()})),
  tools: v.nullish(v.array(v.looseObject({name: v.string()}))),
  tool_choice: v.nullish(v.looseObject({type: v.string()})),
  cache_control: anything,
  container: anything,
  context_management: anything,
  inference_geo: anything,
  mcp_servers: anything,
  metadata: anything,
  output_config: anything,
  output_format: anything,
  service_tier: anything,
  speed: anything,
});

/** A request in Anthropic's format. */
export type MessagesRequest = Omit<CompletionRequest, 'includesUsage'>;

/** Parses a request. The bot may have Poe's name or Anthropic's: `claude-sonnet-4.6` or `claude-sonnet-4-6-20260217`. */
export function parseMessages({signed, headers}: SandboxRequest): MessagesRequest | HttpResponse {
  if (!(headers['content-type'] ?? '').startsWith('application/json')) {
    return messagesError(400, 'The request body must be JSON.');
  }
  const parsed = v.safeParse(Request, parseJson(Buffer.from(signed).toString('utf8')));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const isUnknown = issue.type === 'strict_object' && issue.expected === 'never';
    const message = isUnknown ? 'Extra inputs are not permitted' : issue.message;
    return messagesError(400, `${v.getDotPath(issue) ?? 'body'}: ${message}`);
  }
  const {model: name, messages, system, stream, ...rest} = parsed.output;
  const model = findModel(name) ?? findModel(poeName(name));
  if (!model || !supports(model.id, '/v1/messages')) return messagesError(404, `model: ${name}`);
  const parameters = Object.entries(rest).filter(([, value]) => value !== null && value !== undefined);
  return {
    model: model.id,
    messages: [...(system ? [{role: 'system', content: system}] : []), ...messages].map(({role, content}) => ({
      role,
      text: typeof content === 'string' ? content : content.map(blockText).join('\n'),
    })),
    parameters: Object.fromEntries(parameters),
    isStreamed: stream ?? false,
  };
}

/** `claude-sonnet-4-6-20260217` → `claude-sonnet-4.6` */
const poeName = (name: string): string => name.replace(/-\d{8}$/, '').replace(/-(\d+)-(\d+)$/, '-$1.$2');

const blockText = (block: v.InferOutput<typeof Block>): string =>
  'text' in block && typeof block.text === 'string' ? block.text : `[${block.type}]`;

export const messagesErrorBody = (status: number, message: string) => ({
  type: 'error',
  error: {type: errorType(status), message},
});

/** An error in Anthropic's format. */
export const messagesError = (status: number, message: string): HttpResponse =>
  json(status, messagesErrorBody(status, message));
