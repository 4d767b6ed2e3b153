import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import type {Bot} from '../../core/model.js';
import type {ModelBot} from '../../core/model-bot.js';
import {botFields, parameterColumns} from '../shared/view/bot-view.js';

export const botInfo = (context: Context) =>
  new Command('bot-info')
    .summary("Show a bot's details and price")
    .description('Show the description, price, creator and parameters of a bot.')
    .argument('<handle>', 'Bot handle')
    .option('--params', 'List only the parameters of the bot')
    .option('--fresh', 'Download the list of bots again (cached for an hour)')
    .action(async (handle: string, {params = false, fresh}: {params?: boolean; fresh?: boolean}) => {
      const bot = await context.client.bots.info(handle, {isFresh: fresh, signal: context.signal});
      (await context.cache()).addBots([{handle: bot.handle, name: bot.displayName}]);
      if (params) await listParameters(context, bot);
      else context.output.record(await withPrices(context, bot), botFields);
    });

/** Adds Poe's price list if the price is not shown with the bot. */
async function withPrices(
  {client, signal}: Context,
  bot: Bot | ModelBot,
): Promise<ModelBot | (Bot & {rateCard?: string | null})> {
  if ('pricesUsd' in bot || bot.displayMessagePointPrice !== null) return bot;
  return {...bot, rateCard: await client.bots.rateCard(bot, {signal})};
}

async function listParameters({output}: Context, bot: Bot | ModelBot): Promise<void> {
  const {listedParameters} = await import('../../context/clients/bot-parameters.js');
  const parameters = listedParameters(bot);
  await output.list(iterate(parameters), parameterColumns(parameters), {empty: 'The bot has no parameters.'});
}

async function* iterate<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* items;
}
