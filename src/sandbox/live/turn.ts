import {setImmediate, setTimeout} from 'node:timers/promises';
import {nodeId} from '../../core/model.js';
import {messageNode, viewerId} from '../answers/nodes.js';
import {foreignEvents} from '../faults/foreign-events.js';
import {outOfPoints, type Reply, replyTo, type ReplyUpdate} from '../replies/replies.js';
import type {BotServer} from '../server-bots/ask-server.js';
import {queryOfChat} from '../server-bots/query-of-chat.js';
import {serverReply} from '../server-bots/server-reply.js';
import type {SandboxSite} from '../site/site.js';
import type {Bot} from '../world/bots.js';
import type {Chat, JobRecord, Message} from '../world/chat.js';
import type {Job} from '../world/jobs.js';
import type {PoeEvent} from './channel.js';

/** How often a reply that is held looks whether it may go on. */
const heldMs = 5;

interface TurnOptions {
  readonly chat: Chat;
  readonly question: Message;
  /** The first message of the reply, still empty. */
  readonly answer: Message;
  /** The index of `answer` among the bot's messages. */
  readonly from?: number;
  /** Whether the account cannot pay for the reply. Since 2026 the bot's message reports it. */
  readonly isOutOfPoints?: boolean;
  /** Whether events are published. */
  readonly hasListener: boolean;
}

/** A user's message and the reply to it. Writing the reply changes the world and publishes events. */
export class Turn implements Job {
  readonly chat: Chat;
  readonly #site: SandboxSite;
  readonly #bot: Bot;
  readonly #question: Message;
  readonly #answer: Message;
  readonly #hasListener: boolean;
  readonly #record: JobRecord;
  readonly #messages: Reply['messages'];
  readonly #isOutOfPoints: boolean;
  #suggestions: Reply['suggestions'];
  readonly #stop = new AbortController();
  #framesSent = 0;
  #foreignSent = 0;
  #isWritten = false;
  #isOver = false;
  /** The message being written. */
  #current: Message;

  constructor(site: SandboxSite, {chat, question, answer, from = 0, isOutOfPoints = false, hasListener}: TurnOptions) {
    this.chat = chat;
    this.#site = site;
    this.#bot = answer.bot ?? chat.bot;
    this.#question = question;
    this.#answer = answer;
    this.#hasListener = hasListener;
    this.#isOutOfPoints = isOutOfPoints;
    this.#current = answer;
    this.#record = {jobId: site.world.newJobId(), costPoints: null};
    answer.job = this.#record;
    const {text, attachments: files, parameters} = question;
    const {messages, suggestions} = isOutOfPoints
      ? outOfPoints
      : replyTo({text, files, parameters, cdnUrl: site.cdnUrl, number: messageNumber(question, chat)}, this.#bot);
    this.#messages = messages.slice(Math.min(from, messages.length - 1));
    this.#suggestions = suggestions;
    site.world.jobs.add(this);
  }

  get message(): Message | undefined {
    return this.#isWritten || this.#isOver ? undefined : this.#current;
  }

  /** Publishes the user's message, which Poe does before it answers the mutation. */
  echo(): void {
    if (!this.#site.faults.replies.echoLate) this.#publish(this.#added(this.#question));
  }

  /** Publishes the bot's message as it is. */
  announce(): void {
    this.#publish(this.#added(this.#answer));
  }

  /** Writes the reply until it is complete or cancelled. */
  async write(): Promise<void> {
    try {
      if (this.#bot.server && !this.#isOutOfPoints) await this.#relay(this.#bot.server);
      else await this.#writeMessages();
      this.#isWritten = true;
      await this.#finish();
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    } finally {
      this.#isOver = true;
      this.#site.world.jobs.remove(this);
    }
  }

  async #writeMessages(): Promise<void> {
    for (const [index, updates] of this.#messages.entries()) {
      if (index > 0) {
        this.#current = this.#site.world.addMessage(this.chat, {text: '', bot: this.#bot, state: 'incomplete'});
        this.#current.job = this.#record;
      }
      await this.#writeMessage(this.#current, updates, index === this.#messages.length - 1);
    }
  }

  /** Writes the reply of the bot's server. */
  async #relay(server: BotServer): Promise<void> {
    const query = queryOfChat(this.chat, this.#question, this.#answer, this.#site.world.viewer.uid);
    let isFirst = true;
    for await (const {suggestions = [], ...update} of serverReply(server, query, this.#stop.signal)) {
      this.#stop.signal.throwIfAborted();
      this.#suggestions = suggestions;
      this.#apply(update, this.#answer, {isFirst, isLast: update.state !== undefined, isLastMessage: true});
      isFirst = false;
    }
  }

  cancel(): void {
    const {message} = this;
    if (message?.state !== 'incomplete') return;
    this.abandon();
    message.state = 'cancelled';
    message.cancelledAt = message.text.length;
    this.#charge();
    const id = nodeId('Message', message.messageId);
    const data = {id, messageId: message.messageId, state: message.state};
    this.#publish(
      {name: 'messageCancelled', subject: this.chat.chatId, data},
      this.#jobUpdated('cancelled'),
      ...this.#giveTitle(),
    );
  }

  abandon(): void {
    this.#isOver = true;
    this.#stop.abort();
  }

  async #writeMessage(message: Message, updates: readonly ReplyUpdate[], isLastMessage: boolean): Promise<void> {
    for (const [index, update] of updates.entries()) {
      await this.#wait(update.delayMs * this.#site.pace);
      while (this.#framesSent >= this.#site.faults.replies.heldAfter) await this.#wait(heldMs);
      this.#apply(update, message, {isFirst: index === 0, isLast: index === updates.length - 1, isLastMessage});
    }
  }

  #apply(
    update: ReplyUpdate,
    message: Message,
    {isFirst, isLast, isLastMessage}: {isFirst: boolean; isLast: boolean; isLastMessage: boolean},
  ): void {
    const {faults} = this.#site;
    message.text = update.text;
    if (isLast) {
      message.state = update.state ?? 'complete';
      message.stateText = update.stateText ?? null;
      message.attachments = update.attachments ?? [];
      message.citations = update.citations ?? [];
      if (isLastMessage) this.#charge();
      if (isLastMessage && faults.replies.jobFirst) this.#publish(this.#jobUpdated(this.#outcome));
    }
    this.#publishText(message);
    if (faults.replies.echoLate && isFirst && message === this.#answer) {
      this.#publish(this.#added(this.#question));
    }
    if (faults.replies.foreign) {
      this.#publish(...foreignEvents(this.#foreignSent++, this.chat, this.#question, this.#site));
    }
  }

  /** Publishes what follows the last text: suggested replies, the end of the job, the title of a new chat. */
  async #finish(): Promise<void> {
    const {jobFirst, titleDelayMs} = this.#site.faults.replies;
    const last = this.#current;
    if (this.#suggestions.length > 0 && last.state === 'complete') {
      last.suggestions = this.#suggestions;
      this.#publish(this.#added(last));
    }
    const job = jobFirst ? [] : [this.#jobUpdated(this.#outcome)];
    if (titleDelayMs === null) {
      this.#publish(...job, ...this.#giveTitle());
      return;
    }
    this.#publish(...job);
    await this.#wait(titleDelayMs);
    this.#publish(...this.#giveTitle());
  }

  /** Gives a new chat its title. @returns the event, if there is one */
  #giveTitle(): PoeEvent[] {
    const {chat} = this;
    if (chat.title !== null || this.#site.faults.replies.untitled) return [];
    chat.title = titleFrom(this.#question.text);
    return [
      {name: 'chatTitleUpdated', subject: chat.chatId, data: {title: chat.title, id: nodeId('Chat', chat.chatId)}},
    ];
  }

  /** Deducts the price of the reply. A failed reply is free. */
  #charge(): void {
    const {world} = this.#site;
    this.#record.costPoints = this.#current.state.startsWith('error') ? 0 : this.#bot.price;
    if (this.#record.costPoints === 0) return;
    world.spend(this.#record.costPoints);
    this.#site.ledger.addReply(this.#bot.handle, this.#record.costPoints, this.chat);
    this.#publish({
      name: 'viewerStateUpdated',
      subject: world.viewer.uid,
      data: {id: viewerId, messagePointInfo: {messagePointBalance: world.viewer.points}},
    });
  }

  get #outcome(): string {
    return this.#current.state === 'complete' ? 'complete' : 'failed';
  }

  #jobUpdated(state: string): PoeEvent {
    const {jobId} = this.#record;
    const id = Buffer.from(`Job:${jobId}`).toString('base64');
    return {name: 'jobUpdated', subject: this.chat.chatId, data: {id, jobId, state}};
  }

  #added(message: Message): PoeEvent {
    return {name: 'messageAdded', subject: this.chat.chatId, data: messageNode(message, this.#site)};
  }

  #publishText(message: Message): void {
    this.#breakChannels();
    this.#publish(this.#added(message));
    this.#framesSent += 1;
    this.#site.faults.countFrame();
    this.#breakChannels();
  }

  #breakChannels(): void {
    const {channels, faults} = this.#site;
    for (const kind of faults.takeBreaks()) {
      if (kind === 'drop') channels.disconnect();
      else channels.invalidate(kind);
    }
  }

  #publish(...events: PoeEvent[]): void {
    const isSilent = this.#framesSent >= this.#site.faults.replies.silentAfter;
    if (this.#hasListener && !isSilent) this.#site.channels.publish(events);
  }

  async #wait(ms: number): Promise<void> {
    const {signal} = this.#stop;
    await (ms > 0 ? setTimeout(ms, undefined, {signal}) : setImmediate(undefined, {signal}));
  }
}

/** The message's number in the chat, from 1. Messages before the last context break do not count: bots do not see them. */
function messageNumber(message: Message, {messages}: Chat): number {
  const earlier = messages.slice(0, messages.indexOf(message) + 1);
  return earlier.length - 1 - earlier.findLastIndex(({isBreak}) => isBreak);
}

/** A title made of the first words of a message. */
function titleFrom(text: string): string {
  const words = text.trim().split(/\s+/).slice(0, 6).join(' ');
  const title = [...words.replaceAll(/[\p{C}]/gu, '').replace(/[\s.,:;!?]+$/, '')].slice(0, 40).join('');
  return title === '' ? 'New chat' : title.charAt(0).toUpperCase() + title.slice(1);
}
