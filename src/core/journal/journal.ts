import {PoeError} from '../errors.js';
import type {Chat} from '../model.js';
import type {ReplySource, ReplyState} from '../reply.js';
import type {Id} from '../names/id.js';

/** Identifies a message that is being sent. It contains neither the text nor secrets. */
export interface PendingMessage {
  /** The nonce by which Poe shows the message; null for a retry. */
  clientNonce: string | null;
  /** Null for a new chat. */
  chatId: Id | null;
  /** The bot's handle. */
  bot: string;
  /** ISO 8601, by Poe's clock if it is known. */
  sentAt: string;
}

/** A message whose reply is not complete. */
export interface UnfinishedMessage extends PendingMessage {
  /** Identifies the journal entry. */
  id: string;
  /** When it was added, in milliseconds since 1970. Later than every earlier entry, even if the clock was set back. */
  startedAt: number;
  /** The reply so far; null if Poe has not confirmed that it accepted the message. */
  reply: ReplyState | null;
}

/** Records messages until their replies are complete, so that a reply can be found again if the program ends early. Its methods never throw. */
export interface Journal {
  /** Records a message, before it is sent. */
  add(message: PendingMessage): JournalEntry;
  /** Newest first. */
  unfinished(): UnfinishedMessage[];
  /** Removes a message that no longer needs to be found. */
  remove(message: Pick<UnfinishedMessage, 'id'>): void;
  /** Removes the messages of a chat whose replies are complete, or which is deleted. */
  removeChat(chat: Partial<Pick<Chat, 'chatId' | 'chatCode'>> | 'all'): void;
}

export interface JournalEntry {
  /** Records the reply so far. May be called for every change. */
  update(reply: ReplyState): void;
  /** Writes the last update at once: no more follow. The entry stays. */
  flush(): void;
  /** Removes the entry: the reply is complete. */
  remove(): void;
}

/** Records nothing. */
export const noJournal: Journal = {
  add: () => ({update() {}, flush() {}, remove() {}}),
  unfinished: () => [],
  remove() {},
  removeChat() {},
};

/** A reply that is recorded in the journal while it arrives. */
export function journalReply(source: ReplySource, entry: JournalEntry): ReplySource {
  const {start, actions} = source;
  entry.update(start);
  return {
    start,
    actions,
    cancel: () => source.cancel(),
    async *updates() {
      let isOver = false;
      try {
        for await (const update of source.updates()) {
          entry.update(update.state);
          yield update;
        }
        isOver = true;
      } catch (error) {
        isOver = error instanceof PoeError && error.code !== 'reply_lost';
        throw error;
      } finally {
        if (isOver) entry.remove();
        else entry.flush();
      }
    },
  };
}

/** The recorded part of a reply, followed by an error. */
export const partialReplySource = (
  start: ReplyState,
  actions: ReplySource['actions'],
  error: PoeError,
): ReplySource => ({
  start,
  actions,
  async *updates() {
    yield {state: start};
    throw error;
  },
  cancel: async () => {},
});
