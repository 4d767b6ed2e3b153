import {PoeError} from '../../errors.js';
import type {Journal, JournalEntry} from '../../journal/journal.js';
import type {LocalChat, StoredMessage} from './chat-log.js';
import type {LocalChats} from './local-chats.js';

/** A message that has been sent, but whose reply has not started. */
export interface PendingQuestion {
  /** Why the message could not be stored. */
  storeError: PoeError | undefined;
  /** The message in the journal. */
  entry: JournalEntry;
  /**
   * The reply has started.
   * @param message with the time by Poe's clock
   * @param options.isInFlight whether the reply can be found by the journal later, so that its entry stays
   */
  confirm(message: StoredMessage, options?: {isInFlight: boolean}): Promise<void>;
  /** The message failed: removes it from its chat. */
  withdraw(): Promise<void>;
}

/** A message that is not stored. */
export const unstoredQuestion: PendingQuestion = {
  storeError: undefined,
  entry: {update() {}, flush() {}, remove() {}},
  confirm: async () => {},
  withdraw: async () => {},
};

/** Where a message belongs. */
interface NewQuestion extends Pick<LocalChat, 'chat'> {
  isNew: boolean;
  /** Instructions that are new with this message. */
  system?: string | undefined;
  /** The messages before it that a new chat begins with. */
  earlier?: readonly StoredMessage[];
}

/**
 * Stores a message in its chat and in the journal before it is sent, so that it is not lost if the program is killed.
 */
export async function storeQuestion(
  {chats, journal}: {chats: LocalChats; journal: Journal},
  {chat, isNew, system, earlier = []}: NewQuestion,
  message: StoredMessage,
): Promise<PendingQuestion> {
  const {chatId} = chat;
  const {messageId, time} = message;
  const bot = chat.bot ?? '';
  const header = isNew ? [{type: 'chat' as const, bot, time}] : [];
  const instructions = system === undefined ? [] : [{type: 'system' as const, text: system}];
  const storeError = await chats
    .add(chat, ...header, ...instructions, ...earlier, message)
    .then(() => undefined, toPoeError);
  const entry = journal.add({clientNonce: null, chatId, bot, sentAt: time});
  return {
    storeError,
    entry,
    async confirm(confirmed, {isInFlight} = {isInFlight: false}) {
      if (!isInFlight) {
        entry.remove();
        journal.removeChat({chatId});
      }
      if (storeError || confirmed.time === time) return;
      await chats.add(chat, {...confirmed, replaces: messageId}).catch(toPoeError);
    },
    async withdraw() {
      entry.remove();
      if (storeError) return;
      const removed = isNew ? chats.delete(chat) : chats.add(chat, {type: 'delete', messageIds: [messageId]});
      await removed.catch(toPoeError);
    },
  };
}

/** @throws anything that is not a PoeError */
function toPoeError(error: unknown): PoeError {
  if (error instanceof PoeError) return error;
  throw error;
}
