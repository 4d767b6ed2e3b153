import {interruption, PoeError} from '../../errors.js';
import type {PendingMessage} from '../../journal.js';
import {type Chat, type Message, nodeId} from '../../model.js';
import type {CallOptions} from '../../options.js';
import type {WebChats} from '../chats.js';
import type {Http} from '../session/http.js';
import {lastExchange} from '../../message.js';
import type {Accepted, Draft, SendResult} from './message-sender.js';
import type {Echo, ReplyTracker} from './follow/reply-tracker.js';
import {acceptedButNotFound, notDelivered, unknownDelivery} from './send-errors.js';

/** How long to wait for the echo of a message that got no complete response. */
const echoGraceMs = 1_500;
/** A message may become visible only after a moment, so the search is repeated once. */
const maxSearches = 2;
const searchTimeoutMs = 10_000;
/** A message that started a new chat is looked for in this many of the newest chats. */
const maxChats = 5;

/** Finds messages on Poe that a send left without a complete response: by their echo on the live channel, or by a search. */
export class MessageLocator {
  readonly #http: Http;
  readonly #chats: WebChats;

  constructor(http: Http, chats: WebChats) {
    this.#http = http;
    this.#chats = chats;
  }

  /**
   * Finds a message whose send got no response.
   * @param error of the send
   * @throws PoeError with the code of `error`, saying whether the message arrived, if that is known; `interrupted`
   */
  async unanswered(draft: Draft, error: PoeError, tracker: ReplyTracker, signal?: AbortSignal): Promise<Accepted> {
    const echo = await tracker.waitForEcho(echoGraceMs);
    if (echo) return {chat: draft.chat ?? chatOf(echo), userMessageId: echo.userMessageId, botMessage: null};
    if (signal?.aborted) throw interruption(signal);
    return this.#search(draft, error, tracker);
  }

  /** Finds an accepted message whose response named no chat or no message. @throws PoeError `reply_lost` */
  async unnamed(
    draft: Draft,
    {chat, userMessageId, botMessage}: Extract<SendResult, {type: 'unnamed'}>,
    tracker: ReplyTracker,
  ): Promise<Accepted> {
    const echo = await tracker.waitForEcho(echoGraceMs);
    if (echo) {
      return {chat: chat ?? (await this.#find(echo)), userMessageId: userMessageId ?? echo.userMessageId, botMessage};
    }
    const pending = {...draft.pending, chatId: chat?.chatId ?? null};
    const error = new PoeError('not_understood', 'Poe accepted the message, but its response does not name the chat');
    try {
      const found = await this.#search({...draft, pending}, error, tracker);
      return {...found, chat: chat ?? found.chat};
    } catch (failure) {
      // The message was accepted, so the error must not suggest to send it again.
      if (!chat) throw failure instanceof PoeError ? acceptedButNotFound(failure) : failure;
      return {chat, userMessageId, botMessage};
    }
  }

  async #search({pending, text}: Draft, error: PoeError, tracker: ReplyTracker): Promise<Accepted> {
    const {skewMs} = this.#http.clock;
    for (let search = 1; search <= maxSearches; search++) {
      const options = {text, skewMs, signal: this.#timeout()};
      const found = await findSentMessage(this.#chats, pending, options).catch((failure: unknown) => {
        if (failure instanceof PoeError) return 'doubtful' as const;
        throw failure;
      });
      if (found === 'doubtful') throw unknownDelivery(error);
      if (found) {
        // The channel may have missed more than the echo.
        tracker.gap();
        return {chat: found.chat, userMessageId: found.userMessage.messageId, botMessage: found.reply};
      }
      const echo = search < maxSearches ? await tracker.waitForEcho(echoGraceMs) : undefined;
      if (echo) return {chat: chatOf(echo), userMessageId: echo.userMessageId, botMessage: null};
    }
    throw notDelivered(error);
  }

  #find(echo: Echo): Promise<Chat> {
    return this.#chats.find({chatId: echo.chatId}, {signal: this.#timeout()}).catch(() => chatOf(echo));
  }

  #timeout(): AbortSignal {
    return AbortSignal.timeout(Math.min(searchTimeoutMs, this.#http.timeoutMs));
  }
}

/** The chat of an echo, which names only its id. */
const chatOf = ({chatId}: Echo): Chat => ({
  id: nodeId('Chat', chatId),
  chatId,
  chatCode: null,
  title: null,
  bot: null,
  lastInteractionTime: null,
});

/** A message as it was found on Poe. */
export interface SentMessage {
  chat: Chat;
  userMessage: Message;
  reply: Message | null;
}

/**
 * Searches for a message that may have arrived: in its chat, or in the newest chats. It is identified by its nonce, or, if Poe
 * shows no nonces, by its text and time.
 * @param options.skewMs how far the known time of Poe may be off
 * @returns undefined if there is no such message; `doubtful` if there is one that may be older
 * @throws PoeError
 */
export async function findSentMessage(
  chats: WebChats,
  pending: PendingMessage,
  {text, skewMs = 0, ...options}: CallOptions & {text?: string; skewMs?: number} = {},
): Promise<SentMessage | 'doubtful' | undefined> {
  let isDoubtful = false;
  for await (const candidate of candidates(chats, pending, options)) {
    const {chat, messages} = await chats.newest(candidate, options);
    const index = messages.findIndex(({clientNonce}) => clientNonce !== null && clientNonce === pending.clientNonce);
    const userMessage = messages[index] ?? messages.findLast((message) => isAlike(message, text));
    if (!userMessage) continue;
    if (index === -1 && !isRecent(userMessage, pending, skewMs)) {
      isDoubtful = true;
      continue;
    }
    const {reply} = lastExchange(messages.slice(messages.indexOf(userMessage)));
    return {chat, userMessage, reply: reply ?? null};
  }
  return isDoubtful ? 'doubtful' : undefined;
}

async function* candidates(chats: WebChats, {chatId}: PendingMessage, options: CallOptions) {
  if (chatId === null) yield* chats.history({...options, limit: maxChats});
  else yield {chatId};
}

/** Whether a message without a nonce may be the user's, and has this text. */
const isAlike = (message: Message, text: string | undefined): boolean =>
  text !== undefined &&
  message.clientNonce === null &&
  message.text === text &&
  (message.author === 'human' || (!message.author && message.bot === null));

const isRecent = ({creationTime}: Message, {sentAt}: PendingMessage, skewMs: number): boolean =>
  creationTime !== null && Date.parse(creationTime) >= Date.parse(sentAt) - skewMs;
