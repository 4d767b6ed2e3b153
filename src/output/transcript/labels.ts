import {isUserMessage} from '../../core/message.js';
import type {Chat, Message} from '../../core/model.js';

/** Who a message is from. */
export function speaker(chat: Chat, message: Message): string {
  if (isUserMessage(message)) return 'You';
  return message.bot?.displayName || chat.bot || message.author || 'Bot';
}

/** What was said; where it is nothing, what Poe says of it: "The message is too long." */
export const said = ({text, messageStateText}: Message): string => text || (messageStateText ?? '');

/** A chat gets its title only when its first reply has come. */
export const titleOf = ({title}: Chat): string => title?.trim() || 'Chat without a title';

/** Where it is on Poe. What does not look like a code leads nowhere. */
export const addressOf = ({chatCode}: Chat): string | null =>
  chatCode !== null && /^[\w-]+$/.test(chatCode) ? `https://poe.com/chat/${chatCode}` : null;

/** What stands where the bot was made to forget what was before. */
export const breakText = 'Context cleared';
