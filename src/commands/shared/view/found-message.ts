import type {Chat, Message} from '../../../core/model.js';

/** A message that was found. */
export interface Found {
  chat: Chat;
  messageId: Message['messageId'];
  role: 'user' | 'bot';
  /** ISO 8601 */
  time: string | null;
  message: Message;
  deleted: string | null;
  /** The text around the place that was found, on one line. */
  snippet: string;
  /** The snippet, split at the place that was found. */
  parts: SnippetParts;
}

export interface SnippetParts {
  before: string;
  match: string;
  after: string;
}

/** Who wrote the message. */
export function nameOf({role, chat, message: {bot}}: Found): string {
  return role === 'user' ? 'You' : (bot?.displayName ?? bot?.handle ?? chat.bot ?? 'Bot');
}
