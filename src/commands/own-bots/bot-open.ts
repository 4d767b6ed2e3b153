import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import {openExternally} from '../shared/open-externally.js';
import {requireOwnBot} from './require-own-bot.js';

export const botOpen = (context: Context) =>
  new Command('open')
    .summary('Open the page of one of your bots')
    .description('Open the page of a bot of yours in your browser.')
    .argument('<handle>', 'Handle of the bot')
    .action(async (name: string) => {
      const {handle} = await requireOwnBot(name, context);
      const url = await context.webProfile.botUrl(handle);
      if (!(await openExternally(url, context.io.env)))
        throw new PoeError('file', 'No program could be started to open it', {hint: `Open it yourself: ${url}`});
      context.output.result({opened: url}, () => `Opened ${url}`);
    });
