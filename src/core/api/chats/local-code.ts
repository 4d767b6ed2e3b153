import type {Chat} from '../../model.js';

/* How chats on this machine are told from those on Poe: by their codes and ids. */

const prefix = 'local-';

/** Nothing but letters and digits follows, for a code is the name of a file, and codes come from elsewhere too. */
export const isLocalCode = (code: string): boolean => /^local-[\da-z]+$/.test(code);
export const codeOf = (chatId: number): string => prefix + chatId.toString(36);

/** The number that a code stands for; undefined for a code that is none of ours. */
export function numberOf(code: string): number | undefined {
  const chatId = Number.parseInt(code.slice(prefix.length), 36);
  return isLocalCode(code) && codeOf(chatId) === code ? chatId : undefined;
}

const idPrefix = 'local:';

export const localId = (number: number): string => idPrefix + number;
export const isLocalChat = ({id}: Chat): boolean => id.startsWith(idPrefix);
