import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {confirmByWord} from '../shared/ask-user.js';

export const purge = (context: Context) =>
  new Command('purge')
    .summary('Delete all chats')
    .description(
      'Delete all chats of the account and all local chats permanently; --via web or --via api limits this to one of them. Asks you to type a word to confirm; without a terminal, --yes is required.',
    )
    .option('-y, --yes', 'Do not ask for confirmation')
    .action(async ({yes = false}: {yes?: boolean}) => {
      const {chats} = context.client;
      const {poe, local} = await chats.locations();
      const where = [poe && 'of the account', (local || !poe) && 'on this machine'].filter(Boolean).join(' and ');
      if (!yes) await confirmByWord(`This permanently deletes every chat ${where}.`, 'purge', context);
      await chats.purge({signal: context.signal, onDeleted: (deleted) => context.forget(deleted)});
      context.output.summary({purged: true}, () => (poe ? 'Deleted all chats' : 'Deleted all chats on this machine'));
    });
