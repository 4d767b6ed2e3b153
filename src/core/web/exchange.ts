import type {Message} from '../model.js';

/** What the user said last, and the bot's answer to it, where there are any. */
export interface Exchange {
  question: Message | undefined;
  answer: Message | undefined;
}

/** The last exchange among messages that stand oldest first. A chat that was begun by its bot has an answer only. */
export function exchangeIn(messages: readonly Message[]): Exchange {
  const said = messages.filter(({author}) => author !== 'chat_break');
  const question = said.findLast(isOwn);
  const last = said.at(-1);
  return {question, answer: last && !isOwn(last) ? last : undefined};
}

/** Whether the user wrote a message: newer forms of the site leave `author` empty. */
const isOwn = ({author, authorUser, clientNonce, bot}: Message): boolean =>
  author === 'human' || (!author && bot === null && (authorUser !== null || clientNonce !== null));
