import {PoeError} from '../core/errors.js';
import {isSameChat} from '../core/chat-ref.js';
import type {Journal, UnfinishedMessage} from '../core/journal.js';
import type {Log} from '../core/log.js';
import type {Chat} from '../core/model.js';
import {isLocalChat} from '../core/local-code.js';
import type {ChatRef} from '../core/chat-ref.js';
import {isSameDeployment} from './deployment.js';
import type {LastChatFile, LastChat} from '../store/last-chat.js';

interface Surroundings {
  profile: () => string;
  site: () => Promise<string>;
  kept: () => Promise<LastChatFile>;
  /** Looks for a message on Poe; undefined where there is no way to look. */
  find: () => Promise<((message: UnfinishedMessage) => Promise<Chat | undefined>) | undefined>;
  journal: () => Promise<Journal>;
  note: (text: string) => void;
  log: Log;
}

/** What `last` means: the chat that a profile used last, also where poe did not live to hear that its message was taken. */
export class LastChats {
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** @throws PoeError `chat_not_found` where there is none */
  async last(): Promise<ChatRef | Chat> {
    const {kept, site, profile} = this.#around;
    const last = (await kept()).read();
    const unheard = await this.#unheardOf(last?.at);
    if (unheard) return unheard;
    if (last && (isLocalChat(last.chat) || isSameDeployment(last.site, await site()))) return last.chat;
    throw new PoeError('chat_not_found', `The profile ${profile()} has not used a chat yet`, {
      hint: 'Begin one with: poe "…". Or name a chat by its number, code or address; poe history lists them.',
    });
  }

  /** Makes a chat the last one. That it cannot be kept is no failure. */
  async remember(chat: Chat): Promise<void> {
    const {site, journal} = this.#around;
    // What is on its way left before, also where the clock was put back since.
    const [left] = (await journal()).unfinished();
    const at = new Date(Math.max(Date.now(), left?.leftAt ?? 0)).toISOString();
    await this.#write({chat, site: await site(), at});
  }

  async renamed(chat: Chat): Promise<void> {
    await this.#changeLast((last) => (last.chat.chatId === chat.chatId ? {...last, chat} : last));
  }

  /** A chat is gone, or all that are on Poe, or whatever there was. */
  async forget(gone: ChatRef | Chat | 'on Poe' | 'all'): Promise<void> {
    const isOne = typeof gone === 'object';
    (await this.#around.journal()).forget(isOne ? gone : 'all');
    const isGone = (chat: Chat) => (isOne ? isSameChat(chat, gone) : gone === 'all' || !isLocalChat(chat));
    await this.#changeLast((last) => (isGone(last.chat) ? undefined : last));
  }

  /**
   * The chat of the newest message that left since then and whose reply nobody saw whole. Those that did not arrive are told of and
   * forgotten.
   */
  async #unheardOf(since = '1970-01-01'): Promise<ChatRef | Chat | undefined> {
    const {journal: open, find, note} = this.#around;
    const journal = await open();
    for (const message of journal.unfinished()) {
      const {reply, clientNonce, chatId, bot, sentAt, leftAt} = message;
      if (leftAt <= Date.parse(since)) return undefined;
      if (reply) return reply.chat;
      if (clientNonce === null && chatId !== null) return {chatId};
      const look = await find();
      if (!look) return undefined;
      const chat = await look(message);
      journal.drop(message);
      if (chat) {
        await this.remember(chat);
        return chat;
      }
      note(`The message to ${bot} of ${sentAt}, which poe lost sight of, is not on Poe.`);
    }
    return undefined;
  }

  async #changeLast(change: (last: LastChat) => LastChat | undefined): Promise<void> {
    const last = (await this.#around.kept()).read();
    const changed = last && change(last);
    if (changed !== last) await this.#write(changed);
  }

  async #write(last: LastChat | undefined): Promise<void> {
    try {
      (await this.#around.kept()).write(last);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      this.#around.log({what: 'last chat', status: `cannot be written (${String(error.code)})`});
    }
  }
}
