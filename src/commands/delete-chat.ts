import {Command} from 'commander';
import type {Context} from '../context.js';
import {confirm} from './prompt.js';

export const deleteChat = (context: Context) =>
  new Command('delete-chat')
    .summary('delete chats')
    .description('Delete chats for good. It asks first; without a terminal it needs --yes.')
    .argument('<chat...>', "the chats' numbers, codes or addresses, or last")
    .option('-y, --yes', 'do not ask')
    .action(async (names: string[], {yes = false}: {yes?: boolean}) => {
      const {chats} = await context.web();
      const refs = await Promise.all(names.map((name) => context.chat(name)));
      if (!yes)
        await confirm(
          `Delete ${names.length === 1 ? `the chat ${names[0]}` : `${names.length} chats`} for good?`,
          context,
        );
      for (const ref of refs) {
        await chats.delete(ref, {signal: context.signal});
        await context.forget(ref);
      }
      context.output.result({deleted: refs.length}, ({deleted}) =>
        deleted === 1 ? 'Deleted 1 chat' : `Deleted ${deleted} chats`,
      );
    });
