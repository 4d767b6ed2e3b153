import {setImmediate} from 'node:timers/promises';
import type {Chats} from '../client.js';
import {PoeError} from '../errors.js';
import type {Chat, Message} from '../model.js';
import type {ListOptions} from '../options.js';
import type {ArchiveStore, ChatCopy} from './archive-store.js';

/** After so many messages that are stored, the older ones are stored too. */
const knownBeforeEnd = 10;

/** Reads what chats have that is not stored. */
export class ChatReader {
  readonly #archive: ArchiveStore;
  readonly #chats: Pick<Chats, 'read'>;
  readonly #options: ListOptions;
  #requested: {chat: Chat; copy: Promise<ChatCopy | undefined>} | undefined;

  constructor(archive: ArchiveStore, chats: Pick<Chats, 'read'>, options: ListOptions) {
    this.#archive = archive;
    this.#chats = chats;
    this.#options = options;
  }

  /** Requests a chat that will be read next, and returns when the request is on its way. */
  async request(chat: Chat): Promise<void> {
    const copy = this.#read(chat);
    // `read` throws the error.
    copy.catch(() => {});
    this.#requested = {chat, copy};
    await setImmediate();
  }

  /** @returns undefined if the chat was deleted meanwhile: the next complete list shows that @throws PoeError */
  async read(chat: Chat): Promise<ChatCopy | undefined> {
    const requested = this.#requested;
    this.#requested = undefined;
    return requested?.chat === chat ? requested.copy : this.#read(chat);
  }

  async #read(chat: Chat): Promise<ChatCopy | undefined> {
    const read: Message[] = [];
    try {
      const {messages} = await this.#chats.read(chat, this.#options);
      const isIncremental = this.#archive.isComplete(chat);
      let known = 0;
      for await (const message of messages) {
        read.push(message);
        known = isIncremental && this.#archive.has(chat, message) ? known + 1 : 0;
        if (known === knownBeforeEnd) return {chat, messages: read, isAll: false};
      }
      return {chat, messages: read, isAll: true};
    } catch (error) {
      if (error instanceof PoeError && error.code === 'chat_not_found') return undefined;
      throw error;
    }
  }
}
