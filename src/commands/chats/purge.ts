import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {confirmByWord} from '../shared/ask-user.js';

export const purge = (context: Context) =>
  new Command('purge')
    .summary('Delete all chats')
    .description(
      'Delete all chats of the account and all local chats permanently. Asks you to type a word; without a terminal, --yes is required. With --via web, local chats are kept; with --via api, only local chats are deleted.',
    )
    .option('-y, --yes', 'Do not ask for confirmation')
    .action(async ({yes = false}: {yes?: boolean}) => {
      const {signal} = context;
      const kinds = await context.chatKinds();
      // Who is not logged in is told so before being asked anything.
      const onPoe = kinds.onPoe ? (await context.web()).chats : undefined;
      const local = kinds.local ? await context.official.chats() : undefined;
      const hasLocal = local !== undefined && !(await local.history({limit: 1}).next()).done;
      const whose = [onPoe && 'of the account', (hasLocal || !onPoe) && 'on this machine']
        .filter(Boolean)
        .join(' and ');
      if (!yes) await confirmByWord(`This deletes every chat ${whose} for good.`, 'purge', context);
      await onPoe?.purge({signal});
      if (onPoe) await context.forget('on Poe');
      for (const chatCode of (await local?.purge()) ?? []) await context.forget({chatCode});
      context.output.result({purged: true}, () =>
        onPoe ? 'All chats are deleted' : 'All chats on this machine are deleted',
      );
    });
