import {interruption, PoeError} from '../../../errors.js';
import {noData} from '../../../http/idle-timeout.js';
import type {Message} from '../../../model.js';
import {type ReplyActions, type ReplySource, type ReplyState, type ReplyUpdate, toReplyState} from '../../../reply.js';
import {type FollowState, nextStep, catchUpPauseMs} from './next-step.js';
import {isFailed, resolveFallback} from './reply-snapshot.js';
import type {ReplyTracker} from './reply-tracker.js';
import {botError, replyLost} from '../send-errors.js';
import type {Accepted} from '../message-sender.js';
import type {SendContext} from '../send-context.js';

/** How long to wait for a title after the reply, if it is requested. */
const titleWaitMs = 1_000;
/** How many of the newest messages of the chat are searched for the reply. */
const maxMessages = 500;
/** How long a request for the messages may take. */
const catchUpTimeoutMs = 10_000;
/** How long Poe may take to report the end of a cancelled reply. */
const cancelGraceMs = 1_000;
/** How long to wait after the reply for the end of the bot's job, or for another message of the bot. */
const jobEndWaitMs = 300;

type OtherReplies = NonNullable<ReplyState['otherReplies']>;

interface WebReplyOptions extends Accepted {
  bot: string;
  /** Listens for the reply; `stopListening` ends that. */
  tracker: ReplyTracker;
  stopListening: () => void;
  signal: AbortSignal | undefined;
  /** Whether aborting the signal stops the bot. */
  cancelOnAbort: boolean;
  /** Wait for the title of the chat after the reply. */
  awaitTitle?: boolean | undefined;
  /** The message that is being regenerated, as it was. */
  replaced?: Message | undefined;
  /** Messages of the bot to the same question, before this one. */
  earlierReplies?: readonly Message[];
}

/** The reply to a message that Poe has accepted, as it arrives over the live channel. */
export class WebReplySource implements ReplySource {
  readonly #context: SendContext;
  readonly #tracker: ReplyTracker;
  readonly #options: WebReplyOptions;
  /** When Poe last sent something about the reply, and the tracker's count of that. */
  #progress = {count: 0, at: 0};
  /** The attempts to catch up that failed since the last successful one. */
  #failures = {count: 0, retryAt: Number.POSITIVE_INFINITY, last: undefined as PoeError | undefined};

  constructor(context: SendContext, options: WebReplyOptions) {
    const {tracker, chat, userMessageId, botMessage} = options;
    this.#context = context;
    this.#tracker = tracker;
    this.#options = options;
    tracker.track({
      chatId: chat.chatId,
      userMessageId: userMessageId ?? undefined,
      botMessageId: botMessage?.messageId,
      replaced: options.replaced,
    });
    if (botMessage) tracker.message(botMessage);
  }

  get actions(): ReplyActions {
    return this.#context.replyActions;
  }

  get start(): ReplyState {
    return this.#state();
  }

  async *updates(): AsyncGenerator<ReplyUpdate, void, undefined> {
    const wasEnded = this.#tracker.isEnded;
    try {
      yield* this.#untilEnded();
      const {state, stateText} = this.#tracker.snapshot;
      if (isFailed(state)) throw botError(state, stateText, this.#options.bot);
      if (!wasEnded && state.startsWith('complete')) await this.#waitForMore();
      yield* this.#untilTitled();
    } finally {
      this.#options.stopListening();
    }
  }

  async cancel(): Promise<void> {
    const tracker = this.#tracker;
    await this.#context.sender.cancel(this.#options.chat.chatId);
    for (let version = tracker.version; !tracker.isEnded;) {
      const current = await tracker.changed(version, cancelGraceMs);
      if (current === version) return tracker.update({type: 'ended', state: 'cancelled'});
      version = current;
    }
  }

  async *#untilEnded(): AsyncGenerator<ReplyUpdate, void, undefined> {
    const {signal} = this.#options;
    const tracker = this.#tracker;
    let hasLastText = false;
    this.#progress = {count: tracker.progressCount, at: performance.now()};
    for (;;) {
      const {version} = tracker;
      yield {state: this.#state()};
      if (tracker.isEnded) return;
      this.#noteProgress();
      const step = nextStep(this.#followState(tracker.snapshot.isJobDone && !hasLastText), performance.now());
      switch (step.type) {
        case 'give_up':
          throw this.#lost();
        case 'catch_up':
          await this.#catchUp();
          if (tracker.error && !tracker.isEnded) throw this.#lost();
          if (this.#hasProgress) break;
          if (signal?.aborted) throw await this.#interrupted();
          if (step.isLastTry) throw this.#lost(noData('Poe', this.#context.http.timeoutMs));
          break;
        case 'wait': {
          const current = await tracker.changed(version, step.ms, signal);
          if (signal?.aborted) throw await this.#interrupted();
          if (current !== version || !step.thenFinish) break;
          hasLastText = true;
          await this.#catchUp();
          tracker.update(resolveFallback(tracker.snapshot));
        }
      }
    }
  }

  /** A bot may answer with several messages. Only the first is followed, but the others are named. */
  async #waitForMore(): Promise<void> {
    const {signal} = this.#options;
    const tracker = this.#tracker;
    const until = performance.now() + jobEndWaitMs;
    const isSettled = () => tracker.snapshot.isJobDone || tracker.snapshot.laterReplies.length > 0 || tracker.error;
    while (!isSettled() && performance.now() < until && !signal?.aborted) {
      await tracker.changed(tracker.version, until - performance.now(), signal);
    }
  }

  async *#untilTitled(): AsyncGenerator<ReplyUpdate, void, undefined> {
    const {awaitTitle, signal} = this.#options;
    const until = performance.now() + titleWaitMs;
    const hasTitle = () => this.#state().chat.title !== null;
    while (awaitTitle && !hasTitle() && performance.now() < until && !signal?.aborted) {
      await this.#tracker.changed(this.#tracker.version, until - performance.now(), signal);
    }
    yield {state: this.#state()};
  }

  get #hasProgress(): boolean {
    return this.#tracker.progressCount !== this.#progress.count;
  }

  #noteProgress(): void {
    if (this.#hasProgress) this.#progress = {count: this.#tracker.progressCount, at: performance.now()};
  }

  #followState(awaitsLastText: boolean): FollowState {
    const {hasGap, error} = this.#tracker;
    return {
      timeoutMs: this.#context.http.timeoutMs,
      progressAt: this.#progress.at,
      hasGap,
      connection: error === undefined ? 'open' : error.code === 'interrupted' ? 'closed' : 'lost',
      retryAt: this.#failures.retryAt,
      awaitsLastText,
    };
  }

  /** Requests the messages that the channel may have missed. A failure is repeated later; if the reply is lost, it is reported. */
  async #catchUp(): Promise<void> {
    const {signal} = this.#options;
    const tracker = this.#tracker;
    tracker.hasGap = false;
    const limit = AbortSignal.timeout(Math.min(this.#context.http.timeoutMs, catchUpTimeoutMs));
    try {
      const messages = await this.#newestMessages(signal ? AbortSignal.any([signal, limit]) : limit);
      const {text, state, messageId} = tracker.snapshot;
      const isNew = (message: Message) =>
        message.messageId !== messageId || message.text !== text || message.state !== state;
      for (const message of messages.filter(isNew)) tracker.message(message);
      this.#failures = {count: 0, retryAt: Number.POSITIVE_INFINITY, last: undefined};
    } catch (error) {
      const {count, last} = this.#failures;
      const isReportable = error instanceof PoeError && error.code !== 'interrupted';
      this.#failures = {
        count: count + 1,
        retryAt: performance.now() + catchUpPauseMs(count),
        last: isReportable ? error : last,
      };
    }
  }

  /** The messages of the chat, oldest first, back to the reply or, if that is not known yet, to the user's message. */
  async #newestMessages(signal: AbortSignal): Promise<Message[]> {
    const {chat, userMessageId} = this.#options;
    const {messageId} = this.#tracker.snapshot;
    const newest: Message[] = [];
    for await (const message of this.#context.chats.messages(chat, {limit: maxMessages, signal})) {
      newest.unshift(message);
      if (message.messageId <= (messageId ?? userMessageId ?? message.messageId)) break;
    }
    return newest;
  }

  #lost(reason = this.#tracker.error?.message ?? ''): PoeError {
    return replyLost(reason, this.#options.chat, this.#failures.last);
  }

  async #interrupted(): Promise<PoeError> {
    const {cancelOnAbort, chat, signal} = this.#options;
    if (cancelOnAbort) await this.#context.sender.tryCancel(chat.chatId);
    return interruption(signal);
  }

  /** The other messages of the bot to the same question. */
  #otherReplies(): OtherReplies {
    const {messageId: followed, laterReplies} = this.#tracker.snapshot;
    return [...(this.#options.earlierReplies ?? []), ...laterReplies]
      .filter(({messageId}) => messageId !== followed)
      .map(({messageId, text, state}) => ({messageId, text, state: toReplyState(state)}));
  }

  #state(): ReplyState {
    const otherReplies = this.#otherReplies();
    const {snapshot} = this.#tracker;
    const {bot, chat, userMessageId} = this.#options;
    return {
      text: snapshot.text,
      state: toReplyState(snapshot.state),
      bot,
      chat: {...chat, title: snapshot.title ?? chat.title},
      userMessage: {messageId: userMessageId},
      botMessage: {messageId: snapshot.messageId ?? null, messageCode: snapshot.messageCode},
      attachments: snapshot.attachments,
      suggestedReplies: snapshot.suggestedReplies,
      ...(otherReplies.length > 0 && {otherReplies}),
      points: {cost: null, balance: null},
      via: 'web',
    };
  }
}
