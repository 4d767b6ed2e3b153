import {interruption, PoeError} from '../../errors.js';
import {noData} from '../../http/idle-timeout.js';
import type {Message} from '../../model.js';
import type {ReplyActions, ReplySource, ReplyState} from '../../reply.js';
import type {Chats} from '../chats.js';
import {type ReplyTracker, isFailed} from './reply-tracker.js';
import type {Messages} from './messages.js';
import {botError, replyLost} from './send-errors.js';
import type {Accepted} from './send-message.js';

/** How long a title that comes after the reply is waited for, where it is wanted. */
const titleWaitMs = 1_000;
/** How long the text may lag behind the word that the bot's job is done, before Poe is asked for it. */
const jobDoneGraceMs = 2_000;
/** The awaited message is looked for among this many of the newest ones of its chat. */
const mostLookedAt = 500;
/** How long until Poe is asked again for what it did not tell, at first and at most. */
const firstPauseMs = 1_000;
const longestPauseMs = 15_000;
/** How long Poe may take to say that a cancelled reply has ended. */
const cancelGraceMs = 1_000;

interface SentOptions {
  bot: string;
  awaitTitle: boolean;
  /** Silence allowed. */
  timeoutMs: number;
  signal: AbortSignal | undefined;
  /** Whether the bot is to stop when the signal is aborted. */
  cancelOnAbort: boolean;
  stopListening: () => void;
  actions: ReplyActions;
}

/** A message that Poe has taken, whose reply is on its way over the live channel. */
export class WebReplySource implements ReplySource {
  readonly #messages: Messages;
  readonly #chats: Chats;
  readonly #accepted: Accepted;
  readonly #follower: ReplyTracker;
  readonly #options: SentOptions;
  /** Why Poe could not be asked for the reply when it was asked last, how often in a row, and when it is asked again. */
  #failure: PoeError | undefined;
  #failures = 0;
  #askAgainAt = Number.POSITIVE_INFINITY;

  constructor(messages: Messages, chats: Chats, accepted: Accepted, follower: ReplyTracker, options: SentOptions) {
    this.#messages = messages;
    this.#chats = chats;
    this.#accepted = accepted;
    this.#follower = follower;
    this.#options = options;
    const {chat, userMessageId, botMessage} = accepted;
    follower.track({
      chatId: chat.chatId,
      userMessageId: userMessageId ?? undefined,
      botMessageId: botMessage?.messageId,
    });
    if (botMessage) follower.takeMessage(botMessage);
  }

  get actions(): ReplyActions {
    return this.#options.actions;
  }

  get start(): ReplyState {
    return this.#state();
  }

  async *states(): AsyncGenerator<ReplyState, void, undefined> {
    try {
      yield* this.#untilEnded();
      const {state, stateText} = this.#follower.snapshot;
      if (isFailed(state)) throw botError(state, stateText, this.#options.bot);
      yield* this.#untilTitled();
    } finally {
      this.#options.stopListening();
    }
  }

  async cancel(): Promise<void> {
    await this.#messages.cancel(this.#accepted.chat);
    for (let version = this.#follower.version; !this.#follower.isEnded;) {
      const now = await this.#follower.changed(version, cancelGraceMs);
      if (now === version) return this.#follower.end('cancelled');
      version = now;
    }
  }

  async *#untilEnded(): AsyncGenerator<ReplyState, void, undefined> {
    const {signal, timeoutMs} = this.#options;
    const follower = this.#follower;
    let mayLag = true;
    let heard = {news: follower.progressCount, at: performance.now()};
    for (;;) {
      const {version} = follower;
      yield this.#state();
      if (follower.isEnded) return;
      if (follower.progressCount !== heard.news) heard = {news: follower.progressCount, at: performance.now()};
      const isSilent = performance.now() - heard.at >= timeoutMs;
      const isClosed = follower.error?.code === 'interrupted';
      const isDue = performance.now() >= this.#askAgainAt;
      if (!isClosed && (follower.hasGap || follower.error || isSilent || isDue)) await this.#catchUp();
      if (follower.error && !follower.isEnded) throw this.#lost(follower.error.message);
      if (follower.progressCount !== heard.news) continue;
      if (isSilent && !signal?.aborted) throw this.#lost(noData('Poe', timeoutMs));
      if (follower.version !== version) continue;
      const lags = follower.isJobDone && mayLag;
      const leftMs = Math.min(heard.at + timeoutMs, this.#askAgainAt) - performance.now();
      const waitMs = Math.max(1, Math.ceil(lags ? Math.min(jobDoneGraceMs, leftMs) : leftMs));
      const now = await follower.changed(version, waitMs, signal);
      if (signal?.aborted) {
        if (this.#options.cancelOnAbort) await this.#messages.tryCancel(this.#accepted.chat.chatId);
        throw interruption(signal);
      }
      if (now !== version || !lags) continue;
      mayLag = false;
      await this.#catchUp();
      follower.resolveFallback();
    }
  }

  async *#untilTitled(): AsyncGenerator<ReplyState, void, undefined> {
    const {awaitTitle, signal} = this.#options;
    const until = performance.now() + titleWaitMs;
    const isTitled = () => this.#state().chat.title !== null;
    while (awaitTitle && !isTitled() && performance.now() < until && !signal?.aborted) {
      await this.#follower.changed(this.#follower.version, until - performance.now(), signal);
    }
    yield this.#state();
  }

  /** Asks Poe for the reply where the channel may have missed some of it; after a failure it is asked again in a while. */
  async #catchUp(): Promise<void> {
    const {signal, timeoutMs} = this.#options;
    const follower = this.#follower;
    follower.hasGap = false;
    const limit = AbortSignal.timeout(Math.min(timeoutMs, 10_000));
    try {
      const messages = await this.#sinceQuestion(signal ? AbortSignal.any([signal, limit]) : limit);
      const {text, state, messageId} = follower.snapshot;
      const isNews = (message: Message) =>
        message.messageId !== messageId || message.text !== text || message.state !== state;
      for (const message of messages.filter(isNews)) follower.takeMessage(message);
      this.#failures = 0;
      this.#failure = undefined;
      this.#askAgainAt = Number.POSITIVE_INFINITY;
    } catch (error) {
      // What cannot be asked now may still come over the channel; if it does not, that is reported.
      if (error instanceof PoeError && error.code !== 'interrupted') this.#failure = error;
      this.#askAgainAt = performance.now() + Math.min(firstPauseMs * 2 ** this.#failures++, longestPauseMs);
    }
  }

  /** The messages of the chat, oldest first, back to the awaited one, or, where it is not known yet, to what it answers. */
  async #sinceQuestion(signal: AbortSignal): Promise<Message[]> {
    const {chat, userMessageId} = this.#accepted;
    const {messageId} = this.#follower.snapshot;
    const since: Message[] = [];
    for await (const message of this.#chats.messages(chat, {limit: mostLookedAt, signal})) {
      since.unshift(message);
      if (message.messageId <= (messageId ?? userMessageId ?? message.messageId)) break;
    }
    return since;
  }

  #lost(why: string) {
    return replyLost(why, this.#accepted.chat, this.#failure);
  }

  #state(): ReplyState {
    const {snapshot: awaited} = this.#follower;
    const {chat, userMessageId} = this.#accepted;
    return {
      text: awaited.text,
      state: awaited.state,
      bot: this.#options.bot,
      chat: {...chat, title: awaited.title ?? chat.title},
      userMessage: {messageId: userMessageId},
      botMessage: {messageId: awaited.messageId ?? null, messageCode: awaited.messageCode},
      attachments: awaited.attachments,
      suggestedReplies: awaited.suggestedReplies,
      points: {cost: null, balance: null},
      via: 'web',
    };
  }
}
