import {PoeError} from '../errors.js';
import type {Chat, Message} from '../model.js';
import {forwards} from '../pages.js';
import type {CallOptions, Wire} from './wire.js';

/** How a person names a chat: by its number or by the code in its address. */
export type ChatRef = {chatId: number} | {chatCode: string};

const pageSize = 50;
/** A chat named by its number is looked for among this many of the newest. */
const mostLookedAt = 1_000;

/** The account's chats. */
export class Chats {
  readonly #wire: Wire;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** @throws PoeError `chat_not_found` */
  async find(ref: ChatRef, options?: CallOptions): Promise<Chat> {
    if ('chatCode' in ref) return (await this.#page(ref.chatCode, options)).chat;
    let looked = 0;
    for await (const chat of this.history(options)) {
      if (chat.chatId === ref.chatId)
        return chat.bot === null && chat.chatCode ? this.find({chatCode: chat.chatCode}, options) : chat;
      if (++looked === mostLookedAt) break;
    }
    const among = looked === mostLookedAt ? ` among the newest ${mostLookedAt} chats` : ' in this account';
    throw notThere(String(ref.chatId), `There is no chat ${ref.chatId}${among}`);
  }

  /** Looks whether a chat is still there. @throws PoeError `chat_not_found` */
  async check({chatId, chatCode}: Chat, options?: CallOptions): Promise<void> {
    await this.find(chatCode === null ? {chatId} : {chatCode}, options);
  }

  /** The account's chats, newest first; no page is asked for before it is needed. */
  history(options?: CallOptions): AsyncGenerator<Chat, void, undefined> {
    return forwards(async (cursor) => {
      const {chats} = await this.#wire.call(
        'history',
        {count: pageSize, ...(cursor !== undefined && {cursor})},
        options,
      );
      return chats;
    });
  }

  /** The newest messages of a chat, oldest first. @throws PoeError `chat_not_found` */
  async messages(chat: Chat, options?: CallOptions): Promise<Message[]> {
    const code = chat.chatCode ?? (await this.find({chatId: chat.chatId}, options)).chatCode;
    return code === null ? [] : (await this.#page(code, options)).messages;
  }

  /** Where a person can see a chat. */
  address({chatCode}: Chat): string {
    return new URL(chatCode ? `/chat/${chatCode}` : '/chats', this.#wire.session.http.site).href;
  }

  async #page(chatCode: string, options?: CallOptions): Promise<{chat: Chat; messages: Message[]}> {
    try {
      const {chatOfCode} = await this.#wire.call('chatPage', {chatCode}, options);
      if (!chatOfCode) throw notThere(chatCode, `There is no chat ${chatCode} in this account`);
      const {messagesConnection, ...chat} = chatOfCode;
      return {chat: {...chat, chatCode: chat.chatCode ?? chatCode}, messages: messagesConnection?.nodes ?? []};
    } catch (error) {
      // Poe answers “Server Error” to more than one thing; for a code it does not know that is all it says.
      if (!(error instanceof PoeError && error.code === 'refused')) throw error;
      throw notThere(chatCode, `Poe shows no chat ${chatCode} (${error.message})`, error);
    }
  }
}

const notThere = (name: string, message: string, cause?: unknown) =>
  new PoeError('chat_not_found', message, {hint: `Check ${name} against the chat's address on poe.com.`, cause});
