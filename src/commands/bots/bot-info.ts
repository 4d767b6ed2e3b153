import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import type {Bot} from '../../core/model.js';
import {points} from '../../output/format/numbers.js';
import {modelFields} from '../shared/model-view.js';

export const botInfo = (context: Context) =>
  new Command('bot-info')
    .summary("Show a bot's details and price")
    .description('Show the description, price and creator of a bot. With an API key, also show its parameters.')
    .argument('<handle>', 'Bot handle')
    .action(async (handle: string) => {
      const {signal} = context;
      if ((await context.via()) === 'api') {
        const {bots} = await context.api();
        return context.output.record(await bots.info(handle, {signal}), modelFields);
      }
      const {bots} = await context.web();
      const bot = await bots.info(handle, {signal});
      (await context.cache()).addBots([{handle: bot.handle, name: bot.displayName}]);
      context.output.record(bot, fields);
    });

const fields = (bot: Bot) =>
  [
    ['Handle', bot.handle],
    ['Name', bot.displayName],
    ['Price', points(bot.displayMessagePointPrice), bot.displayMessagePointPrice],
    ['Description', bot.description],
    ['Powered by', bot.poweredBy],
    ['Introduction', bot.introduction || null],
    ['Tags', bot.tags.join(', ') || null],
    ['Model', bot.model],
    ['Number', String(bot.botId)],
    ['Picture', bot.pictureUrl],
  ] as const;
