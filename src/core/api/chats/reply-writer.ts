import {PoeError} from '../../errors.js';
import type {Chat} from '../../model.js';
import type {ReplyProgress} from '../protocols/protocol.js';
import type {Entry, StoredMessage} from './chat-log.js';
import type {LocalChats} from './local-chats.js';
import {hasThoughts} from './reply-block.js';

/** How much of a reply may be lost if the program is killed. */
const writeEveryMs = 250;
/**
 * A reply whose text was replaced is written again as a whole. Each time, the pause before the next write grows by this
 * factor, to limit the size of the log.
 */
const slowdown = 1.1;

/**
 * Stores a reply in its chat while it arrives, in case the program is killed, and at its end. As long as the bot only adds
 * text, each write contains only what was added. Does nothing if the chat has been deleted.
 */
export class ReplyWriter {
  readonly #chats: LocalChats;
  readonly #chat: Chat;
  readonly #reply: StoredMessage;
  /** A chat that ends with the program needs no copy of a reply that has not ended. */
  readonly #isTemporary: boolean;
  #latest: ReplyProgress | undefined;
  /** The reply in the log, without its text; undefined if the log does not contain it. */
  #stored: Details | undefined;
  /** What was added to the text since the last write; undefined if the text has changed otherwise. */
  #added: string | undefined = '';
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pauseMs = writeEveryMs;
  #hasEnded = false;

  constructor(chats: LocalChats, chat: Chat, reply: StoredMessage) {
    this.#chats = chats;
    this.#chat = chat;
    this.#reply = reply;
    this.#isTemporary = chats.isTemporary(chat);
  }

  /** Schedules a write. The first one is done when this returns. A failure to write is not reported. */
  async update(progress: ReplyProgress): Promise<void> {
    this.#take(progress);
    if (this.#hasEnded || this.#isTemporary || isEmpty(progress)) return;
    if (this.#writing) this.#timer ??= setTimeout(() => this.#writeNext(), this.#pauseMs).unref();
    else await (this.#writing = this.#write());
  }

  /** Stores the reply as it ended, unless it is empty. @throws PoeError `store` */
  async end(progress: ReplyProgress, state: string): Promise<void> {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    await this.#writing;
    if (progress !== this.#latest) this.#take(progress);
    try {
      if (!isEmpty(progress)) await this.#store(progress, state);
      else if (this.#stored) await this.#add({type: 'delete', messageIds: [this.#reply.messageId]});
    } catch (error) {
      if (!(error instanceof PoeError && error.code === 'chat_not_found')) throw error;
    }
  }

  /** Notes what was added. The whole text is not compared unless it may have been replaced: that takes longer the longer it is. */
  #take(progress: ReplyProgress): void {
    const added = progress.added ? progress.added.text : addedText(this.#latest?.text ?? '', progress.text);
    this.#added = added === undefined || this.#added === undefined ? undefined : this.#added + added;
    this.#latest = progress;
  }

  #writeNext(): void {
    this.#timer = undefined;
    this.#writing = this.#writing?.then(() => this.#write());
  }

  /** After a failure nothing is written until the end: the log would have a gap. */
  async #write(): Promise<void> {
    if (this.#hasEnded || !this.#latest) return;
    try {
      await this.#store(this.#latest, 'incomplete');
    } catch {
      this.#hasEnded = true;
    }
  }

  async #store(progress: ReplyProgress, state: string): Promise<void> {
    const [stored, added] = [this.#stored, this.#added];
    this.#stored = detailsOf(progress);
    this.#added = '';
    try {
      if (stored && added !== undefined && isEqual(stored, this.#stored)) {
        if (added !== '' || state !== 'incomplete') await this.#add(this.#toAddition(added, state));
      } else {
        await this.#add(this.#toMessage(progress, state, stored !== undefined));
        if (stored) this.#pauseMs *= slowdown;
      }
    } catch (error) {
      [this.#stored, this.#added] = [stored, undefined];
      throw error;
    }
  }

  #toMessage(
    {text, contentType, files, suggestedReplies, blocks, sources = []}: ReplyProgress,
    state: string,
    isStored: boolean,
  ): StoredMessage {
    return {
      ...this.#reply,
      text,
      ...(contentType !== undefined && {contentType}),
      state,
      ...(isStored && {replaces: this.#reply.messageId}),
      ...(files.length > 0 && {attachments: [...files]}),
      ...(suggestedReplies.length > 0 && {suggestedReplies: [...suggestedReplies]}),
      ...(blocks && hasThoughts(blocks) && {blocks: [...blocks]}),
      ...(sources.length > 0 && {sources: [...sources]}),
    };
  }

  #toAddition(text: string, state: string): Entry {
    return {type: 'more', messageId: this.#reply.messageId, text, ...(state !== 'incomplete' && {state})};
  }

  #add(entry: Entry): Promise<void> {
    return this.#chats.add(this.#chat, entry);
  }
}

/** All of a reply that is stored, except its text. */
type Details = Pick<ReplyProgress, 'contentType' | 'files' | 'suggestedReplies'> & {
  hasThoughts: boolean;
  sourceCount: number;
};

const detailsOf = ({contentType, files, suggestedReplies, blocks = [], sources = []}: ReplyProgress): Details => ({
  contentType,
  files,
  suggestedReplies,
  hasThoughts: hasThoughts(blocks),
  sourceCount: sources.length,
});

/** Files, suggested replies and sources are only added. Thoughts are known at the end. */
const isEqual = (one: Details, other: Details): boolean =>
  one.contentType === other.contentType &&
  one.files.length === other.files.length &&
  one.suggestedReplies.length === other.suggestedReplies.length &&
  one.hasThoughts === other.hasThoughts &&
  one.sourceCount === other.sourceCount;

/** @returns undefined if the text was replaced */
const addedText = (before: string, after: string): string | undefined =>
  after.slice(0, before.length) === before ? after.slice(before.length) : undefined;

const isEmpty = ({text, files}: ReplyProgress): boolean => text === '' && files.length === 0;
