import {PoeError} from '../../errors.js';
import type {Chat} from '../../model.js';
import type {LocalChats} from './local-chats.js';
import type {Entry, StoredMessage} from './chat-log.js';
import type {Progress} from '../ask/progress.js';

/** What is lost of an answer when the program is killed. */
const keepEveryMs = 250;
/** How much longer it is each time until an answer that the bot writes anew is kept whole again, so that its chat stays small. */
const slowing = 1.1;

/**
 * Keeps an answer in its chat: while it comes in, for the case that the program is killed, and as it ended. Meanwhile only what is
 * new of it is written. A chat that was deleted meanwhile stays deleted.
 */
export class ReplyWriter {
  readonly #chats: LocalChats;
  readonly #chat: Chat;
  readonly #answer: StoredMessage;
  #latest: Progress | undefined;
  /** What the chat has of it. */
  #kept: Progress | undefined;
  #work: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pauseMs = keepEveryMs;
  #isOver = false;

  constructor(chats: LocalChats, chat: Chat, answer: StoredMessage) {
    this.#chats = chats;
    this.#chat = chat;
    this.#answer = answer;
  }

  /** The answer stands like this now. The first of it is kept when this has come back. That it cannot be kept is no failure. */
  async see(progress: Progress): Promise<void> {
    this.#latest = progress;
    if (this.#isOver || isEmpty(progress)) return;
    if (this.#work) this.#timer ??= setTimeout(() => this.#go(), this.#pauseMs).unref();
    else await (this.#work = this.#write());
  }

  /** Keeps the answer as it ended, unless nothing came of it. @throws PoeError `store` */
  async end(progress: Progress, state: string): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#timer);
    await this.#work;
    const {messageId} = this.#answer;
    try {
      if (!isEmpty(progress)) await this.#add(this.#whole(progress, state));
      else if (this.#kept) await this.#add({type: 'delete', messageIds: [messageId]});
    } catch (error) {
      if (!(error instanceof PoeError && error.code === 'chat_not_found')) throw error;
    }
  }

  #go(): void {
    this.#timer = undefined;
    this.#work = this.#work?.then(() => this.#write());
  }

  /** After a failure nothing more is written before the end: there would be a gap. */
  async #write(): Promise<void> {
    const latest = this.#latest;
    if (this.#isOver || !latest) return;
    try {
      const more = this.#moreThan(this.#kept, latest);
      if (more !== '') {
        await this.#add(more === undefined ? this.#whole(latest, 'incomplete') : this.#more(more));
        if (more === undefined && this.#kept) this.#pauseMs *= slowing;
      }
      this.#kept = latest;
    } catch {
      this.#isOver = true;
    }
  }

  /** What has come since; undefined where that is not all there is to tell. */
  #moreThan(kept: Progress | undefined, {text, files}: Progress): string | undefined {
    const isAdded = kept && files.length === kept.files.length && text.slice(0, kept.text.length) === kept.text;
    return isAdded ? text.slice(kept.text.length) : undefined;
  }

  #more(text: string): Entry {
    return {type: 'more', messageId: this.#answer.messageId, text};
  }

  #whole({text, files, suggestedReplies}: Progress, state: string): StoredMessage {
    return {
      ...this.#answer,
      text,
      state,
      ...(this.#kept && {replaces: this.#answer.messageId}),
      ...(files.length > 0 && {attachments: [...files]}),
      ...(suggestedReplies.length > 0 && {suggestedReplies: [...suggestedReplies]}),
    };
  }

  #add(entry: Entry): Promise<void> {
    return this.#chats.add(this.#chat, entry);
  }
}

const isEmpty = ({text, files}: Progress): boolean => text === '' && files.length === 0;
