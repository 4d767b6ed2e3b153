import {type Bot, bots, categories, defaultBot, interpreter} from './bots.js';
import {type Chat, type Message, unwritten, type Upload} from './chat.js';
import {Jobs} from './jobs.js';
import {Links, type SharedChat} from './links.js';
import {type PastChat, pastChats} from './past-chats.js';
import {OwnBots} from './own-bots.js';
import {people, type Person} from './people.js';
import {seededCode, seededNumber} from './seeded.js';
import type {Id} from '../../core/names/id.js';

/** 24 March 2025, 9:00 UTC, in microseconds since 1970. */
const epochUs = Date.UTC(2025, 2, 24, 9) * 1000;
const secondUs = 1_000_000;

/**
 * What the account sees on the site: bots, people, and its own settings, points and chats. The clock starts at a fixed time
 * and advances by a second with each event, so that every run is the same.
 */
export class World {
  readonly ownBots = new OwnBots();
  readonly people = people;
  readonly categories = categories;
  readonly jobs = new Jobs();
  readonly links = new Links();
  /** The bot of new chats if none is chosen. */
  defaultBot = defaultBot;
  readonly viewer = {
    uid: 659_168_979,
    handle: 'sandbox',
    fullName: 'Sandbox',
    bio: 'The account of the sandbox.',
    followerCount: 3,
    createdBots: [],
    photo: 'sandboxsandboxsandboxsandboxsand',
    email: 'sandbox@poe.example',
    countryCode: 'NL',
    /** Microseconds since 1970. */
    pointsResetUs: 1_742_861_079_000_000,
    points: 1827,
    pointsADay: 3000,
    /** The price of a message above which the site asks for confirmation. */
    pointLimit: 500,
    isContextOptimized: true,
  };
  /** The clock, in microseconds since 1970. */
  timeUs = epochUs;
  /** Files uploaded before their message, by token. */
  readonly uploadsAhead = new Map<string, Upload>();
  readonly #chats = new Map<number, Chat>();
  readonly #chatsByCode = new Map<string, Chat>();
  /** The chats as they are listed; undefined after a change. Sorting them for each page would take long if there are many. */
  #listed: readonly Chat[] | undefined;
  readonly #nonces = new Set<string>();
  readonly #uploads: Upload[] = [];
  readonly #followed = new Set<number>();
  #lastChatId = 883_120_004;
  #lastMessageId = 331_874_400_000;
  #lastJobId = 74_110_000_000;
  #messageCount = 0;

  /** @param past the chats that the account has at the start, newest first */
  constructor(past: Iterable<PastChat> = pastChats) {
    this.#addPastChats([...past]);
  }

  /** The bots that the site lists, in its order. */
  get bots(): readonly Bot[] {
    const own = this.ownBots.all.map(({bot}) => bot).filter(({isPrivate}) => !isPrivate);
    return own.length === 0 ? bots : [...bots, ...own];
  }

  /** Most recently used first, without temporary ones. */
  get chats(): readonly Chat[] {
    this.#listed ??= [...this.#chats.values()]
      .filter(({isTemporary}) => !isTemporary)
      .toSorted((a, b) => b.lastUs - a.lastUs);
    return this.#listed;
  }

  /** The files of recent messages, newest last. */
  get uploads(): readonly Upload[] {
    return this.#uploads;
  }

  /** The number of messages ever written. */
  get messageCount(): number {
    return this.#messageCount;
  }

  /** Finds a bot by its handle or internal name, in any letter case. */
  bot(name: string): Bot | undefined {
    const lower = name.toLowerCase();
    const own = this.ownBots.all.map(({bot}) => bot);
    return [...bots, interpreter, ...own].find(({handle, model}) => handle.toLowerCase() === lower || model === lower);
  }

  /** Finds a user, or the viewer, by handle in any letter case. */
  person(handle: string): Person | undefined {
    const lower = handle.toLowerCase();
    return [this.viewer, ...this.people].find((person) => person.handle.toLowerCase() === lower);
  }

  personById(uid: Id): Person | undefined {
    return [this.viewer, ...this.people].find((person) => person.uid === uid);
  }

  /** The uids of the users whom the viewer follows. */
  get followed(): ReadonlySet<number> {
    return this.#followed;
  }

  setFollow({uid}: Person, shouldFollow: boolean): void {
    if (shouldFollow) this.#followed.add(uid);
    else this.#followed.delete(uid);
  }

  chat(chatId: Id): Chat | undefined {
    return this.#chats.get(Number(chatId));
  }

  chatByCode(code: string): Chat | undefined {
    return this.#chatsByCode.get(code);
  }

  chatOfMessage(messageId: Id | undefined): Chat | undefined {
    return [...this.#chats.values()].find(({messages}) => messages.some((message) => message.messageId === messageId));
  }

  messageByCode(code: string): Message | undefined {
    return [...this.#chats.values()].flatMap(({messages}) => messages).find((message) => message.code === code);
  }

  addChat(bot: Bot, {isTemporary = false}: {isTemporary?: boolean} = {}): Chat {
    const chatId = (this.#lastChatId += 1 + seededNumber(`chat after ${this.#lastChatId}`, 90));
    const createdUs = this.#tick();
    const chat: Chat = {
      chatId,
      code: seededCode(`chat ${chatId}`, 19),
      bot,
      createdUs,
      messages: [],
      title: null,
      lastUs: createdUs,
      isContextOptimized: this.viewer.isContextOptimized,
      isPinned: false,
      members: [],
      isTemporary,
    };
    this.#chats.set(chatId, chat);
    this.#chatsByCode.set(chat.code, chat);
    this.#listed = undefined;
    return chat;
  }

  /** Copies a shared chat to a new one. Its messages are free. */
  importChat({title, bot, messages}: SharedChat): Chat {
    const chat = this.addChat(bot);
    chat.title = title;
    for (const {text, bot, isBreak, state, stateText, attachments, cancelledAt} of messages) {
      const job = bot && {jobId: this.newJobId(), costPoints: 0};
      this.addMessage(chat, {text, bot, isBreak, state, stateText, attachments, cancelledAt, job});
    }
    return chat;
  }

  /** Adds a message. By default it is complete, and the viewer paid for it if a bot wrote it. */
  addMessage(chat: Chat, fields: NewMessage): Message {
    const messageId = (this.#lastMessageId += 1 + seededNumber(`message after ${this.#lastMessageId}`, 40));
    this.#messageCount += 1;
    const message: Message = {
      messageId,
      code: seededCode(`message ${messageId}`, 21),
      timeUs: this.#tick(),
      ...unwritten,
      state: 'complete',
      isBreak: false,
      clientNonce: null,
      referencedMessageId: null,
      parameters: {},
      job: fields.bot && {jobId: this.newJobId(), costPoints: fields.bot.price},
      ...fields,
    };
    chat.messages.push(message);
    chat.lastUs = message.timeUs;
    this.#listed = undefined;
    return message;
  }

  /** Removes messages, and stops a bot that is writing one of them. */
  removeMessages(chat: Chat, messages: readonly Message[]): void {
    this.jobs.stop(({message}) => message !== undefined && messages.includes(message));
    for (const message of messages) chat.messages.splice(chat.messages.indexOf(message), 1);
  }

  /** Removes a chat, and stops a bot that is writing in it. */
  removeChat(chat: Chat): void {
    this.jobs.stop((job) => job.chat === chat);
    this.#chats.delete(chat.chatId);
    this.#chatsByCode.delete(chat.code);
    this.#listed = undefined;
  }

  newJobId(): number {
    return (this.#lastJobId += 1 + seededNumber(`job after ${this.#lastJobId}`, 40));
  }

  addNonce(nonce: string): void {
    this.#nonces.add(nonce);
  }

  /** Whether the account has sent a message with this nonce. */
  isNonceUsed(nonce: string): boolean {
    return this.#nonces.has(nonce);
  }

  /** Deducts points, down to 0. */
  spend(points: number): void {
    this.viewer.points = Math.max(0, this.viewer.points - points);
  }

  /** Stores files, and drops the oldest if there are too many. */
  addUploads(uploads: readonly Upload[]): void {
    this.#uploads.push(...uploads);
    const bytes = () => this.#uploads.reduce((sum, upload) => sum + upload.bytes.length, 0);
    while (this.#uploads.length > maxUploads || bytes() > maxUploadBytes) this.#uploads.shift();
  }

  /** Stops all bots without publishing anything. */
  stop(): void {
    this.jobs.abandonAll();
  }

  #tick(): number {
    return (this.timeUs += secondUs);
  }

  /** Adds the chats of the past, oldest first so that ids grow with time. */
  #addPastChats(past: readonly PastChat[]): void {
    let ageUs = 0;
    const ages = past.map(({title}) => (ageUs += (1800 + seededNumber(title, 36 * 3600)) * secondUs)).toReversed();
    for (const [index, {title, texts}] of past.toReversed().entries()) {
      const bot = pastBots[index % pastBots.length] ?? defaultBot;
      this.timeUs = epochUs - (ages[index] ?? 0);
      const chat = this.addChat(bot);
      for (const [turn, text] of texts.entries()) this.addMessage(chat, {text, bot: turn % 2 === 0 ? null : bot});
      chat.title = title;
    }
    this.timeUs = epochUs;
  }
}

type NewMessage = Pick<Message, 'text' | 'bot'> & Partial<Omit<Message, 'messageId' | 'code' | 'timeUs'>>;

const maxUploads = 20;
const maxUploadBytes = 420_000_000;

/** The bots of past chats. */
const pastBots: readonly Bot[] = bots.filter(
  ({categories}) => categories.includes('Popular') || categories.includes('Programming'),
);
