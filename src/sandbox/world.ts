import {type Bot, bots, categories, defaultBot} from './bots.js';
import {pastTalks} from './past.js';
import {people} from './people.js';
import {seededCode, seededNumber} from './seeded.js';

/** A file that came with a message. */
export interface Upload {
  readonly name: string;
  readonly url: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

export interface Message {
  readonly messageId: number;
  readonly code: string;
  readonly timeUs: number;
  /** Null where the viewer wrote it. */
  readonly bot: Bot | null;
  readonly clientNonce: string | null;
  text: string;
  state: string;
  stateText: string | null;
  attachments: readonly {name: string; url: string; mimeType: string; size: number}[];
  suggestions: readonly string[];
  /** How much had been written when it was cancelled. */
  cancelledAt: number;
}

export interface Chat {
  readonly chatId: number;
  readonly code: string;
  readonly bot: Bot;
  readonly createdUs: number;
  readonly messages: Message[];
  title: string | null;
  lastUs: number;
}

/** A bot at work on an answer. */
export interface Job {
  readonly chat: Chat;
  /** Stops it where it is, and says so; if it is at the end of its text, it may finish. */
  cancel(): void;
  /** Stops it without a word. */
  abandon(): void;
}

/** The morning of 24 March 2025, in microseconds since 1970. */
const epochUs = Date.UTC(2025, 2, 24, 9) * 1000;
const secondUs = 1_000_000;

/** Everything that one account of the site sees: bots, people, its own settings, points and chats. Its time moves a second at each event. */
export class World {
  readonly bots = bots;
  readonly people = people;
  readonly categories = categories;
  readonly defaultBot = defaultBot;
  readonly viewer = {
    uid: 659_168_979,
    handle: 'sandbox',
    fullName: 'Sandbox',
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
  readonly #uploads: Upload[] = [];
  readonly #jobs = new Set<Job>();
  #timeUs = epochUs;
  #lastChatId = 883_120_004;
  #lastMessageId = 331_874_400_000;
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

  chat(chatId: number): Chat | undefined {
    return this.#chats.get(chatId);
  }

  chatOfCode(code: string): Chat | undefined {
    return [...this.#chats.values()].find((chat) => chat.code === code);
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
    };
    this.#chats.set(chatId, chat);
    return chat;
  }

  addMessage(chat: Chat, {text, bot, state = 'complete', clientNonce = null, uploads = []}: NewMessage): Message {
    const messageId = (this.#lastMessageId += 1 + seededNumber(`message after ${this.#lastMessageId}`, 40));
    this.#messageCount += 1;
    const timeUs = this.#now();
    const message: Message = {
      messageId,
      code: seededCode(`message ${messageId}`, 21),
      timeUs,
      bot,
      clientNonce,
      text,
      state,
      stateText: null,
      attachments: uploads.map(({name, url, mimeType, bytes}) => ({name, url, mimeType, size: bytes.length})),
      suggestions: [],
      cancelledAt: 0,
    };
    chat.messages.push(message);
    chat.lastUs = timeUs;
    return message;
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

  keepUploads(uploads: readonly Upload[]): void {
    this.#uploads.push(...uploads);
    this.#uploads.splice(0, this.#uploads.length - mostUploads);
  }

  /** From now on the job can be cancelled. */
  beginJob(job: Job): void {
    this.#jobs.add(job);
  }

  endJob(job: Job): void {
    this.#jobs.delete(job);
  }

  /** Stops the bots that are writing in a chat, as the account's owner might from any device. */
  cancelJobs(chatId: number): void {
    for (const job of this.#jobs) if (job.chat.chatId === chatId) job.cancel();
  }

  /** Stops all bots, likewise. */
  cancelAll(): void {
    for (const job of this.#jobs) job.cancel();
  }

  /** The end of the world: nothing more happens. */
  end(): void {
    for (const job of this.#jobs) job.abandon();
  }

  #now(): number {
    return (this.#timeUs += secondUs);
  }
}

interface NewMessage {
  text: string;
  bot: Bot | null;
  state?: string;
  clientNonce?: string | null;
  uploads?: readonly Upload[];
}

const mostUploads = 20;

/** Those the account has talked with. */
const pastBots: readonly Bot[] = bots.filter(
  ({categories}) => categories.includes('Popular') || categories.includes('Programming'),
);
