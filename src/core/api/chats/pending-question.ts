import {PoeError} from '../../errors.js';
import type {Journal} from '../../journal.js';
import type {LocalChats} from './local-chats.js';
import type {LocalChat, StoredMessage} from './chat-log.js';

/** A question that waits for its answer to begin. */
export interface PendingQuestion {
  /** Why it could not be kept. */
  unkept: PoeError | undefined;
  /** An answer has begun, to the question as it is now. */
  stands(question: StoredMessage): Promise<void>;
  /** Nothing came of it, and it is as if it had not been asked. */
  takeBack(): Promise<void>;
}

/** Keeps a question in its chat, and in the journal that it is on its way, so that a program that is killed has not lost it. */
export async function storeQuestion(
  {chats, journal}: {chats: LocalChats; journal: Journal},
  {chat, isNew}: Pick<LocalChat, 'chat'> & {isNew: boolean},
  question: StoredMessage,
): Promise<PendingQuestion> {
  const {chatId} = chat;
  const {messageId, time} = question;
  const bot = chat.bot ?? '';
  const beginning = isNew ? [{type: 'chat' as const, bot, time}] : [];
  const unkept = await chats.add(chat, ...beginning, question).then(() => undefined, asFailure);
  const entry = journal.begin({clientNonce: null, chatId, bot, sentAt: time});
  return {
    unkept,
    async stands(now) {
      entry.done();
      journal.forget({chatId});
      if (!unkept && now.time !== time) await chats.add(chat, {...now, replaces: messageId}).catch(asFailure);
    },
    async takeBack() {
      entry.done();
      if (unkept) return;
      await (isNew ? chats.delete(chat) : chats.add(chat, {type: 'delete', messageIds: [messageId]})).catch(asFailure);
    },
  };
}

function asFailure(error: unknown): PoeError {
  if (error instanceof PoeError) return error;
  throw error;
}
