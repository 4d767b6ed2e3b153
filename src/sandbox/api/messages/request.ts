import {createHash} from 'node:crypto';
import * as v from 'valibot';
import {type HttpResponse, json, parseJson, type SandboxRequest} from '../../server/http.js';
import type {CompletionRequest} from '../completion-request.js';
import {tokensIn} from '../cost.js';
import {errorType} from '../errors.js';
import {findModel, supports} from '../models.js';
import type {PromptBlock} from './prompt-cache.js';

const Mark = v.nullish(v.strictObject({type: v.literal('ephemeral'), ttl: v.nullish(v.picklist(['5m', '1h']))}));

const Text = v.strictObject({
  type: v.literal('text'),
  text: v.pipe(v.string(), v.nonEmpty('text content blocks must be non-empty')),
  cache_control: Mark,
  citations: v.nullish(v.unknown()),
});
const Picture = v.strictObject({
  type: v.picklist(['image', 'document']),
  source: v.looseObject({type: v.picklist(['base64', 'url', 'file', 'text', 'content'])}),
  cache_control: Mark,
  title: v.nullish(v.string()),
  context: v.nullish(v.string()),
  citations: v.nullish(v.unknown()),
});
const Thinking = v.pipe(
  v.strictObject({type: v.literal('thinking'), thinking: v.string(), signature: v.string()}),
  v.check(({thinking, signature}) => signature === signatureOf(thinking), 'Invalid `signature` in `thinking` block'),
);

const known = new Set(['text', 'image', 'document', 'thinking']);
/** Blocks of tools, and others. */
const Other = v.looseObject({
  type: v.pipe(
    v.string(),
    v.check((type) => !known.has(type)),
  ),
  cache_control: Mark,
});

const Block = v.lazy((input) => {
  const type: unknown = typeof input === 'object' && input !== null && 'type' in input ? input.type : undefined;
  if (type === 'text') return Text;
  if (type === 'thinking') return Thinking;
  return type === 'image' || type === 'document' ? Picture : Other;
});

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
  thinking: v.nullish(
    v.looseObject({
      type: v.string(),
      budget_tokens: v.nullish(v.pipe(v.number(), v.minValue(1024))),
    }),
  ),
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
export interface MessagesRequest extends Omit<CompletionRequest, 'includesUsage'> {
  prompt: PromptBlock[];
}

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
  const budget = rest.thinking?.budget_tokens ?? 0;
  if (budget >= rest.max_tokens) {
    return messagesError(400, '`max_tokens` must be greater than `thinking.budget_tokens`.');
  }
  const prompt = promptOf(parsed.output);
  const marks = prompt.filter(({isMarked}) => isMarked).length;
  if (marks > maxMarks) {
    return messagesError(400, `A maximum of ${maxMarks} blocks with cache_control may be provided. Found ${marks}.`);
  }
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
    prompt,
  };
}

const maxMarks = 4;

/** The blocks in the order in which the provider reads them. */
function promptOf({tools, system, messages}: v.InferOutput<typeof Request>): PromptBlock[] {
  const systemBlocks = typeof system === 'string' ? [{type: 'text', text: system}] : (system ?? []);
  return [
    ...(tools ?? []).map((tool) => promptBlock('tool', tool)),
    ...systemBlocks.map((block) => promptBlock('system', block)),
    ...messages.flatMap(({role, content}) =>
      (typeof content === 'string' ? [{type: 'text', text: content}] : content).map((block) =>
        promptBlock(role, block),
      ),
    ),
  ];
}

function promptBlock(role: string, {cache_control: mark, ...block}: Record<string, unknown>): PromptBlock {
  const content = `${role} ${JSON.stringify(block)}`;
  const text = typeof block['text'] === 'string' ? block['text'] : JSON.stringify(block);
  return {content, tokens: tokensIn(text), isMarked: mark != null};
}

/** The signature of a thought, which only its bot can make. */
export const signatureOf = (thinking: string): string => createHash('sha256').update(thinking).digest('base64');

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
