import type {Bot} from './bots.js';
import type {Chat, Message} from './chat.js';
import {seededCode} from './seeded.js';

/** Messages as they were when they were shared. */
export interface SharedChat {
  readonly code: string;
  readonly title: string | null;
  readonly bot: Bot;
  readonly messages: readonly Message[];
}

/** What the account has made public. It stays so, whatever becomes of the chats. */
export class Links {
  readonly #chats = new Map<string, SharedChat>();
  readonly #previews = new Map<string, string>();

  /** @returns the code of a new link */
  shareChat({title, bot}: Chat, messages: readonly Message[]): string {
    const code = seededCode(`share ${this.#chats.size + 1}`, 20);
    this.#chats.set(code, {code, title, bot, messages: messages.map(snapshot)});
    return code;
  }

  sharedChat(code: string): SharedChat | undefined {
    return this.#chats.get(code);
  }

  /**
   * @param name which app it is; it has one link only
   * @returns the code of the link
   */
  sharePreview(name: string, html: string): string {
    const code = seededCode(`preview ${name}`, 20);
    this.#previews.set(code, html);
    return code;
  }

  /** The HTML of a shared app. */
  preview(code: string): string | undefined {
    return this.#previews.get(code);
  }
}

/** A message as it is now; what is unfinished stays so far. */
const snapshot = (message: Message): Message => ({
  ...message,
  state: message.state === 'incomplete' ? 'complete' : message.state,
});
