import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {accountLine} from '../shared/view/account-view.js';

export const whoami = (context: Context) =>
  new Command('whoami')
    .summary('Show which account you are using')
    .description('Show which account you are using, as reported by Poe.')
    .action(async () => {
      const identity = await context.client.account.identity({signal: context.signal});
      context.output.summary({profile: context.profile, ...identity}, accountLine);
    });
