import {Command} from 'commander';
import type {Context} from '../context.js';
import {account, accountLine} from './account.js';

export const whoami = (context: Context) =>
  new Command('whoami')
    .summary('say which account is logged in')
    .description('Say which account is logged in, as Poe sees it.')
    .action(async () => {
      const client = await context.web();
      const settings = await client.account.settings({signal: context.signal});
      context.output.result(account(context.profile, settings), accountLine);
    });
