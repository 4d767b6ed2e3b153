import * as v from 'valibot';
import {type ChatRequest, toTurns, type Turn} from './chat-request.js';
import {readContent, toolCall, toolResult} from './content.js';
import {readJsonFormat} from './json-format.js';
import {invalidRequest, isSet, otherFields, parseBody} from './invalid-request.js';
import {isSystem} from './read-completion.js';

const text = v.fallback(v.nullish(v.string(), ''), '');
const record = v.fallback(v.record(v.string(), v.unknown()), {});

const Item = v.looseObject({type: text, role: text, content: v.optional(v.unknown())});
type Item = v.InferOutput<typeof Item>;

const Body = v.looseObject({
  model: v.string(),
  input: v.union([v.string(), v.array(Item)], 'must be a text or a list of items'),
});
type Body = v.InferOutput<typeof Body>;

const used = ['model', 'input', 'instructions', 'stream', 'reasoning', 'text', 'previous_response_id', 'conversation'];

/** The other fields of OpenAI's format (openai 6.49). */
const known: ReadonlySet<string> = new Set(
  (
    'background context_management include max_output_tokens max_tool_calls metadata moderation parallel_tool_calls ' +
    'prompt prompt_cache_key prompt_cache_options prompt_cache_retention safety_identifier service_tier store ' +
    'stream_options temperature tool_choice tools top_logprobs top_p truncation user'
  ).split(' '),
);

/** Reads a request for an OpenAI response. @throws PoeError `usage` */
export function readResponse(json: unknown): ChatRequest {
  const body = parseBody(Body, json);
  const {model, input, instructions, stream, reasoning} = body;
  const items: Item[] = typeof input === 'string' ? [{type: 'message', role: 'user', content: input}] : input;
  const first = items.findIndex(({role}) => !isSystem(role));
  const [before, after] = first < 0 ? [items, []] : [items.slice(0, first), items.slice(first)];
  const {effort} = v.parse(record, reasoning);
  const systems = before.map(({content}, index) => readContent(content, `input[${index}].content`).text);
  return {
    model,
    system: [v.parse(text, instructions), ...systems].filter((each) => each !== '').join('\n\n'),
    turns: toTurns(after.flatMap((item, index) => toMessage(item, `input[${before.length + index}]`))),
    effort: typeof effort === 'string' ? effort : undefined,
    json: readJsonFormat(v.parse(record, body.text).format),
    isStream: stream === true,
    includesUsage: true,
    requires: requirements(body),
    ...otherFields(body, {used, known}),
  };
}

function toMessage(item: Item, where: string): Turn[] {
  const {type, role, content} = item;
  if (type === 'function_call') {
    const called = toolCall(v.parse(text, item.name), v.parse(text, item.arguments));
    return [{role: 'assistant', text: called, files: []}];
  }
  if (type === 'function_call_output') {
    const {text: result, files} = readContent(item.output, `${where}.output`);
    return [{role: 'user', text: toolResult(result), files}];
  }
  if (type === 'item_reference') throw invalidRequest(where, 'earlier items are not stored. Send the whole item.');
  // Items such as `reasoning` or `web_search_call` are not part of the conversation.
  if (type !== '' && type !== 'message') return [];
  return [{role: role === 'assistant' ? role : 'user', ...readContent(content, `${where}.content`)}];
}

function requirements({tools, tool_choice, ...body}: Body): string[] {
  const {background, previous_response_id, conversation, prompt} = body;
  return [
    ...(isSet(tools) && tool_choice !== 'none' ? ['tools'] : []),
    ...(background === true ? ['responses in the background'] : []),
    ...(isSet(previous_response_id) || isSet(conversation) ? ['stored responses (previous_response_id)'] : []),
    ...(isSet(prompt) ? ['stored prompts'] : []),
  ];
}
