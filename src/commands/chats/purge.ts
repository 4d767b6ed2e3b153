import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {confirmByWord} from '../shared/ask-user.js';

export const purge = (context: Context) =>
  new Command('purge')
    .summary('delete all chats of the account')
    .description(
      'Delete every chat of the account for good, and those that are on this machine: all that poe history lists. It asks you to\n' +
        'type a word; without a terminal it needs --yes. --via web spares the chats on this machine, --via api those on Poe.',
    )
    .option('-y, --yes', 'do not ask')
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
