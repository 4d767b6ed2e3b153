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
      const chosen = await named(names, context);
      const what = chosen.length === 1 ? `the chat ${titleOf(chosen[0]) ?? names[0]}` : `${chosen.length} chats`;
      if (!yes) await confirm(`Delete ${what} for good?`, context);
      for (const [done, chat] of chosen.entries()) {
        await (await context.chatsOf(chat)).delete(chat, {signal: context.signal}).catch((error: unknown) => {
          if (done > 0) context.output.note(`${done} of ${chosen.length} chats are deleted.`);
          throw error;
        });
        await context.forget(chat);
      }
      context.output.result({deleted: chosen.length}, ({deleted}) =>
        deleted === 1 ? 'Deleted 1 chat' : `Deleted ${deleted} chats`,
      );
    });

type Named = Chat | {chatId: number};

/** The chats, each once. One that is not there is found out before any is deleted. */
async function named(names: readonly string[], context: Context): Promise<Named[]> {
  const found = new Map<number, Named>();
  for (const name of names) {
    const ref = await context.chat(name);
    const chat = 'chatId' in ref ? ref : await (await context.chatsOf(ref)).find(ref, {signal: context.signal});
    found.set(chat.chatId, chat);
  }
  return [...found.values()];
}

const titleOf = (chat: Named | undefined) => (chat && 'title' in chat && chat.title ? `“${chat.title}”` : undefined);
