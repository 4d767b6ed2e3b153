import {type Bot, bots, categories, defaultBot} from './bots.js';
import {type Chat, type Message, unwritten, type Upload} from './chat.js';
import {Jobs} from './jobs.js';
import {Links, type SharedChat} from './links.js';
import {pastTalks} from './past-chats.js';
import {people, type Person} from './people.js';
import {seededCode, seededNumber} from './seeded.js';

/** The morning of 24 March 2025, in microseconds since 1970. */
const epochUs = Date.UTC(2025, 2, 24, 9) * 1000;
const secondUs = 1_000_000;

/** Everything that one account of the site sees: bots, people, its own settings, points and chats. Its time moves a second at each event. */
export class World {
  readonly bots = bots;
  readonly people = people;
  readonly categories = categories;
  readonly jobs = new Jobs();
  /** What was made public. */
  readonly links = new Links();
  /** The bot that answers where none was chosen. */
  defaultBot = defaultBot;
  readonly viewer = {
    uid: 659_168_979,
    handle: 'sandbox',
    fullName: 'Sandbox',
    bio: 'I live in a sandbox.',
    followerCount: 3,
    createdBots: [],
    photo: 'sandboxsandboxsandboxsandboxsand',
    email: 'sandbox@poe.example',
    countryCode: 'ID',
    /** Microseconds since 1970. */
    pointsResetUs: 1_742_861_079_000_000,
    points: 1827,
    pointsADay: 3000,
    /** Points a message may cost before the site asks. */
    pointLimit: 500,
    isContextOptimized: true,
  };
  readonly #chats = new Map<number, Chat>();
  readonly #nonces = new Set<string>();
  /** Whether messages name their author in words; in 2026 they no longer did. */
  tellsAuthors = true;
  /** Files that were sent ahead of their message, by the tokens given for them. */
  readonly ahead = new Map<string, Upload>();
  readonly #uploads: Upload[] = [];
  readonly #followed = new Set<number>();
  #timeUs = epochUs;
  #lastChatId = 883_120_004;
  #lastMessageId = 331_874_400_000;
  #lastJobId = 74_110_000_000;
  #messageCount = 0;

  constructor() {
    const talks = pastTalks.toReversed();
    let agoUs = 0;
    const ages = pastTalks
      .map(({title}) => (agoUs += 1800 * secondUs + seededNumber(title, 36 * 3600) * secondUs))
      .toReversed();
    for (const [index, {title, lines}] of talks.entries()) {
      const bot = pastBots[index % pastBots.length] ?? defaultBot;
      this.#timeUs = epochUs - (ages[index] ?? 0);
      const chat = this.addChat(bot);
      for (const [place, text] of lines.entries()) this.addMessage(chat, {text, bot: place % 2 === 0 ? null : bot});
      chat.title = title;
    }
    this.#timeUs = epochUs;
  }

  /** Newest talk first. */
  get chats(): readonly Chat[] {
    return [...this.#chats.values()].toSorted((a, b) => b.lastUs - a.lastUs);
  }

  /** The latest files that were sent, newest last. */
  get uploads(): readonly Upload[] {
    return this.#uploads;
  }

  /** How many messages were ever written. */
  get messageCount(): number {
    return this.#messageCount;
  }

  /** Finds a bot by its handle or internal name, in any case. */
  bot(name: string): Bot | undefined {
    const wanted = name.toLowerCase();
    return this.bots.find(({handle, model}) => handle.toLowerCase() === wanted || model === wanted);
  }

  /** Finds a user, the viewer among them, by the handle in any case. */
  person(handle: string): Person | undefined {
    const wanted = handle.toLowerCase();
    return [this.viewer, ...this.people].find((person) => person.handle.toLowerCase() === wanted);
  }

  personOf(uid: number): Person | undefined {
    return [this.viewer, ...this.people].find((person) => person.uid === uid);
  }

  /** The uids of those the viewer follows. */
  get followed(): ReadonlySet<number> {
    return this.#followed;
  }

  setFollow({uid}: Person, shouldFollow: boolean): void {
    if (shouldFollow) this.#followed.add(uid);
    else this.#followed.delete(uid);
  }

  chat(chatId: number): Chat | undefined {
    return this.#chats.get(chatId);
  }

  chatOfCode(code: string): Chat | undefined {
    return [...this.#chats.values()].find((chat) => chat.code === code);
  }

  /** The chat that a message belongs to. */
  chatWith(messageId: number | undefined): Chat | undefined {
    return [...this.#chats.values()].find(({messages}) => messages.some((message) => message.messageId === messageId));
  }

  messageOfCode(code: string): Message | undefined {
    return [...this.#chats.values()].flatMap(({messages}) => messages).find((message) => message.code === code);
  }

  addChat(bot: Bot): Chat {
    const chatId = (this.#lastChatId += 1 + seededNumber(`chat after ${this.#lastChatId}`, 90));
    const createdUs = this.#now();
    const chat: Chat = {
      chatId,
      code: seededCode(`chat ${chatId}`, 19),
      bot,
      createdUs,
      messages: [],
      title: null,
      lastUs: createdUs,
      isContextOptimized: this.viewer.isContextOptimized,
    };
    this.#chats.set(chatId, chat);
    return chat;
  }

  /** Makes a chat of what was shared; nobody pays for its messages. */
  importChat({title, bot, messages}: SharedChat): Chat {
    const chat = this.addChat(bot);
    chat.title = title;
    for (const {text, bot, isBreak, state, stateText, attachments, cancelledAt} of messages) {
      const job = bot && {jobId: this.newJobId(), costPoints: 0};
      this.addMessage(chat, {text, bot, isBreak, state, stateText, attachments, cancelledAt, job});
    }
    return chat;
  }

  /** Adds a message; unless told otherwise a whole one, and if a bot's one that was paid. */
  addMessage(chat: Chat, given: NewMessage): Message {
    const messageId = (this.#lastMessageId += 1 + seededNumber(`message after ${this.#lastMessageId}`, 40));
    this.#messageCount += 1;
    const message: Message = {
      messageId,
      code: seededCode(`message ${messageId}`, 21),
      timeUs: this.#now(),
      ...unwritten,
      state: 'complete',
      isBreak: false,
      clientNonce: null,
      job: given.bot && {jobId: this.newJobId(), costPoints: given.bot.price},
      ...given,
    };
    chat.messages.push(message);
    chat.lastUs = message.timeUs;
    return message;
  }

  /** Removes messages for good. A bot that is writing one of them stops. */
  removeMessages(chat: Chat, messages: readonly Message[]): void {
    this.jobs.remove(({message}) => message !== undefined && messages.includes(message));
    for (const message of messages) chat.messages.splice(chat.messages.indexOf(message), 1);
  }

  /** Removes a chat for good. A bot that is writing in it stops. */
  removeChat(chat: Chat): void {
    this.jobs.remove((job) => job.chat === chat);
    this.#chats.delete(chat.chatId);
  }

  newJobId(): number {
    return (this.#lastJobId += 1 + seededNumber(`job after ${this.#lastJobId}`, 40));
  }

  takeNonce(nonce: string): void {
    this.#nonces.add(nonce);
  }

  /** Whether the account has sent a message with this nonce. */
  isNonceTaken(nonce: string): boolean {
    return this.#nonces.has(nonce);
  }

  spend(points: number): void {
    this.viewer.points = Math.max(0, this.viewer.points - points);
  }

  /** Keeps files, and forgets the oldest where there are too many. */
  keepUploads(uploads: readonly Upload[]): void {
    this.#uploads.push(...uploads);
    const bytes = () => this.#uploads.reduce((sum, upload) => sum + upload.bytes.length, 0);
    while (this.#uploads.length > mostUploads || bytes() > mostUploadedBytes) this.#uploads.shift();
  }

  /** Stops all bots, as the account's owner might from any device. */
  cancelAll(): void {
    this.jobs.cancel(() => true);
  }

  /** The end of the world: nothing more happens. */
  end(): void {
    this.jobs.abandon();
  }

  /** What happens next happens after this time; else this world keeps a time of its own, which goes by with what happens. */
  setTime(ms: number): void {
    this.#timeUs = ms * 1000;
  }

  #now(): number {
    return (this.#timeUs += secondUs);
  }
}

type NewMessage = Pick<Message, 'text' | 'bot'> & Partial<Omit<Message, 'messageId' | 'code' | 'timeUs'>>;

const mostUploads = 20;
const mostUploadedBytes = 420_000_000;

/** Those the account has talked with. */
const pastBots: readonly Bot[] = bots.filter(
  ({categories}) => categories.includes('Popular') || categories.includes('Programming'),
);
