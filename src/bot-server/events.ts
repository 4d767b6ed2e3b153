import * as v from 'valibot';
import type {ReplyErrorType} from './reply-error.js';

/* The events of a reply. Their names are those of Poe's protocol. */

/** Describes the reply. Only the first event may do that. */
export interface MetaEvent {
  type: 'meta';
  /** Default: `text/markdown`. */
  contentType?: 'text/markdown' | 'text/plain' | undefined;
  /** Whether Poe suggests replies to the user. Default: false. */
  suggestedReplies?: boolean | undefined;
  /** Make Poe ask for the bot's settings again. Default: false. */
  refetchSettings?: boolean | undefined;
}

/** Adds text to the reply. */
export interface TextEvent {
  type: 'text';
  text: string;
  /** The number of the reply, for a bot that sends several at once. */
  index?: number | undefined;
}

/** Replaces all text so far. */
export interface ReplaceResponseEvent {
  type: 'replace_response';
  text: string;
  index?: number | undefined;
}

/** Adds a file to the reply. */
export interface FileEvent {
  type: 'file';
  url: string;
  /** MIME type. */
  contentType: string;
  name: string;
  /** Shows the file where the text says `![title][inlineRef]`. */
  inlineRef?: string | null | undefined;
  index?: number | undefined;
}

/** Suggests what the user may answer. */
export interface SuggestedReplyEvent {
  type: 'suggested_reply';
  text: string;
}

/** A chunk in OpenAI's format, for tool calls. */
export interface JsonEvent {
  type: 'json';
  data: Readonly<Record<string, unknown>>;
}

/** Data that Poe stores with the reply. Later queries have it as the `metadata` of the message. */
export interface DataEvent {
  type: 'data';
  metadata: string;
}

/** Ends the reply with an error. */
export interface ErrorEvent {
  type: 'error';
  /** What the user sees. */
  text?: string | undefined;
  /** Whether the same message may succeed later. Default: true. */
  allowRetry?: boolean | undefined;
  errorType?: ReplyErrorType | undefined;
}

export type BotEvent =
  MetaEvent | TextEvent | ReplaceResponseEvent | FileEvent | SuggestedReplyEvent | JsonEvent | DataEvent | ErrorEvent;

const text = v.string();
const flag = v.optional(v.boolean());
const index = v.optional(v.pipe(v.number(), v.integer()));

/** Unknown fields are mistakes: they would have no effect. */
const eventSchema = v.variant('type', [
  v.strictObject({
    type: v.literal('meta'),
    contentType: v.optional(v.picklist(['text/markdown', 'text/plain'])),
    suggestedReplies: flag,
    refetchSettings: flag,
  }),
  v.strictObject({type: v.literal('text'), text, index}),
  v.strictObject({type: v.literal('replace_response'), text, index}),
  v.strictObject({
    type: v.literal('file'),
    url: text,
    contentType: text,
    name: text,
    inlineRef: v.nullish(text),
    index,
  }),
  v.strictObject({type: v.literal('suggested_reply'), text}),
  v.strictObject({type: v.literal('json'), data: v.record(v.string(), v.unknown())}),
  v.strictObject({type: v.literal('data'), metadata: text}),
  v.strictObject({
    type: v.literal('error'),
    text: v.optional(text),
    allowRetry: flag,
    errorType: v.optional(
      v.picklist(['user_message_too_long', 'insufficient_fund', 'user_caused_error', 'privacy_authorization_error']),
    ),
  }),
]);

/** Checks what a bot sends. @throws TypeError */
export function parseOutput(output: unknown): BotEvent {
  if (typeof output === 'string') return {type: 'text', text: output};
  const parsed = v.safeParse(eventSchema, output);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const where = v.getDotPath(issue);
  throw new TypeError(
    `The bot sent something that is not an event: ${where === null ? '' : `${where}: `}${issue.message}`,
  );
}

/** The data of an event on the wire. */
function wireData(event: BotEvent): object {
  switch (event.type) {
    case 'meta':
      return {
        content_type: event.contentType ?? 'text/markdown',
        refetch_settings: event.refetchSettings ?? false,
        // Without effect today, but Poe's Python server sends it.
        linkify: true,
        suggested_replies: event.suggestedReplies ?? false,
      };
    case 'text':
    case 'replace_response':
      return {text: event.text, index: event.index};
    case 'file':
      return {
        url: event.url,
        content_type: event.contentType,
        name: event.name,
        inline_ref: event.inlineRef ?? null,
        index: event.index,
      };
    case 'suggested_reply':
      return {text: event.text};
    case 'json':
      return event.data;
    case 'data':
      return {metadata: event.metadata};
    case 'error':
      return {allow_retry: event.allowRetry ?? true, text: event.text, error_type: event.errorType};
  }
}

/** An event as it is written to a stream of server-sent events. */
export const eventText = (event: BotEvent): string => streamText(event.type, wireData(event));

/** The end of every reply. */
export const doneText = (): string => streamText('done', {});

/** Keeps connections open while a bot thinks. */
export const pingText = ': ping\r\n\r\n';

const streamText = (name: string, data: object): string => `event: ${name}\r\ndata: ${JSON.stringify(data)}\r\n\r\n`;
