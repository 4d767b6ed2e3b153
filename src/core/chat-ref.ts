import {PoeError} from './errors.js';
import type {Chat} from './model.js';

/** A chat, by its number or by the code in its URL. A `Chat` is a `ChatRef` too. */
export type ChatRef = {chatId: number} | {chatCode: string};

/**
 * Parses a chat's number, code or URL.
 * @throws PoeError `usage`
 */
export function parseChatRef(text: string): ChatRef {
  const name = text.trim();
  if (/^\d{1,15}$/.test(name)) return {chatId: Number(name)};
  const code = /^https?:\/\/[^/]+\/chat\/(?:.*\/)?([\w-]+)\/?(?:[?#].*)?$/.exec(name)?.[1] ?? name;
  if (/^[\w-]+$/.test(code)) return {chatCode: code};
  throw new PoeError('usage', `${JSON.stringify(text)} does not name a chat`, {
    hint: 'Use a chat ID, code or URL (https://poe.com/chat/<code>), or last.',
  });
}

/** Whether both are the same chat. */
export const isSameChat = (one: Chat, other: ChatRef | Chat): boolean =>
  'chatId' in other ? one.chatId === other.chatId : one.chatCode === other.chatCode;
