import * as v from 'valibot';
import {type Attachment, Message, wholeNumber} from '../../model.js';
import type {PoeError} from '../../errors.js';
import type {ChannelListener} from '../live/channel.js';
import {isContextBreak, isUserMessage} from '../../message.js';
import type {ChannelEvent} from '../live/frame.js';

/** The reply that is awaited: in which chat, to which message, and, where Poe told, the bot's message itself. */
export interface ReplyTarget {
  chatId: number;
  userMessageId?: number;
  botMessageId?: number;
}

/** What is known of the awaited reply. */
export interface ReplySnapshot {
  messageId: number | undefined;
  messageCode: string | null;
  text: string;
  /** As Poe names it: `incomplete`, `complete`, `cancelled`, `error_…`. */
  state: string;
  stateText: string | null;
  title: string | null;
  attachments: Attachment[];
  suggestedReplies: string[];
}

/** Events kept until the answer to the send says which chat is meant. */
const mostEarlyEvents = 2_000;

const MessagePart = v.object({
  messageId: wholeNumber,
  text: v.fallback(v.optional(v.string()), undefined),
  state: v.fallback(v.optional(v.pipe(v.string(), v.toLowerCase())), undefined),
  messageStateText: v.fallback(v.nullish(v.string()), undefined),
});
const isEmpty = (list: unknown): boolean => list === undefined || (Array.isArray(list) && list.length === 0);
const Title = v.object({title: v.string()});
const Job = v.object({state: v.pipe(v.string(), v.toLowerCase())});

/** Listens to the channel for one reply. Events of other chats, of other messages and from earlier turns do not count. */
export class ReplyTracker implements ChannelListener {
  readonly snapshot: ReplySnapshot = {
    messageId: undefined,
    messageCode: null,
    text: '',
    state: 'incomplete',
    stateText: null,
    title: null,
    attachments: [],
    suggestedReplies: [],
  };
  /** Poe's echo of the user's message, which shows that it was accepted. */
  echo: Required<Pick<ReplyTarget, 'chatId' | 'userMessageId'>> | undefined;
  /** A later message of the bot, where it is not the awaited one. */
  #other: Message | undefined;
  /** The user said something more, which later messages may answer. */
  #isGoneOn = false;
  /** The bot's job is done, whatever the text says. */
  isJobDone = false;
  hasGap = false;
  error: PoeError | undefined;
  #aim: ReplyTarget | undefined;
  #early = new Map<string, ChannelEvent>();
  #version = 0;
  #news = 0;
  readonly #waiting = new Set<() => void>();

  /** Of the user's own message. */
  clientNonce: string | undefined;
  /** The bot's message as it was before it is written anew: what only repeats it tells nothing. */
  old: Message | undefined;

  /** Counts the changes. */
  get version(): number {
    return this.#version;
  }

  /** Counts those changes that tell something of the reply; that events may be missing tells nothing. */
  get progressCount(): number {
    return this.#news;
  }

  /** How many events are kept until it is known which chat is meant. */
  get bufferedCount(): number {
    return this.#early.size;
  }

  get isEnded(): boolean {
    return isEndState(this.snapshot.state);
  }

  /** Says what to look for; what came before is gone through now. */
  track(aim: ReplyTarget): void {
    this.#aim = aim;
    this.snapshot.messageId ??= aim.botMessageId;
    const early = [...this.#early.values()];
    this.#early.clear();
    for (const event of early) this.event(event);
  }

  event(event: ChannelEvent): void {
    if (!this.#aim) {
      this.#lookForEcho(event);
      this.#keep(event);
      return;
    }
    if (this.#isElsewhere(event, this.#aim.chatId)) return;
    this.#take(event, this.#aim);
  }

  gap(): void {
    this.hasGap = true;
    this.#wake();
  }

  lost(error: PoeError): void {
    this.error = error;
    this.#wake();
  }

  /** Takes a message that may be the awaited one: from an event, from the send's answer, or from asking. */
  takeMessage(message: Message): void {
    if (!this.#aim || this.#isOld(message)) return;
    if (!this.#isAwaited(message, this.#aim)) return this.#takeOther(message, this.#aim);
    const {snapshot: awaited} = this;
    awaited.messageId = message.messageId;
    awaited.messageCode = message.messageCode ?? awaited.messageCode;
    if (message.attachments.length > 0) awaited.attachments = message.attachments;
    if (message.suggestedReplies.length > 0) awaited.suggestedReplies = message.suggestedReplies;
    this.#takeText(message.text, message.state, message.messageStateText);
    this.#changed();
  }

  /**
   * The bot is done, and Poe was asked. Where the awaited message was left empty, another one that the bot wrote meanwhile is
   * the reply; where Poe tells no states, it is whole.
   */
  resolveFallback(): void {
    if (this.snapshot.state === '' && this.snapshot.text !== '') return this.end('complete');
    if (!this.#other || this.#isGoneOn || this.isEnded || this.snapshot.text !== '') return;
    this.snapshot.messageId = this.#other.messageId;
    this.takeMessage(this.#other);
  }

  /** Ends the reply without a word from Poe. */
  end(state: string): void {
    this.snapshot.state = state;
    this.#changed();
  }

  /**
   * Waits until something changed after `version`.
   * @returns the version now; the same one when `ms` went by, or the signal was aborted, without a change
   */
  async changed(version: number, ms: number, signal?: AbortSignal): Promise<number> {
    if (this.#version !== version || signal?.aborted) return this.#version;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, {once: true});
      this.#waiting.add(done);
    });
    return this.#version;
  }

  #changed(): void {
    this.#news++;
    this.#wake();
  }

  #wake(): void {
    this.#version++;
    for (const wake of this.#waiting) wake();
  }

  #isElsewhere(event: ChannelEvent, chatId: number): boolean {
    if (event.chatId !== undefined && !isPart(event)) return event.chatId !== chatId;
    // Where nobody has seen whether the id names chat or message, an event counts when it names the awaited message.
    const part = v.safeParse(MessagePart, event.data);
    return !part.success || part.output.messageId !== this.snapshot.messageId;
  }

  #take({name, data}: ChannelEvent, aim: ReplyTarget): void {
    if (name === 'messageAdded') {
      if (this.#isMoreText(data)) return this.#takePart(data);
      const message = this.#messageIn(data);
      if (message) this.takeMessage(message);
    } else if (isPart({name})) {
      this.#takePart(data);
    } else if (name === 'messageCancelled') {
      this.#takeCancellation(data, aim);
    } else if (name === 'chatTitleUpdated') {
      const title = v.safeParse(Title, data);
      if (title.success) this.snapshot.title = title.output.title;
      this.#changed();
    } else if (name === 'jobUpdated') {
      const job = v.safeParse(Job, data);
      if (job.success && /^(?:complete|done)/.test(job.output.state)) this.isJobDone = true;
      this.#changed();
    }
  }

  /**
   * Whether an update of the awaited message, with which all of it comes, tells of nothing but text: then the rest need not be read
   * again, as it is with the last one.
   */
  #isMoreText(data: unknown): boolean {
    const {messageId, messageCode} = this.snapshot;
    // What no object has is undefined of any other value, too.
    const update = data as Record<string, unknown> | null | undefined;
    return (
      messageId !== undefined &&
      (messageCode !== null || !update?.messageCode) &&
      update?.messageId === messageId &&
      update.state === 'incomplete' &&
      isEmpty(update.attachments) &&
      isEmpty(update.followupActions) &&
      isEmpty(update.suggestedReplies)
    );
  }

  /** What an update leaves out is as it was. */
  #messageIn(data: unknown): Message | undefined {
    const message = v.safeParse(Message, data);
    const part = v.safeParse(MessagePart, data);
    if (!message.success || !part.success) return undefined;
    const {text = this.snapshot.text, state = this.snapshot.state} = part.output;
    return {...message.output, text, state};
  }

  #takePart(data: unknown): void {
    const part = v.safeParse(MessagePart, data);
    if (!part.success || part.output.messageId !== this.snapshot.messageId) return;
    const {text = this.snapshot.text, state = this.snapshot.state, messageStateText = null} = part.output;
    this.#takeText(text, state, messageStateText);
    this.#changed();
  }

  #takeCancellation(data: unknown, aim: ReplyTarget): void {
    const part = v.safeParse(MessagePart, data);
    const names = part.success ? part.output.messageId : undefined;
    const isOurs = names === undefined || names === this.snapshot.messageId || names === aim.userMessageId;
    if (isOurs && !this.isEnded) this.snapshot.state = 'cancelled';
    this.#changed();
  }

  #takeText(text: string, state: string, stateText: string | null): void {
    const {snapshot: awaited} = this;
    const isLate = isEndState(awaited.state) && !isEndState(state);
    // After a reconnect older texts may come again: an unfinished beginning of what is known tells nothing.
    const isOld = !isEndState(state) && text.length < awaited.text.length && awaited.text.startsWith(text);
    if (isLate || isOld) return;
    awaited.text = text;
    awaited.state = state;
    awaited.stateText = stateText;
  }

  #isAwaited(message: Message, {userMessageId, botMessageId}: ReplyTarget): boolean {
    if (this.snapshot.messageId !== undefined) return message.messageId === this.snapshot.messageId;
    if (botMessageId !== undefined) return message.messageId === botMessageId;
    return !this.#isOwn(message) && message.messageId > (userMessageId ?? 0);
  }

  #takeOther(message: Message, {userMessageId = 0}: ReplyTarget): void {
    if (message.messageId <= Math.max(userMessageId, this.snapshot.messageId ?? 0)) return;
    if (this.#isOwn(message)) this.#isGoneOn = true;
    else this.#other = message;
  }

  /** The old message may be what was written anew, word for word: once the bot is done, it is taken. */
  #isOld({messageId, text, state}: Message): boolean {
    const {old} = this;
    if (!old || this.snapshot.messageId !== undefined || this.isJobDone) return false;
    return messageId === old.messageId && text === old.text && isEndState(state);
  }

  #isOwn(message: Message): boolean {
    const {clientNonce} = message;
    return (
      isUserMessage(message) || isContextBreak(message) || (clientNonce !== null && clientNonce === this.clientNonce)
    );
  }

  /** Keeps an event for later. Of each message the newest is enough; what it leaves out is as in those before it. */
  #keep(event: ChannelEvent): void {
    const part = v.safeParse(MessagePart, event.data);
    const key = `${event.name}:${event.chatId}:${part.success ? part.output.messageId : ''}`;
    const before = this.#early.get(key);
    this.#early.delete(key);
    if (this.#early.size < mostEarlyEvents) this.#early.set(key, before ? filledIn(event, before) : event);
  }

  #lookForEcho({name, chatId, data}: ChannelEvent): void {
    if (name !== 'messageAdded' || chatId === undefined || this.clientNonce === undefined) return;
    const message = v.safeParse(Message, data);
    if (message.success && message.output.clientNonce === this.clientNonce) {
      this.echo = {chatId, userMessageId: message.output.messageId};
      this.#changed();
    }
  }
}

function filledIn(event: ChannelEvent, {data: before}: ChannelEvent): ChannelEvent {
  if (!isObject(event.data) || !isObject(before)) return event;
  const told = Object.entries(event.data).filter(([, value]) => value !== null);
  return {...event, data: {...before, ...Object.fromEntries(told)}};
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isPart = ({name}: {name: string}) => name === 'messageTextUpdated' || name === 'messageStateUpdated';

/** `error_insufficient_fund` and its like; an unknown error is one too. */
export const isFailed = (state: string): boolean => state.startsWith('error');
export const isEndState = (state: string) =>
  state.startsWith('complete') || state.startsWith('cancel') || isFailed(state);
