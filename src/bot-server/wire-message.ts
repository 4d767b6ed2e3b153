import type {QueryMessage} from './query.js';

/** Messages as Poe sent them, by the parsed message. */
const rawMessages = new WeakMap<object, object>();

export function rememberRaw(message: QueryMessage, raw: object): void {
  rawMessages.set(message, raw);
}

/** A message that a bot adds to a conversation. */
export type NewMessage = Pick<QueryMessage, 'role' | 'content'> & Partial<QueryMessage>;

/** A message on the wire. One that the bot did not change is sent as Poe sent it. */
export function toWireMessage(message: NewMessage): object {
  const raw = rawMessages.get(message);
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
