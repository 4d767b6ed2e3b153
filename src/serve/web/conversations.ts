import {type ErrorCode, PoeError} from '../../core/errors.js';
import type {Chat} from '../../core/model.js';
import type {Reply} from '../../core/reply.js';
import type {ServedChats} from '../../store/serve/served-chats.js';
import {ServeError} from '../errors/serve-error.js';
import type {RequestFile, Turn} from '../formats/chat-request.js';
import {conversationKey, type Partner} from './conversation-key.js';
import {firstMessage, nextMessage} from './first-message.js';

/** A message to Poe: the text, its files, and the chat that it continues. */
interface OutgoingMessage {
  text: string;
  files: RequestFile[];
  chat?: Chat;
}

export type SendMessage = (message: OutgoingMessage) => Promise<Reply>;

/** Whether the message may be in the chat after an error. A ServeError says that the request is invalid. */
const mayBeSent = (error: unknown): boolean =>
  error instanceof PoeError ? uncertain.has(error.code) : !(error instanceof ServeError);

const uncertain: ReadonlySet<ErrorCode> = new Set(['delivery_unknown', 'reply_lost', 'interrupted']);

/**
 * Gives each conversation a chat on Poe. Programs send the whole conversation with each request: if its earlier turns are those of a
 * chat, only the new turn is sent there. Otherwise a new chat starts, whose first message has all turns.
 */
export class Conversations {
  readonly #chats: ServedChats;
  readonly #onFailure: (error: PoeError) => void;

  /** @param onFailure called if chats cannot be read or stored: the conversation then goes on in a new chat */
  constructor(chats: ServedChats, {onFailure}: {onFailure: (error: PoeError) => void}) {
    this.#chats = chats;
    this.#onFailure = onFailure;
  }

  /** Sends the last turn. @throws PoeError */
  async continue(partner: Partner, turns: readonly Turn[], send: SendMessage): Promise<Reply> {
    const chat = await this.#chatOf(partner, turns);
    const last = turns.at(-1);
    if (!chat || !last) return this.#start(partner, turns, send);
    try {
      return await send({...nextMessage(last), chat});
    } catch (error) {
      if (mayBeSent(error)) throw error;
      if (!(error instanceof PoeError && error.code === 'chat_not_found')) {
        await this.#store(chat, conversationKey(partner, turns.slice(0, -1)));
        throw error;
      }
      await this.#try(() => this.#chats.remove([chat.chatId]));
      return this.#start(partner, turns, send);
    }
  }

  /** Remembers the chat of a conversation, whose last turn is a complete reply. */
  async remember(chat: Chat, partner: Partner, turns: readonly Turn[]): Promise<void> {
    await this.#store(chat, conversationKey(partner, turns));
  }

  async #start({system}: Partner, turns: readonly Turn[], send: SendMessage): Promise<Reply> {
    const reply = await send(firstMessage(system, turns));
    // Also if this process is killed before the reply is complete, the chat is known as one of the server.
    await this.#store(reply.chat.toJSON(), null);
    return reply;
  }

  async #chatOf(partner: Partner, turns: readonly Turn[]): Promise<Chat | undefined> {
    if (turns.length < 2) return undefined;
    return this.#try(() => this.#chats.take(conversationKey(partner, turns.slice(0, -1))));
  }

  async #store(chat: Chat, key: string | null): Promise<void> {
    await this.#try(() => this.#chats.put(chat, key));
  }

  async #try<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PoeError)) throw error;
      this.#onFailure(error);
      return undefined;
    }
  }
}
