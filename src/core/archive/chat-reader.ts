import type {Chats} from '../client.js';
import {PoeError} from '../errors.js';
import type {Chat, Message} from '../model.js';
import type {ListOptions} from '../options.js';
import {isLocalChat} from '../names/chat-ref.js';
import type {ArchiveStore, ChatCopy} from './archive-store.js';

/** After so many messages that are stored, the older ones are stored too. */
const knownBeforeEnd = 10;

interface Stored {
  archive: Pick<ArchiveStore, 'has'>;
  /** The chats that have been copied before. */
  known: ReadonlySet<Chat>;
}

/** A chat that was requested. */
interface Requested {
  chat: Chat;
  copy: Promise<ChatCopy | undefined>;
  hasArrived: boolean;
  /** Called when it has arrived. */
  onArrival: (() => void) | undefined;
}

/**
 * Reads what chats have that is not stored. The next chat is requested as soon as all of a chat has arrived, so that Poe works while
 * the chat is read and stored. There is never more than one request.
 */
export class ChatReader {
  readonly #stored: Stored;
  readonly #chats: Pick<Chats, 'read'>;
  readonly #options: ListOptions;
  #next: Requested | undefined;

  constructor(stored: Stored, chats: Pick<Chats, 'read'>, options: ListOptions) {
    this.#stored = stored;
    this.#chats = chats;
    this.#options = options;
  }

  /**
   * @param next the chat that is read next; undefined if there is none, or a pause is needed before
   * @returns undefined if the chat was deleted meanwhile: the next complete list shows that
   * @throws PoeError
   */
  async read(chat: Chat, next: Chat | undefined): Promise<ChatCopy | undefined> {
    const requested = this.#next?.chat === chat ? this.#next : this.#request(chat);
    this.#next = undefined;
    if (next) {
      requested.onArrival = () => (this.#next = this.#request(next));
      if (requested.hasArrived) requested.onArrival();
    }
    return requested.copy;
  }

  /** Waits until nothing is requested any more. */
  async settle(): Promise<void> {
    await this.#next?.copy.catch(() => {});
  }

  #request(chat: Chat): Requested {
    const onArrival = () => {
      requested.hasArrived = true;
      requested.onArrival?.();
    };
    const requested: Requested = {chat, copy: this.#read(chat, onArrival), hasArrived: false, onArrival: undefined};
    // `read` throws the error.
    requested.copy.catch(() => {});
    return requested;
  }

  async #read(chat: Chat, onArrival: () => void): Promise<ChatCopy | undefined> {
    const read: Message[] = [];
    try {
      const {messages} = await this.#chats.read(chat, {...this.#options, onArrival});
      // A chat on this machine costs no request, and the times of an imported one may be in any order.
      const isKnown = this.#stored.known.has(chat) && !isLocalChat(chat);
      let known = 0;
      for await (const message of messages) {
        read.push(message);
        known = isKnown && this.#stored.archive.has(chat, message) ? known + 1 : 0;
        if (known === knownBeforeEnd) return {chat, messages: read, isAll: false};
      }
      return {chat, messages: read, isAll: true};
    } catch (error) {
      if (error instanceof PoeError && error.code === 'chat_not_found') return undefined;
      throw error;
    }
  }
}
