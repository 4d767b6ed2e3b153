import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import type {Chat} from '../../core/model.js';
import {confirm} from '../shared/ask-user.js';

export const deleteChat = (context: Context) =>
  new Command('delete-chat')
    .summary('Delete chats')
    .description('Delete chats permanently. Asks for confirmation; without a terminal, --yes is required.')
    .argument('<chat...>', 'Chat IDs, codes, URLs, or "last"')
    .option('-y, --yes', 'Do not ask for confirmation')
    .action(async (names: string[], {yes = false}: {yes?: boolean}) => {
      const chats = await findChats(names, context);
      const [first] = chats;
      const title = first && 'title' in first && first.title ? `"${first.title}"` : names[0];
      const what = chats.length === 1 ? `the chat ${title}` : `${chats.length} chats`;
      if (!yes) await confirm(`Delete ${what} permanently?`, context);
      for (const [done, chat] of chats.entries()) {
        await context.client.chats.delete(chat, {signal: context.signal}).catch((error: unknown) => {
          if (done > 0) context.output.note(`Deleted ${done} of ${chats.length} chats.`);
          throw error;
        });
        await context.forget(chat);
      }
      context.output.result({deleted: chats.length}, ({deleted}) =>
        deleted === 1 ? 'Deleted 1 chat' : `Deleted ${deleted} chats`,
      );
    });

/** The chats, each once. A missing one is reported before any chat is deleted. */
async function findChats(names: readonly string[], context: Context): Promise<(Chat | {chatId: number})[]> {
  const chats = new Map<number, Chat | {chatId: number}>();
  for (const name of names) {
    const ref = await context.chat(name);
    const chat = 'chatId' in ref ? ref : await context.client.chats.find(ref, {signal: context.signal});
    chats.set(chat.chatId, chat);
  }
  return [...chats.values()];
}
