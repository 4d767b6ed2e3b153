import {Command} from 'commander';
import type {Context} from '../context.js';
import {confirmByWord} from './prompt.js';

export const purge = (context: Context) =>
  new Command('purge')
    .summary('delete all chats of the account')
    .description(
      'Delete every chat of the account for good. It asks you to type a word; without a terminal it needs --yes.',
    )
    .option('-y, --yes', 'do not ask')
    .action(async ({yes = false}: {yes?: boolean}) => {
      const {chats} = await context.web();
      if (!yes) await confirmByWord('This deletes every chat of the account for good.', 'purge', context);
      await chats.purge({signal: context.signal});
      await context.forget('all');
      context.output.result({purged: true}, () => 'All chats are deleted');
    });
