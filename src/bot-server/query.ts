import * as v from 'valibot';

/* The query of a user, with the names of Poe's protocol in camelCase. */

/** A question to the bot, with the conversation before it. */
export interface BotQuery {
  /** The message to answer: the last one. */
  message: QueryMessage;
  /** The conversation, oldest first, with the message to answer. */
  messages: readonly QueryMessage[];
  /** Identifies the user for this bot only. */
  userId: string;
  conversationId: string;
  /** Identifies the reply. */
  messageId: string;
  botQueryId: string;
  /** A BCP 47 code, such as `en`. */
  languageCode: string;
  temperature: number | null;
  skipSystemPrompt: boolean;
  logitBias: Readonly<Record<string, number>>;
  stopSequences: readonly string[];
  /** The users of a chat with several users. */
  users: readonly QueryUser[];
  /** Tools in OpenAI's format; null for none. */
  tools: readonly unknown[] | null;
  toolCalls: readonly unknown[] | null;
  toolResults: readonly unknown[] | null;
  /** Microseconds since 1970. */
  queryCreationTime: number | null;
  /** The request as Poe sent it, with fields that are not known here. */
  raw: Readonly<Record<string, unknown>>;
}

export interface QueryMessage {
  role: 'system' | 'user' | 'bot' | 'tool';
  content: string;
  contentType: string;
  messageType: string | null;
  messageId: string;
  /** Microseconds since 1970; 0 if it is not known. */
  timestamp: number;
  /** What the user set in the bot's parameter controls. */
  parameters: Readonly<Record<string, unknown>>;
  attachments: readonly QueryAttachment[];
  /** What a `data` event of the bot stored with its reply. */
  metadata: string | null;
  sender: {readonly id: string | null; readonly name: string | null} | null;
  feedback: readonly {readonly type: string; readonly reason: string | null}[];
  reactions: readonly {readonly userId: string; readonly reaction: string}[];
  /** The message that this one answers. */
  referencedMessage: QueryMessage | null;
}

export interface QueryAttachment {
  /** Can be downloaded for about ten minutes. */
  url: string;
  /** MIME type. */
  contentType: string;
  name: string;
  inlineRef: string | null;
  /** Its text, or a description of an image, if the settings ask for it. */
  parsedContent: string | null;
}

export interface QueryUser {
  id: string;
  name: string | null;
}

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

/** Messages as Poe sent them, by the parsed message. */
const rawMessages = new WeakMap<QueryMessage, object>();

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
      rawMessages.set(message.output, Object(value));
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

/** A message that a bot adds to a conversation. */
export type NewMessage = Pick<QueryMessage, 'role' | 'content'> & Partial<QueryMessage>;

/** A message on the wire. One that the bot did not change is sent as Poe sent it. */
export function toWireMessage(message: NewMessage): object {
  const raw = rawMessages.get(message as QueryMessage);
  if (raw) return raw;
  const {role, content, referencedMessage = null} = message;
  return {
    role,
    content,
    content_type: message.contentType ?? 'text/markdown',
    message_type: message.messageType ?? null,
    message_id: message.messageId ?? '',
    timestamp: message.timestamp ?? 0,
    parameters: message.parameters ?? {},
    attachments: (message.attachments ?? []).map(({url, contentType, name, inlineRef, parsedContent}) => ({
      url,
      content_type: contentType,
      name,
      inline_ref: inlineRef,
      parsed_content: parsedContent,
    })),
    metadata: message.metadata ?? null,
    sender_id: null,
    sender: message.sender ?? null,
    feedback: message.feedback ?? [],
    reactions: (message.reactions ?? []).map(({userId, reaction}) => ({user_id: userId, reaction})),
    referenced_message: referencedMessage === null ? null : toWireMessage(referencedMessage),
  };
}
