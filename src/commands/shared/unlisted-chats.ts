import type {Chat} from '../../core/model.js';

/** The chats of `--temporary`: they are not stored, so that poe must not remember them either. */
export class UnlistedChats {
  readonly #ids = new Set<Chat['chatId']>();

  /** @param areNew whether new chats are temporary */
  constructor(readonly areNew: boolean) {}

  has({chatId}: Pick<Chat, 'chatId'>): boolean {
    return this.#ids.has(chatId);
  }

  /** Whether a message starts a temporary chat. @param chat the one it is for; undefined for a new one */
  isNext(chat: Chat | undefined): boolean {
    return this.areNew && chat === undefined;
  }

  /** Takes the chat of a message that was sent. A copy of a temporary chat is temporary. */
  follow({chatId}: Pick<Chat, 'chatId'>, sentTo: Chat | undefined): void {
    if (sentTo ? this.has(sentTo) : this.areNew) this.#ids.add(chatId);
  }
}
