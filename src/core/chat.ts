import type {ClientSendOptions} from './client.js';
import type {Chat} from './model.js';
import type {CallOptions} from './options.js';
import type {Reply} from './reply.js';

/** How to send to a chat that is known. */
type SendOptions = Omit<ClientSendOptions, 'chat'>;

/** What a backend can do to a chat. */
export interface ChatActions {
  send(chat: Chat, text: string, options?: SendOptions): Promise<Reply>;
  setTitle(chat: Chat, title: string, options?: CallOptions): Promise<Chat>;
  clearContext(chat: Chat, options?: CallOptions): Promise<void>;
  setContextOptimization(chat: Chat, isOn: boolean, options?: CallOptions): Promise<void>;
  delete(chat: Chat, options?: CallOptions): Promise<void>;
}

/** A chat that one is in: what is known of it, and what can be done to it. Each method throws PoeError. */
export class ChatHandle implements Chat {
  id: string;
  chatId: number;
  chatCode: string | null;
  title: string | null;
  bot: string | null;
  lastInteractionTime: string | null;
  readonly #actions: ChatActions;
  #isRenamed = false;

  constructor(chat: Chat, actions: ChatActions) {
    this.id = chat.id;
    this.chatId = chat.chatId;
    this.chatCode = chat.chatCode;
    this.title = chat.title;
    this.bot = chat.bot;
    this.lastInteractionTime = chat.lastInteractionTime;
    this.#actions = actions;
  }

  /** @internal Takes over what has become known meanwhile. */
  learn({title, ...chat}: Chat): void {
    Object.assign(this, chat);
    if (!this.#isRenamed) this.title = title;
  }

  /** Sends a further message, to the chat's bot unless another one is named. */
  send(text: string, options?: SendOptions): Promise<Reply> {
    return this.#actions.send(this.toJSON(), text, options);
  }

  async setTitle(title: string, options?: CallOptions): Promise<void> {
    const renamed = await this.#actions.setTitle(this.toJSON(), title, options);
    this.title = renamed.title;
    this.#isRenamed = true;
  }

  /** Has the bot forget what was said before; the messages stay. */
  clearContext(options?: CallOptions): Promise<void> {
    return this.#actions.clearContext(this.toJSON(), options);
  }

  /** Whether Poe shortens what is sent along of the chat, which costs less. */
  setContextOptimization(isOn: boolean, options?: CallOptions): Promise<void> {
    return this.#actions.setContextOptimization(this.toJSON(), isOn, options);
  }

  /** Deletes the chat for good. */
  delete(options?: CallOptions): Promise<void> {
    return this.#actions.delete(this.toJSON(), options);
  }

  /** What is known of the chat, as plain data. */
  toJSON(): Chat {
    const {id, chatId, chatCode, title, bot, lastInteractionTime} = this;
    return {id, chatId, chatCode, title, bot, lastInteractionTime};
  }
}
