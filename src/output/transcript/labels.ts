import {isUserMessage} from '../../core/message.js';
import type {Chat, Citation, Message} from '../../core/model.js';
import {points as pointCount} from '../format/numbers.js';

/** The name above a message. */
export function speaker(chat: Chat, message: Message): string {
  if (isUserMessage(message)) return 'You';
  return message.bot?.displayName || chat.bot || message.author || 'Bot';
}

/** The text of a message; if it has none, Poe's explanation: "The message is too long." */
export const textOf = ({text, messageStateText}: Message): string => text || (messageStateText ?? '');

/** A chat has no title until its first reply. */
export const titleOf = ({title}: Chat): string => title?.trim() || 'Untitled chat';

/** The page of a chat on poe.com; null for an invalid code, or that of a chat on this machine. */
export const urlOf = ({chatCode}: Chat): string | null =>
  chatCode !== null && /^(?!local-)[\w-]+$/.test(chatCode) ? `https://poe.com/chat/${chatCode}` : null;

/** What is known about a message besides its time: "edited", "2 points". */
export const notesOf = ({isEdited, points}: Message): string[] => [
  ...(isEdited ? ['edited'] : []),
  ...(points === undefined || points === 0 ? [] : [pointCount(points)]),
];

/** A source that a bot named, with its number in the text. @returns its title, or else its URL */
export const citationLabel = ({title, url}: Citation): string => title?.trim() || url || 'Source';

export const contextClearedText = 'Context cleared';
