import {isContextBreak, isUserMessage} from '../../message.js';
import type {Message} from '../../model.js';

/** The user's last message and the replies to it. */
export interface Exchange {
  question: Message | undefined;
  /** The last reply; undefined if there is none. */
  answer: Message | undefined;
  /** The question and all replies. */
  messages: Message[];
}

/** The last exchange of a chat. A chat that its bot started has an answer only. @param messages oldest first */
export function lastExchange(messages: readonly Message[]): Exchange {
  const written = messages.filter((message) => !isContextBreak(message));
  const exchange = written.slice(Math.max(0, written.findLastIndex(isUserMessage)));
  const [first] = exchange;
  const last = exchange.at(-1);
  return {
    question: first && isUserMessage(first) ? first : undefined,
    answer: last && !isUserMessage(last) ? last : undefined,
    messages: exchange,
  };
}
