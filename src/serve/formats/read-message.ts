import * as v from 'valibot';
import {type ChatRequest, toTurns, type Turn} from './chat-request.js';
import {readContent} from './content.js';
import {readJsonFormat} from './json-format.js';
import {invalidRequest, isSet, otherFields, parseBody} from './invalid-request.js';
import {isSystem} from './read-completion.js';

const record = v.fallback(v.record(v.string(), v.unknown()), {});

const Body = v.looseObject({
  model: v.string(),
  messages: v.pipe(
    v.array(v.looseObject({role: v.string(), content: v.optional(v.unknown())})),
    v.minLength(1, 'must not be empty'),
  ),
});
type Body = v.InferOutput<typeof Body>;

const used = ['model', 'messages', 'system', 'stream', 'output_config', 'output_format'];

/** The other fields of Anthropic's format (@anthropic-ai/sdk 1.14). */
const known: ReadonlySet<string> = new Set(
  (
    'cache_control container context_management inference_geo max_tokens mcp_servers metadata ' +
    'service_tier speed stop_sequences temperature thinking tool_choice tools top_k top_p'
  ).split(' '),
);

/** Reads a request for an Anthropic message. @throws PoeError `usage` */
export function readMessage(json: unknown): ChatRequest {
  const body = parseBody(Body, json);
  const {model, messages, system, stream, output_config, output_format} = body;
  const {effort, format} = v.parse(record, output_config);
  const turns = messages.map(({role, content}, index): Turn => {
    if (role !== 'user' && role !== 'assistant' && !isSystem(role)) {
      throw invalidRequest(`messages[${index}].role`, 'must be user or assistant');
    }
    const {text, files} = readContent(content, `messages[${index}].content`);
    return {role: role === 'assistant' ? role : 'user', text, files};
  });
  return {
    model,
    system: readContent(system, 'system').text,
    turns: toTurns(turns),
    effort: typeof effort === 'string' ? effort : undefined,
    json: readJsonFormat(format ?? output_format),
    isStream: stream === true,
    includesUsage: true,
    requires: requirements(body),
    ...otherFields(body, {used, known}),
  };
}

function requirements({tools, tool_choice, ...body}: Body): string[] {
  const {mcp_servers} = body;
  return [
    ...(isSet(tools) && v.parse(record, tool_choice).type !== 'none' ? ['tools'] : []),
    ...(isSet(mcp_servers) ? ['MCP servers'] : []),
  ];
}
