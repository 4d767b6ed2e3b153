import {interruption, maybeCharged, PoeError} from '../../errors.js';
import {type Chat, nodeId} from '../../model.js';
import type {WebChats} from '../chats.js';
import type {Http} from '../session/http.js';
import {findSentMessage, type SearchResult, type SentMessage} from './find-sent-message.js';
import type {Accepted, Draft, SendResult} from './message-sender.js';
import type {Echo, ReplyTracker} from './follow/reply-tracker.js';
import {acceptedButNotFound, NotDelivered} from './send-errors.js';

/** How long to wait for the echo of a message that got no complete response. */
const echoGraceMs = 1_500;
/**
 * The pause between two searches, during which the echo may arrive. Poe may accept a message many seconds after its connection was
 * cut, so only a message that is still missing then did not arrive.
 */
const secondSearchMs = 12_000;
const searchTimeoutMs = 10_000;

/** Where a message is, or that it certainly did not arrive. */
export type Located = ({type: 'accepted'} & Accepted) | {type: 'absent'; error: NotDelivered};

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
   * @throws PoeError `delivery_unknown` if it is not known whether the message arrived; `interrupted`
   */
  async unanswered(draft: Draft, error: PoeError, tracker: ReplyTracker, signal?: AbortSignal): Promise<Located> {
    const results: SearchResult[] = [];
    for (const pauseMs of [echoGraceMs, Math.min(secondSearchMs, this.#http.timeoutMs)]) {
      const echo = await tracker.waitForEcho(pauseMs, results.length > 0 ? signal : undefined);
      if (echo) {
        return {
          type: 'accepted',
          chat: draft.chat ?? chatOf(echo),
          userMessageId: echo.userMessageId,
          botMessage: null,
        };
      }
      if (signal?.aborted) throw interruption(signal);
      const result = await this.#search(draft);
      if (typeof result === 'object') return {type: 'accepted', ...this.#found(result, tracker)};
      results.push(result);
    }
    const isProven = results.every((result) => result === 'absent') && this.#http.timeoutMs >= secondSearchMs;
    if (isProven) return {type: 'absent', error: new NotDelivered(error)};
    throw maybeCharged(error, 'check_history');
  }

  /** Finds an accepted message whose response named no chat or no message. @throws PoeError `reply_lost` */
  async unnamed(
    draft: Draft,
    {chat, userMessageId, botMessage}: Extract<SendResult, {type: 'unnamed'}>,
    tracker: ReplyTracker,
  ): Promise<Accepted> {
    const pending = {...draft.pending, chatId: chat?.chatId ?? null};
    for (let search = 1; search <= 2; search++) {
      const echo = await tracker.waitForEcho(echoGraceMs);
      if (echo) {
        return {chat: chat ?? (await this.#find(echo)), userMessageId: userMessageId ?? echo.userMessageId, botMessage};
      }
      const found = await this.#search({...draft, pending});
      if (typeof found === 'object') return {...this.#found(found, tracker), chat: chat ?? found.chat};
    }
    // The message was accepted, so the error must not suggest to send it again.
    if (!chat) throw acceptedButNotFound();
    return {chat, userMessageId, botMessage};
  }

  #found({chat, userMessage, reply}: SentMessage, tracker: ReplyTracker): Accepted {
    // The channel may have missed more than the echo.
    tracker.gap();
    return {chat, userMessageId: userMessage.messageId, botMessage: reply};
  }

  async #search({pending, text, isTemporary}: Pick<Draft, 'pending' | 'text' | 'isTemporary'>): Promise<SearchResult> {
    // Poe does not list temporary chats.
    if (isTemporary) return 'unknown';
    const {skewMs} = this.#http.clock;
    try {
      return await findSentMessage(this.#chats, pending, {text, skewMs, signal: this.#timeout()});
    } catch (error) {
      if (error instanceof PoeError) return 'unknown';
      throw error;
    }
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
