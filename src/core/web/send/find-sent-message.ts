import type {PendingMessage} from '../../journal/journal.js';
import {isContextBreak, isUserMessage, lastExchange} from '../../message.js';
import type {Chat, Message} from '../../model.js';
import type {CallOptions} from '../../options.js';
import type {WebChats} from '../chats.js';

/**
 * A message that started a new chat is looked for in the newest chats, regardless of their times, up to this number.
 */
const minChats = 10;
const maxChats = 50;
/**
 * Chats are listed by the time of their last message, except those that are pinned. The search ends after this many
 * older ones in a row.
 */
const maxOlderChats = 20;
/** In a chat it is looked for among the newest messages, regardless of their times, up to this number. */
const minMessages = 20;
const maxMessages = 200;

/** A message as it was found on Poe. */
export interface SentMessage {
  chat: Chat;
  userMessage: Message;
  reply: Message | null;
}

/** The message; `absent` if it is certainly not on Poe; `unknown` if neither is certain. */
export type SearchResult = SentMessage | 'absent' | 'unknown';

export interface SearchOptions extends CallOptions {
  /** The text of the message, to recognize it if Poe shows no nonces. */
  text?: string;
  /** How far the known time of Poe may be off, in milliseconds. */
  skewMs?: number;
}

/**
 * Searches for a message that may have arrived: in its chat, or in all chats with messages since it was sent. It is identified by
 * its nonce, or, if Poe shows no nonces, by its text and time. It is `absent` only if all messages since then were seen, and Poe
 * shows their nonces.
 * @throws PoeError
 */
export async function findSentMessage(
  chats: WebChats,
  pending: PendingMessage,
  {text, skewMs = 0, ...options}: SearchOptions = {},
): Promise<SearchResult> {
  const search = new Search(pending, text, skewMs);
  if (pending.chatId !== null) {
    return (await search.inChat(await chats.read({chatId: pending.chatId}, options))) ?? search.result;
  }
  let searched = 0;
  let olderInARow = 0;
  for await (const chat of chats.history(options)) {
    olderInARow = search.isOlder(chat.lastInteractionTime) ? olderInARow + 1 : 0;
    if (olderInARow > maxOlderChats) break;
    if (olderInARow > 0 && searched >= minChats) continue;
    if (++searched > maxChats) return 'unknown';
    const found = await search.inChat(await chats.read(chat, options));
    if (found) return found;
  }
  return search.result;
}

/** The search for one message, and whether what was seen so far proves that it is absent. */
class Search {
  readonly #nonce: string | null;
  readonly #text: string | undefined;
  readonly #isInKnownChat: boolean;
  /** The earliest time the message can have, in milliseconds since 1970. */
  readonly #since: number;
  #sawNonce = false;
  #sawOlderWithoutNonce = false;
  #mayHaveMissedIt = false;

  constructor({clientNonce, chatId, sentAt}: PendingMessage, text: string | undefined, skewMs: number) {
    this.#nonce = clientNonce;
    this.#text = text;
    this.#isInKnownChat = chatId !== null;
    this.#since = Date.parse(sentAt) - skewMs;
  }

  get result(): 'absent' | 'unknown' {
    // A new chat would be newer than all others. In a known chat, and without the text, only nonces tell messages apart.
    const needsNonces = this.#isInKnownChat || this.#text === undefined;
    const hidesNonces = this.#sawOlderWithoutNonce && !this.#sawNonce;
    return this.#mayHaveMissedIt || (needsNonces && hidesNonces) ? 'unknown' : 'absent';
  }

  isOlder(time: string | null): boolean {
    return time !== null && Date.parse(time) < this.#since;
  }

  /** @param messages newest first */
  async inChat({chat, messages}: {chat: Chat; messages: AsyncIterable<Message>}): Promise<SentMessage | undefined> {
    /** Oldest first. */
    const seen: Message[] = [];
    for await (const message of messages) {
      seen.unshift(message);
      if (this.#matches(message)) return {chat, userMessage: message, reply: lastExchange(seen).reply ?? null};
      if (seen.length < minMessages) continue;
      if (this.isOlder(message.creationTime)) return undefined;
      if (seen.length < maxMessages) continue;
      this.#mayHaveMissedIt = true;
      return undefined;
    }
    return undefined;
  }

  #matches(message: Message): boolean {
    if (!mayBeOfUser(message)) return false;
    if (message.clientNonce !== null) {
      this.#sawNonce = true;
      return message.clientNonce === this.#nonce;
    }
    const isOlder = this.isOlder(message.creationTime);
    const isAlike = message.text === this.#text;
    if (isOlder) this.#sawOlderWithoutNonce = true;
    if (!isOlder || isAlike) this.#mayHaveMissedIt = true;
    return isAlike && !isOlder && message.creationTime !== null;
  }
}

const mayBeOfUser = (message: Message): boolean =>
  isUserMessage(message) ||
  (!message.author && message.bot === null && message.text !== '' && !isContextBreak(message));
