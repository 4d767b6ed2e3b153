import type {PendingMessage} from '../../journal.js';
import type {CallOptions} from '../../options.js';
import type {Chat, Message} from '../../model.js';
import type {Chats} from '../chats.js';
import {lastExchange} from './exchange.js';

/** Where a message was found. */
export interface Arrival {
  chat: Chat;
  question: Message;
  answer: Message | null;
}

/** A message that began a new chat is looked for in this many of the newest ones. */
const mostChats = 5;

/**
 * Looks whether a message has arrived whose send was not answered: in its chat, or in the newest ones. It is known by its nonce,
 * or, where Poe does not tell nonces, by its text and time.
 * @param options.skewMs how wrong Poe's time may be as it is known here
 * @returns undefined where Poe shows no such message; `doubtful` where it shows one that may be an older one
 * @throws PoeError when Poe cannot be asked
 */
export async function findSentMessage(
  chats: Chats,
  sending: PendingMessage,
  {text, skewMs = 0, ...options}: CallOptions & {text?: string; skewMs?: number} = {},
): Promise<Arrival | 'doubtful' | undefined> {
  let isDoubtful = false;
  for await (const candidate of candidates(chats, sending, options)) {
    const {chat, messages} = await chats.newest(candidate, options);
    const index = messages.findIndex(({clientNonce}) => clientNonce !== null && clientNonce === sending.clientNonce);
    const question = messages[index] ?? messages.findLast((message) => isAlike(message, text));
    if (!question) continue;
    if (index === -1 && !isRecent(question, sending, skewMs)) {
      isDoubtful = true;
      continue;
    }
    const {answer} = lastExchange(messages.slice(messages.indexOf(question)));
    return {chat, question, answer: answer ?? null};
  }
  return isDoubtful ? 'doubtful' : undefined;
}

async function* candidates(chats: Chats, {chatId}: PendingMessage, options: CallOptions) {
  if (chatId === null) yield* chats.history({...options, limit: mostChats});
  else yield {chatId};
}

/**
 * What carries the nonce of another message is another one, whatever it says. Authors were told by name until 2026-08, when they
 * had become empty.
 */
const isAlike = (message: Message, text: string | undefined): boolean =>
  text !== undefined &&
  message.clientNonce === null &&
  message.text === text &&
  (message.author === 'human' || (!message.author && message.bot === null));

const isRecent = ({creationTime}: Message, {sentAt}: PendingMessage, skewMs: number): boolean =>
  creationTime !== null && Date.parse(creationTime) >= Date.parse(sentAt) - skewMs;
