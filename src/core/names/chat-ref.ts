import {PoeError} from '../errors.js';
import {type Id, parseId} from './id.js';
import type {Chat} from '../model.js';

/** A chat, by its number or by the code in its URL. A `Chat` is a `ChatRef` too. */
export type ChatRef = {chatId: Id} | {chatCode: string};

/**
 * Parses a chat's number, code or URL.
 * @throws PoeError `usage`
 */
export function parseChatRef(text: string): ChatRef {
  const name = text.trim();
  const chatId = parseId(name);
  if (chatId !== undefined) return {chatId};
  const code = /^https?:\/\/[^/]+\/chat\/(?:.*\/)?([\w-]+)\/?(?:[?#].*)?$/.exec(name)?.[1] ?? name;
  if (/^[\w-]+$/.test(code)) return {chatCode: code};
  throw new PoeError('usage', `Invalid chat ${JSON.stringify(text)}`, {
    hint: 'Use a chat ID, code, URL (https://poe.com/chat/<code>) or "last".',
  });
}

/** The code of a chat, or else its number. */
export const chatName = (chat: ChatRef | Chat): string =>
  'chatCode' in chat && chat.chatCode !== null ? chat.chatCode : 'chatId' in chat ? String(chat.chatId) : '';

/** Whether both are the same chat. */
export const isSameChat = (one: Chat, other: ChatRef | Chat): boolean =>
  'chatId' in other ? one.chatId === other.chatId : one.chatCode === other.chatCode;

/* Codes and ids of chats that are stored on this machine. They never collide with those of poe.com. */

const codePrefix = 'local-';
const idPrefix = 'local:';

/** A code is also a file name and may come from elsewhere, so only letters and digits may follow the prefix. */
export const isLocalCode = (code: string): boolean => /^local-[\da-z]+$/.test(code);

/** The code of the local chat with this number. */
export const localCode = (chatId: Id): string =>
  codePrefix + (typeof chatId === 'number' ? chatId : BigInt(chatId)).toString(36);

/** The code of a local chat, from its code or its number. */
export const localCodeOf = (chat: ChatRef | Chat): string =>
  'chatCode' in chat && chat.chatCode !== null ? chat.chatCode : 'chatId' in chat ? localCode(chat.chatId) : '';

/** The number of the local chat with this code; undefined if it is not the code of a local chat. */
export function localChatId(code: string): number | undefined {
  const chatId = Number.parseInt(code.slice(codePrefix.length), 36);
  return isLocalCode(code) && localCode(chatId) === code ? chatId : undefined;
}

/** The id of the local chat or message with this number. */
export const localId = (number: Id): string => idPrefix + number;

export const isLocalChat = ({id}: Pick<Chat, 'id'>): boolean => id.startsWith(idPrefix);
