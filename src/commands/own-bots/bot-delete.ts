import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {confirmByWord} from '../shared/ask-user.js';
import {requireOwnBot} from './require-own-bot.js';

export const botDelete = (context: Context) =>
  new Command('delete')
    .summary('Delete one of your bots')
    .description(
      'Delete a bot of yours from Poe permanently. Its folder stays. Asks you to type the handle; without a terminal, --yes is required.',
    )
    .argument('<handle>', 'Handle of the bot')
    .option('-y, --yes', 'Do not ask for confirmation')
    .action(async (name: string, {yes = false}: {yes?: boolean}) => {
      const {client, output, signal} = context;
      const bot = await requireOwnBot(name, context);
      if (!yes) await confirmByWord(`This permanently deletes the bot ${bot.handle} from Poe.`, bot.handle, context);
      await client.ownBots.delete(bot, {signal});
      output.summary({deleted: bot.handle}, () => `Deleted the bot ${bot.handle}`);
    });
