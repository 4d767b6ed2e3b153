import * as v from 'valibot';
import type {BotQuery, QueryAttachment, QueryMessage} from './query.js';
import {rememberRaw} from './wire-message.js';

const text = v.fallback(v.nullish(v.string(), null), null);
const textOrEmpty = v.fallback(v.nullish(v.string(), ''), '');
const number = v.fallback(v.nullish(v.number(), null), null);
const object = v.fallback(v.nullish(v.record(v.string(), v.unknown()), {}), {});
const list = v.fallback(v.nullish(v.array(v.unknown()), null), null);

/** The entries of a list that match a schema. */
const listOf = <const S extends v.GenericSchema>(schema: S) =>
  v.pipe(
    v.fallback(v.nullish(v.array(v.unknown()), []), []),
    v.transform((values) =>
      (values ?? []).flatMap((value): v.InferOutput<S>[] => {
        const parsed = v.safeParse(schema, value);
        return parsed.success ? [parsed.output] : [];
      }),
    ),
  );

const attachmentSchema = v.pipe(
  v.object({url: v.string(), content_type: v.string(), name: v.string(), inline_ref: text, parsed_content: text}),
  v.transform(({content_type, inline_ref, parsed_content, ...rest}): QueryAttachment => ({
    ...rest,
    contentType: content_type,
    inlineRef: inline_ref,
    parsedContent: parsed_content,
  })),
);

const reactionSchema = v.pipe(
  v.object({user_id: v.string(), reaction: v.string()}),
  v.transform(({user_id, reaction}) => ({userId: user_id, reaction})),
);

const sender = v.object({id: text, name: text});

const messageSchema: v.GenericSchema<unknown, QueryMessage> = v.pipe(
  v.object({
    role: v.picklist(['system', 'user', 'bot', 'tool']),
    content: v.string(),
    content_type: v.optional(v.string(), 'text/markdown'),
    message_type: text,
    message_id: textOrEmpty,
    timestamp: number,
    parameters: object,
    attachments: listOf(attachmentSchema),
    metadata: text,
    sender: v.fallback(v.nullish(sender, null), null),
    feedback: listOf(v.object({type: v.string(), reason: text})),
    reactions: listOf(reactionSchema),
    referenced_message: v.fallback(
      v.nullish(
        v.lazy(() => messageSchema),
        null,
      ),
      null,
    ),
  }),
  v.transform(
    ({content_type, message_type, message_id, timestamp, parameters, referenced_message, ...rest}): QueryMessage => ({
      ...rest,
      contentType: content_type,
      messageType: message_type,
      messageId: message_id ?? '',
      timestamp: timestamp ?? 0,
      parameters: parameters ?? {},
      referencedMessage: referenced_message ?? null,
    }),
  ),
);

const querySchema = v.object({
  query: v.array(v.unknown()),
  user_id: v.string(),
  conversation_id: v.string(),
  message_id: v.string(),
  bot_query_id: textOrEmpty,
  language_code: text,
  temperature: number,
  skip_system_prompt: v.fallback(v.nullish(v.boolean(), false), false),
  logit_bias: v.fallback(v.nullish(v.record(v.string(), v.number()), {}), {}),
  stop_sequences: listOf(v.string()),
  users: listOf(v.object({id: v.string(), name: text})),
  tools: list,
  tool_calls: list,
  tool_results: list,
  query_creation_time: number,
});

/**
 * Parses a query. Messages of unknown roles are left out; `raw` has them.
 * @returns a description of the problem if it is not one
 */
export function parseQuery(raw: Readonly<Record<string, unknown>>): BotQuery | string {
  const parsed = v.safeParse(querySchema, raw);
  if (!parsed.success) return describeIssue(parsed.issues);
  const {query, user_id, conversation_id, message_id, ...rest} = parsed.output;
  const messages: QueryMessage[] = [];
  for (const [index, value] of query.entries()) {
    const message = v.safeParse(messageSchema, value);
    if (message.success) {
      messages.push(message.output);
      rememberRaw(message.output, Object(value));
    } else if (index === query.length - 1) return `query.${index}.${describeIssue(message.issues)}`;
  }
  const message = messages.at(-1);
  if (!message) return 'query: there is no message';
  return {
    message,
    messages,
    userId: user_id,
    conversationId: conversation_id,
    messageId: message_id,
    botQueryId: rest.bot_query_id ?? '',
    languageCode: rest.language_code ?? 'en',
    temperature: rest.temperature,
    skipSystemPrompt: rest.skip_system_prompt ?? false,
    logitBias: rest.logit_bias ?? {},
    stopSequences: rest.stop_sequences,
    users: rest.users,
    tools: rest.tools,
    toolCalls: rest.tool_calls,
    toolResults: rest.tool_results,
    queryCreationTime: rest.query_creation_time,
    raw,
  };
}

export function describeIssue(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  const [issue] = issues;
  return `${v.getDotPath(issue) ?? 'body'}: ${issue.message}`;
}
