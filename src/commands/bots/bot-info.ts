import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import type {Bot} from '../../core/model.js';
import {points} from '../../output/format/numbers.js';
import {modelFields} from '../shared/model-view.js';

export const botInfo = (context: Context) =>
  new Command('bot-info')
    .summary('tell of a bot')
    .description(
      'Tell what Poe says of a bot: what it is, what it costs, who made it; with an API key also which parameters it takes.',
    )
    .argument('<handle>', "the bot's handle, in any letter case")
    .action(async (handle: string) => {
      const {signal} = context;
      if ((await context.via()) === 'api') {
        const {bots} = await context.api();
        return context.output.record(await bots.info(handle, {signal}), modelFields);
      }
      const {bots} = await context.web();
      const bot = await bots.info(handle, {signal});
      (await context.cache()).seeBots([{handle: bot.handle, name: bot.displayName}]);
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
