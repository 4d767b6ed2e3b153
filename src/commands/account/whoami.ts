import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {account, accountLine, keyAccount} from '../shared/account-view.js';

export const whoami = (context: Context) =>
  new Command('whoami')
    .summary('Show which account you are using')
    .description('Show which account you are using, as reported by Poe.')
    .action(async () => {
      if ((await context.via()) === 'api') {
        const {account} = await context.api();
        const balance = await account.balance({signal: context.signal});
        return context.output.result(keyAccount(context.profile, balance), accountLine);
      }
      const client = await context.web();
      const settings = await client.account.settings({signal: context.signal});
      context.output.result(account(context.profile, settings), accountLine);
    });
