import {setImmediate, setTimeout} from 'node:timers/promises';
import {nodeId} from '../../core/model.js';
import type {PoeEvent} from './channel.js';
import type {Chat, Job, JobRecord, Message} from '../world/chat.js';
import {foreignEvents} from '../faults/foreign-events.js';
import {messageNode, viewerId} from '../answers/nodes.js';
import {type ReplyUpdate, type Reply, replyOf} from '../replies/replies.js';
import type {SandboxSite} from '../site/site.js';

interface TurnOptions {
  readonly chat: Chat;
  readonly question: Message;
  /** The first message of the answer, empty as yet. */
  readonly answer: Message;
  /** Which of the bot's messages it is, counting from 0. */
  readonly from?: number;
  /** Whether the account's points do not suffice, which the site says by the bot's message (since 2026). */
  readonly isBroke?: boolean;
  /** Whether its events are told to anyone. */
  readonly isHeard: boolean;
}

/** One message of the user and what a bot answers to it: it changes the world, and tells the channels. */
export class Turn implements Job {
  readonly chat: Chat;
  readonly #site: SandboxSite;
  readonly #question: Message;
  readonly #answer: Message;
  readonly #isHeard: boolean;
  readonly #record: JobRecord;
  readonly #messages: Reply['messages'];
  readonly #suggestions: Reply['suggestions'];
  readonly #stop = new AbortController();
  #framesSent = 0;
  #foreign = 0;
  #isWritten = false;
  #ended = false;
  /** The message that is being written. */
  #current: Message;

  constructor(site: SandboxSite, {chat, question, answer, from = 0, isBroke = false, isHeard}: TurnOptions) {
    this.chat = chat;
    this.#site = site;
    this.#question = question;
    this.#answer = answer;
    this.#isHeard = isHeard;
    this.#current = answer;
    this.#record = {jobId: site.world.newJobId(), costPoints: null};
    answer.job = this.#record;
    const files = question.attachments;
    const {messages, suggestions} = isBroke
      ? insolvent
      : replyOf(this.#bot, {text: question.text, place: placeOf(question, chat), files});
    this.#messages = messages.slice(Math.min(from, messages.length - 1));
    this.#suggestions = suggestions;
    site.world.jobs.begin(this);
  }

  get message(): Message | undefined {
    return this.#isWritten || this.#ended ? undefined : this.#current;
  }

  /** Tells the user's message, as the site does before it answers the mutation. */
  echo(): void {
    if (!this.#site.faults.replies.echoLate) this.#publish(this.#added(this.#question));
  }

  /** Tells the message of the bot as it is. */
  announce(): void {
    this.#publish(this.#added(this.#answer));
  }

  /** Writes the answer to its end, or until it is cancelled. */
  async write(): Promise<void> {
    try {
      for (const [index, beats] of this.#messages.entries()) {
        if (index > 0) {
          this.#current = this.#site.world.addMessage(this.chat, {text: '', bot: this.#bot, state: 'incomplete'});
          this.#current.job = this.#record;
        }
        await this.#writeMessage(this.#current, beats, index === this.#messages.length - 1);
      }
      this.#isWritten = true;
      await this.#end();
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    } finally {
      this.#ended = true;
      this.#site.world.jobs.end(this);
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
      this.#job('cancelled'),
      ...this.#title(),
    );
  }

  abandon(): void {
    this.#ended = true;
    this.#stop.abort();
  }

  async #writeMessage(message: Message, beats: readonly ReplyUpdate[], isLastMessage: boolean): Promise<void> {
    const {faults} = this.#site;
    for (const [index, beat] of beats.entries()) {
      await this.#wait(beat.waitMs * this.#site.pace);
      message.text = beat.text;
      const isEnd = index === beats.length - 1;
      if (isEnd) {
        message.state = beat.state ?? 'complete';
        message.stateText = beat.stateText ?? null;
        message.attachments = beat.attachments ?? [];
        if (isLastMessage) this.#charge();
        if (isLastMessage && faults.replies.jobFirst) this.#publish(this.#job(this.#outcome));
      }
      this.#publishText(message);
      if (faults.replies.echoLate && index === 0 && message === this.#answer)
        this.#publish(this.#added(this.#question));
      if (faults.replies.foreign) {
        this.#publish(...foreignEvents(this.#foreign++, this.chat, this.#question, this.#site.world));
      }
    }
  }

  /** What comes after the last text: what one might ask next, the end of the job, the title of a new chat. */
  async #end(): Promise<void> {
    const {faults} = this.#site;
    const last = this.#current;
    if (this.#suggestions.length > 0 && last.state === 'complete') {
      last.suggestions = this.#suggestions;
      this.#publish(this.#added(last));
    }
    const job = faults.replies.jobFirst ? [] : [this.#job(this.#outcome)];
    const {titleDelayMs} = faults.replies;
    if (titleDelayMs === null) {
      this.#publish(...job, ...this.#title());
      return;
    }
    this.#publish(...job);
    await this.#wait(titleDelayMs);
    this.#publish(...this.#title());
  }

  #title(): PoeEvent[] {
    const {chat} = this;
    if (chat.title !== null || this.#site.faults.replies.untitled) return [];
    chat.title = titleOf(this.#question.text);
    return [
      {name: 'chatTitleUpdated', subject: chat.chatId, data: {title: chat.title, id: nodeId('Chat', chat.chatId)}},
    ];
  }

  /** Takes the points, unless the bot failed. */
  #charge(): void {
    const {world} = this.#site;
    this.#record.costPoints = this.#current.state.startsWith('error') ? 0 : this.#bot.price;
    if (this.#record.costPoints === 0) return;
    world.spend(this.#record.costPoints);
    this.#publish({
      name: 'viewerStateUpdated',
      subject: world.viewer.uid,
      data: {id: viewerId, messagePointInfo: {messagePointBalance: world.viewer.points}},
    });
  }

  get #outcome(): string {
    return this.#current.state === 'complete' ? 'complete' : 'failed';
  }

  #job(state: string): PoeEvent {
    const {jobId} = this.#record;
    const id = Buffer.from(`Job:${jobId}`).toString('base64');
    return {name: 'jobUpdated', subject: this.chat.chatId, data: {id, jobId, state}};
  }

  #added(message: Message): PoeEvent {
    return {name: 'messageAdded', subject: this.chat.chatId, data: messageNode(message, this.#site.world)};
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
      if (kind === 'drop') channels.cut();
      else channels.retire(kind);
    }
  }

  #publish(...events: PoeEvent[]): void {
    if (this.#isHeard && this.#framesSent < this.#site.faults.replies.silentAfter) this.#site.channels.publish(events);
  }

  async #wait(ms: number): Promise<void> {
    const {signal} = this.#stop;
    await (ms > 0 ? setTimeout(ms, undefined, {signal}) : setImmediate(undefined, {signal}));
  }

  get #bot() {
    return this.#answer.bot ?? this.chat.bot;
  }
}

const insolvent: Reply = {messages: [[{waitMs: 0, text: '', state: 'error_insufficient_fund'}]], suggestions: []};

/** Which message of the chat it is for the bots, counting from 1: they see nothing of what was before a break. */
function placeOf(message: Message, {messages}: Chat): number {
  const seen = messages.slice(0, messages.indexOf(message) + 1);
  return seen.length - 1 - seen.findLastIndex(({isBreak}) => isBreak);
}

/** A title made of the first words of a message. */
function titleOf(text: string): string {
  const words = text.trim().split(/\s+/).slice(0, 6).join(' ');
  const title = [...words.replaceAll(/[\p{C}]/gu, '').replace(/[\s.,:;!?]+$/, '')].slice(0, 40).join('');
  return title === '' ? 'New chat' : title.charAt(0).toUpperCase() + title.slice(1);
}
