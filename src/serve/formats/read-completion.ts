import * as v from 'valibot';
import {type ChatRequest, toTurns, type Turn} from './chat-request.js';
import {type Content, readContent, toolCall, toolResult} from './content.js';
import {readJsonFormat} from './json-format.js';
import {isSet, otherFields, parseBody} from './invalid-request.js';

const text = v.fallback(v.nullish(v.string(), ''), '');
const record = v.fallback(v.record(v.string(), v.unknown()), {});

const Message = v.looseObject({
  role: v.string(),
  content: v.optional(v.unknown()),
  tool_calls: v.optional(v.unknown()),
});
type Message = v.InferOutput<typeof Message>;

const Body = v.looseObject({
  model: v.string(),
  messages: v.pipe(v.array(Message), v.minLength(1, 'must not be empty')),
});
type Body = v.InferOutput<typeof Body>;

const used = ['model', 'messages', 'stream', 'stream_options', 'reasoning_effort', 'response_format', 'n'];

/** The fields of OpenAI's format (openai 6.49), without those above. */
const known: ReadonlySet<string> = new Set(
  (
    'audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens metadata ' +
    'modalities moderation parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_cache_options ' +
    'prompt_cache_retention safety_identifier seed service_tier stop store temperature tool_choice ' +
    'tools top_logprobs top_p user verbosity web_search_options'
  ).split(' '),
);

/** Reads a request for an OpenAI chat completion. @throws PoeError `usage` */
export function readCompletion(json: unknown): ChatRequest {
  const body = parseBody(Body, json);
  const {model, messages, stream, stream_options, reasoning_effort: effort, response_format} = body;
  const first = messages.findIndex(({role}) => !isSystem(role));
  const [before, after] = first < 0 ? [messages, []] : [messages.slice(0, first), messages.slice(first)];
  return {
    model,
    system: before.map(({content}, index) => readContent(content, `messages[${index}].content`).text).join('\n\n'),
    turns: toTurns(after.map((message, index) => toMessage(message, `messages[${before.length + index}]`))),
    effort: typeof effort === 'string' ? effort : undefined,
    json: readJsonFormat(response_format),
    isStream: stream === true,
    includesUsage: v.parse(record, stream_options).include_usage === true,
    requires: requirements(body),
    ...otherFields(body, {used, known}),
  };
}

export const isSystem = (role: string): boolean => role === 'system' || role === 'developer';

function toMessage(message: Message, where: string): Turn {
  const {role} = message;
  const content = readContent(message.content, `${where}.content`);
  if (role === 'assistant') return {role, ...withCalls(content, message.tool_calls)};
  if (role === 'tool' || role === 'function') return {role: 'user', ...content, text: toolResult(content.text)};
  // Instructions between messages stay where they are.
  return {role: 'user', ...content};
}

const Call = v.object({function: v.object({name: text, arguments: text})});

function withCalls({text: before, files}: Content, calls: unknown): Content {
  const lines = (Array.isArray(calls) ? calls : []).flatMap((call: unknown) => {
    const parsed = v.safeParse(Call, call);
    return parsed.success ? [toolCall(parsed.output.function.name, parsed.output.function.arguments)] : [];
  });
  return {text: [...(before === '' ? [] : [before]), ...lines].join('\n'), files};
}

function requirements({tools, tool_choice, functions, function_call, ...body}: Body): string[] {
  const {n, logprobs, modalities} = body;
  return [
    ...(isSet(tools) && tool_choice !== 'none' ? ['tools'] : []),
    ...(isSet(functions) && function_call !== 'none' ? ['functions'] : []),
    ...(typeof n === 'number' && n > 1 ? ['several choices (n)'] : []),
    ...(logprobs === true ? ['logprobs'] : []),
    ...(Array.isArray(modalities) && modalities.some((each) => each !== 'text') ? ['audio output'] : []),
  ];
}
