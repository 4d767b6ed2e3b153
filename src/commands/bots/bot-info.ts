import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {botFields} from '../shared/bot-view.js';

export const botInfo = (context: Context) =>
  new Command('bot-info')
    .summary("Show a bot's details and price")
    .description('Show the description, price and creator of a bot. With an API key, also show its parameters.')
    .argument('<handle>', 'Bot handle')
    .action(async (handle: string) => {
      const bot = await context.client.bots.info(handle, {signal: context.signal});
      (await context.cache()).addBots([{handle: bot.handle, name: bot.displayName}]);
      context.output.record(bot, botFields);
    });
