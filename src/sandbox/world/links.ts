import type {Bot} from './bots.js';
import type {Chat, Message} from './chat.js';
import {seededCode} from './seeded.js';

/** A copy of messages, made when they were shared. */
export interface SharedChat {
  readonly code: string;
  readonly title: string | null;
  readonly bot: Bot;
  readonly messages: readonly Message[];
}

/** The public links of the account. They outlive the chats. */
export class Links {
  readonly #chats = new Map<string, SharedChat>();
  readonly #previews = new Map<string, string>();

  /** @returns the code of a new link */
  shareChat({title, bot}: Chat, messages: readonly Message[]): string {
    const code = seededCode(`share ${this.#chats.size + 1}`, 20);
    this.#chats.set(code, {code, title, bot, messages: messages.map(copy)});
    return code;
  }

  sharedChat(code: string): SharedChat | undefined {
    return this.#chats.get(code);
  }

  /**
   * @param name identifies the app, which always gets the same link
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

/** A copy of a message. An incomplete one counts as complete. */
const copy = (message: Message): Message => ({
  ...message,
  state: message.state === 'incomplete' ? 'complete' : message.state,
});
