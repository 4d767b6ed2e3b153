import {PoeError} from './errors.js';
import type {Chat} from './model.js';
import type {ReplySource, ReplyState} from './reply.js';

/** A message that is on its way: what it can be known by again, should nobody hear of it. Holds neither text nor secrets. */
export interface PendingMessage {
  /** What Poe shows the message by; null where a reply is only asked for anew. */
  clientNonce: string | null;
  /** Null where it begins a new chat. */
  chatId: number | null;
  /** The bot's handle. */
  bot: string;
  /** ISO 8601, by Poe's clock as far as it is known. */
  sentAt: string;
}

/** What is known of a message whose reply is not whole. */
export interface UnfinishedMessage extends PendingMessage {
  /** What the journal knows it by. */
  id: string;
  /** When it left, in milliseconds: by this machine's clock, but later than what was used or left before, however that was set. */
  leftAt: number;
  /** What had come of the reply; null where Poe had not said that it took the message. */
  reply: ReplyState | null;
}

/** Keeps what was sent and what came of it until the reply is whole, for the case that the program ends before that. Nothing fails by it. */
export interface Journal {
  /** A message is about to leave; it does when this has come back. */
  begin(sending: PendingMessage): JournalEntry;
  /** Newest first. */
  unfinished(): UnfinishedMessage[];
  /** Nobody needs to look for this message again. */
  drop(message: Pick<UnfinishedMessage, 'id'>): void;
  /** The chat's replies are known whole, or it is gone. */
  forget(chat: Partial<Pick<Chat, 'chatId' | 'chatCode'>> | 'all'): void;
}

export interface JournalEntry {
  /** The reply stands like this now. May be called as often as it changes. */
  keep(reply: ReplyState): void;
  /** The reply could not be followed further: what was kept stays. */
  leave(): void;
  /** Nothing is left to wait for. */
  done(): void;
}

/** Where nothing is kept. */
export const noJournal: Journal = {
  begin: () => ({keep() {}, leave() {}, done() {}}),
  unfinished: () => [],
  drop() {},
  forget() {},
};

/** A reply that is kept in the journal while it comes in. */
export function journalReply(source: ReplySource, entry: JournalEntry): ReplySource {
  const {start, actions} = source;
  entry.keep(start);
  return {
    start,
    actions,
    cancel: () => source.cancel(),
    async *updates() {
      let isOver = false;
      try {
        for await (const update of source.updates()) {
          entry.keep(update.state);
          yield update;
        }
        isOver = true;
      } catch (error) {
        isOver = error instanceof PoeError && error.code !== 'reply_lost';
        throw error;
      } finally {
        if (isOver) entry.done();
        else entry.leave();
      }
    },
  };
}

/** A reply of which only is left what was kept of it. */
export const partialReplySource = (start: ReplyState, actions: ReplySource['actions'], why: PoeError): ReplySource => ({
  start,
  actions,
  async *updates() {
    yield {state: start};
    throw why;
  },
  cancel: async () => {},
});
