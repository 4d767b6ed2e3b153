import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import type {Id} from '../../core/names/id.js';
import {confirmDeletion, deleteChats, deletedText, type FoundChat} from '../shared/delete-chats.js';

export const deleteChat = (context: Context) =>
  new Command('delete-chat')
    .summary('Delete chats')
    .description('Delete chats permanently. Asks for confirmation; without a terminal, --yes is required.')
    .argument('<chat...>', 'Chat IDs, codes, URLs, or "last"')
    .option('-y, --yes', 'Do not ask for confirmation')
    .action(async (names: string[], {yes = false}: {yes?: boolean}) => {
      const chats = await findChats(names, {context, areShown: !yes});
      if (!yes) await confirmDeletion(chats, context);
      await deleteChats(chats, context);
      context.output.summary({deleted: chats.length}, ({deleted}) => deletedText(deleted));
    });

/** The chats, each once. A missing one is reported before any chat is deleted. */
async function findChats(
  names: readonly string[],
  {context, areShown}: {context: Context; areShown: boolean},
): Promise<FoundChat[]> {
  const chats = new Map<Id, FoundChat>();
  for (const name of names) {
    const ref = await context.chat(name);
    const chat = 'chatId' in ref && !areShown ? ref : await context.client.chats.find(ref, {signal: context.signal});
    chats.set(chat.chatId, chat);
  }
  return [...chats.values()];
}
