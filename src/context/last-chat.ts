import {type ChatRef, isLocalChat, isSameChat} from '../core/names/chat-ref.js';
import {PoeError} from '../core/errors.js';
import type {PendingMessage} from '../core/journal/journal.js';
import type {Chat} from '../core/model.js';
import type {LastChat} from '../store/last-chat.js';
import {isSameDeployment} from './clients/credentials.js';
import type {Invocation} from './invocation.js';

/**
 * Finds the chat of a message on poe.com. The result may also be that the message is certainly absent, or that this is
 * unknown.
 */
type FindMessage = (message: PendingMessage) => Promise<Chat | 'absent' | 'unknown'>;

/**
 * The chat that the profile used last, which users call `last`. A message in flight counts, even if poe was killed before
 * Poe had accepted it.
 */
export class LastChatOfProfile {
  readonly #invocation: Invocation;
  readonly #finder: () => Promise<FindMessage | undefined>;

  /** @param finder opens the search on poe.com; returns undefined if there is no session for it */
  constructor(invocation: Invocation, finder: () => Promise<FindMessage | undefined>) {
    this.#invocation = invocation;
    this.#finder = finder;
  }

  /** @throws PoeError `chat_not_found` if there is none */
  async read(): Promise<ChatRef | Chat> {
    const last = (await this.#invocation.lastChat()).read();
    const inFlight = await this.#chatInFlight(last?.at);
    if (inFlight) return inFlight;
    if (last && (isLocalChat(last.chat) || isSameDeployment(last.site, await this.#invocation.siteUrl()))) {
      return last.chat;
    }
    throw new PoeError('chat_not_found', 'There is no last chat', {
      remedy: this.#invocation.startsEmpty ? 'fill_sandbox' : 'choose_chat',
    });
  }

  /** Makes a chat the last one. Prints a note if it cannot be saved. */
  async set(chat: Chat): Promise<void> {
    const [newest] = (await this.#invocation.journal()).unfinished();
    // Later than every message sent before, even if the clock was set back since.
    const at = new Date(Math.max(Date.now(), newest?.startedAt ?? 0)).toISOString();
    await this.#write({chat, site: await this.#invocation.siteUrl(), at});
  }

  /** Updates the last chat if it is this one. */
  async update(chat: Chat): Promise<void> {
    await this.#change((last) => (last.chat.chatId === chat.chatId ? {...last, chat} : last));
  }

  /** Forgets a chat that was deleted, all chats on poe.com, or everything. */
  async forget(deleted: ChatRef | Chat | 'poe' | 'all'): Promise<void> {
    const isOne = typeof deleted === 'object';
    (await this.#invocation.journal()).removeChat(isOne ? deleted : 'all');
    const isDeleted = (chat: Chat) => (isOne ? isSameChat(chat, deleted) : deleted === 'all' || !isLocalChat(chat));
    await this.#change((last) => (isDeleted(last.chat) ? undefined : last));
  }

  /**
   * The chat of the newest message sent after this time whose reply did not arrive completely. Messages that are not found on
   * Poe are reported and dropped.
   */
  async #chatInFlight(since = '1970-01-01'): Promise<ChatRef | Chat | undefined> {
    const journal = await this.#invocation.journal();
    for (const message of journal.unfinished()) {
      const {reply, clientNonce, chatId, bot, sentAt, startedAt} = message;
      if (startedAt <= Date.parse(since)) return undefined;
      if (reply) return reply.chat;
      if (clientNonce === null && chatId !== null) return {chatId};
      const find = await this.#finder();
      if (!find) return undefined;
      const chat = await find(message);
      journal.remove(message);
      if (typeof chat === 'object') {
        await this.set(chat);
        return chat;
      }
      const outcome = chat === 'absent' ? 'did not reach Poe' : 'may not have reached Poe';
      this.#invocation.output.note(`The message sent to ${bot} at ${sentAt} ${outcome}.`);
    }
    return undefined;
  }

  async #change(change: (last: LastChat) => LastChat | undefined): Promise<void> {
    const last = (await this.#invocation.lastChat()).read();
    const changed = last && change(last);
    if (changed !== last) await this.#write(changed);
  }

  async #write(last: LastChat | undefined): Promise<void> {
    try {
      (await this.#invocation.lastChat()).write(last);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      this.#invocation.unsaved.show(error);
    }
  }
}
