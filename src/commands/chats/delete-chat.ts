import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import type {Chat} from '../../core/model.js';
import {relativeTime} from '../../output/format/time.js';
import {confirm} from '../shared/ask-user.js';
import type {Id} from '../../core/names/id.js';

export const deleteChat = (context: Context) =>
  new Command('delete-chat')
    .summary('Delete chats')
    .description('Delete chats permanently. Asks for confirmation; without a terminal, --yes is required.')
    .argument('<chat...>', 'Chat IDs, codes, URLs, or "last"')
    .option('-y, --yes', 'Do not ask for confirmation')
    .action(async (names: string[], {yes = false}: {yes?: boolean}) => {
      const chats = await findChats(names, {context, areShown: !yes});
      if (!yes) await confirm(question(chats, context), context);
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

type Found = Chat | {chatId: Id};

/** Names the chat to delete, or lists several. */
function question(chats: readonly Found[], {output}: Context): string {
  const [first] = chats;
  if (chats.length === 1 && first) return `Delete ${describe(first)} permanently?`;
  for (const chat of chats) output.note(describe(chat));
  return `Delete these ${chats.length} chats permanently?`;
}

function describe(chat: Found): string {
  if (!('id' in chat)) return `chat ${chat.chatId}`;
  const details = [chat.bot, relativeTime(chat.lastInteractionTime)].filter(Boolean).join(', ');
  const title = chat.title ? `"${chat.title}"` : `the chat ${chat.chatCode ?? chat.chatId}`;
  return details === '' ? title : `${title} (${details})`;
}

/** The chats, each once. A missing one is reported before any chat is deleted. */
async function findChats(
  names: readonly string[],
  {context, areShown}: {context: Context; areShown: boolean},
): Promise<Found[]> {
  const chats = new Map<Id, Found>();
  for (const name of names) {
    const ref = await context.chat(name);
    const chat = 'chatId' in ref && !areShown ? ref : await context.client.chats.find(ref, {signal: context.signal});
    chats.set(chat.chatId, chat);
  }
  return [...chats.values()];
}
