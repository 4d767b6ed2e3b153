import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import type {Id} from '../../core/names/id.js';
import type {Chat} from '../../core/model.js';
import {relativeTime} from '../../output/format/time.js';
import {confirm} from './ask-user.js';

export type FoundChat = Chat | {chatId: Id};

/** The most chats that are named in a question. */
const maxListed = 30;

/** Asks whether to delete chats. @throws PoeError `interrupted` if the user says no */
export async function confirmDeletion(chats: readonly FoundChat[], context: Context): Promise<void> {
  const [first] = chats;
  if (chats.length === 1 && first) return confirm(`Delete ${describe(first)} permanently?`, context);
  // With --json and without a terminal, stderr has only the error.
  if (!context.output.isJson || context.io.stderr.isTTY) list(chats, context);
  await confirm(`Delete these ${chats.length} chats permanently?`, context);
}

function list(chats: readonly FoundChat[], {output}: Context): void {
  for (const chat of chats.slice(0, maxListed)) output.question(describe(chat));
  if (chats.length > maxListed) output.question(`… and ${chats.length - maxListed} more`);
}

/**
 * Deletes chats one after another, and says how many were deleted if one fails.
 * @param options.mayBeGone whether a chat that does not exist any more is left out instead of being an error
 * @returns how many were deleted
 * @throws PoeError
 */
export async function deleteChats(
  chats: readonly FoundChat[],
  context: Context,
  {mayBeGone = false}: {mayBeGone?: boolean} = {},
): Promise<number> {
  let deleted = 0;
  for (const [index, chat] of chats.entries()) {
    try {
      if (index > 0) await context.pauseBetweenChats(chat);
      await context.client.chats.delete(chat, {signal: context.signal});
      deleted += 1;
    } catch (error) {
      if (!mayBeGone || !(error instanceof PoeError) || error.code !== 'chat_not_found') {
        if (deleted > 0) context.output.note(`Deleted ${deleted} of ${chats.length} chats.`);
        throw error;
      }
    }
    await context.forget(chat);
  }
  return deleted;
}

export const deletedText = (deleted: number): string => (deleted === 1 ? 'Deleted 1 chat' : `Deleted ${deleted} chats`);

function describe(chat: FoundChat): string {
  if (!('id' in chat)) return `chat ${chat.chatId}`;
  const details = [chat.bot, relativeTime(chat.lastInteractionTime)].filter(Boolean).join(', ');
  const title = chat.title ? `"${chat.title}"` : `the chat ${chat.chatCode ?? chat.chatId}`;
  return details === '' ? title : `${title} (${details})`;
}
