import {PoeError} from '../../errors.js';
import type {Chat} from '../../model.js';
import type {ReplyProgress} from '../protocols/protocol.js';
import type {Entry, StoredMessage} from './chat-log.js';
import type {LocalChats} from './local-chats.js';

/** How much of a reply may be lost if the program is killed. */
const writeEveryMs = 250;
/**
 * A reply whose text was replaced is written again as a whole. Each time, the pause before the next write grows by this
 * factor, to limit the size of the log.
 */
const slowdown = 1.1;

/**
 * Stores a reply in its chat while it arrives, in case the program is killed, and at its end. While the reply arrives,
 * only added text is written. Does nothing if the chat has been deleted.
 */
export class ReplyWriter {
  readonly #chats: LocalChats;
  readonly #chat: Chat;
  readonly #reply: StoredMessage;
  #latest: ReplyProgress | undefined;
  #stored: ReplyProgress | undefined;
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pauseMs = writeEveryMs;
  #hasEnded = false;

  constructor(chats: LocalChats, chat: Chat, reply: StoredMessage) {
    this.#chats = chats;
    this.#chat = chat;
    this.#reply = reply;
  }

  /** Schedules a write. The first one is done when this returns. A failure to write is not reported. */
  async update(progress: ReplyProgress): Promise<void> {
    this.#latest = progress;
    if (this.#hasEnded || isEmpty(progress)) return;
    if (this.#writing) this.#timer ??= setTimeout(() => this.#writeNext(), this.#pauseMs).unref();
    else await (this.#writing = this.#write());
  }

  /** Stores the reply as it ended, unless it is empty. @throws PoeError `store` */
  async end(progress: ReplyProgress, state: string): Promise<void> {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    await this.#writing;
    try {
      if (!isEmpty(progress)) await this.#add(this.#toMessage(progress, state));
      else if (this.#stored) await this.#add({type: 'delete', messageIds: [this.#reply.messageId]});
    } catch (error) {
      if (!(error instanceof PoeError && error.code === 'chat_not_found')) throw error;
    }
  }

  #writeNext(): void {
    this.#timer = undefined;
    this.#writing = this.#writing?.then(() => this.#write());
  }

  /** After a failure nothing is written until the end: the log would have a gap. */
  async #write(): Promise<void> {
    const latest = this.#latest;
    if (this.#hasEnded || !latest) return;
    try {
      const added = addedText(this.#stored, latest);
      if (added === undefined) {
        await this.#add(this.#toMessage(latest, 'incomplete'));
        if (this.#stored) this.#pauseMs *= slowdown;
      } else if (added !== '') {
        await this.#add({type: 'more', messageId: this.#reply.messageId, text: added});
      }
      this.#stored = latest;
    } catch {
      this.#hasEnded = true;
    }
  }

  #toMessage({text, contentType, files, suggestedReplies}: ReplyProgress, state: string): StoredMessage {
    return {
      ...this.#reply,
      text,
      ...(contentType !== undefined && {contentType}),
      state,
      ...(this.#stored && {replaces: this.#reply.messageId}),
      ...(files.length > 0 && {attachments: [...files]}),
      ...(suggestedReplies.length > 0 && {suggestedReplies: [...suggestedReplies]}),
    };
  }

  #add(entry: Entry): Promise<void> {
    return this.#chats.add(this.#chat, entry);
  }
}

/** The text that was added; undefined if more than that has changed. */
function addedText(before: ReplyProgress | undefined, {text, files}: ReplyProgress): string | undefined {
  const isAddition =
    before && files.length === before.files.length && text.slice(0, before.text.length) === before.text;
  return isAddition ? text.slice(before.text.length) : undefined;
}

const isEmpty = ({text, files}: ReplyProgress): boolean => text === '' && files.length === 0;
