import type {Message} from '../../model.js';

/** What the user said last, and what bots answered to it. */
export interface Exchange {
  question: Message | undefined;
  /** The last of the answers; undefined while there is none. */
  answer: Message | undefined;
  /** All of them, the question first. */
  messages: Message[];
}

/** The last exchange among messages that stand oldest first. A chat that was begun by its bot has an answer only. */
export function lastExchange(all: readonly Message[]): Exchange {
  const said = all.filter(({author}) => author !== 'chat_break');
  const messages = said.slice(Math.max(0, said.findLastIndex(isOwnMessage)));
  const [first] = messages;
  const last = messages.at(-1);
  return {
    question: first && isOwnMessage(first) ? first : undefined,
    answer: last && !isOwnMessage(last) ? last : undefined,
    messages,
  };
}

/** Whether the user wrote a message: newer forms of the site leave `author` empty. */
export const isOwnMessage = ({author, authorUser, clientNonce, bot}: Message): boolean =>
  author === 'human' || (!author && bot === null && (authorUser !== null || clientNonce !== null));
