import {Command, InvalidArgumentError, Option} from 'commander';
import type {Context} from '../../context/context.js';
import {addExamples, type Example} from '../shared/options/examples.js';
import {PoeError} from '../../core/errors.js';
import type {BotFilter, BotOrder} from '../../core/model-bot.js';
import {onPage} from '../shared/options/option-pages.js';
import {parseSince, sinceDate} from '../shared/options/parse-since.js';
import {addLimit, limitOf} from '../shared/options/parse-count.js';
import {listUsers} from '../shared/view/list-items.js';
import {listOwnBots} from '../own-bots/list-own-bots.js';
import {listPricedBots} from './list-priced-bots.js';

const defaultLimit = 20;

interface ExploreFlags {
  bot?: string;
  user?: string;
  category?: string;
  input?: string;
  output?: string;
  feature?: string;
  endpoint?: string;
  owner?: string;
  free?: boolean;
  maxPrice?: number;
  since?: Date;
  sort?: BotOrder;
  fresh?: boolean;
  mine?: boolean;
  prices?: boolean;
}

export const explore = (context: Context) =>
  addLimit(
    addFilters(
      addExamples(new Command('explore'), examples)
        .summary('Find bots and users')
        .description(
          'Search bots or users, or list the bots of a category. Without a query, list the bots that Poe features, or those of the API with their token prices.',
        )
        .argument('[query...]', 'Text to search for (same as --bot)')
        .addOption(new Option('--bot <query>', 'Search bots'))
        .addOption(new Option('--user <query>', 'Search users').conflicts(['bot', 'category']))
        .addOption(
          new Option('--category <category>', 'List the bots of a category (see poe categories)').conflicts('bot'),
        )
        .addOption(new Option('--mine', 'List your own bots').conflicts(['bot', 'user', 'category'])),
    ),
    defaultLimit,
    'bots or users',
  ).action(async (words: string[], flags: ExploreFlags, command: Command) => {
    const query = queryOf(words, flags);
    if (flags.mine) {
      if (query !== undefined)
        throw new PoeError('usage', 'A query and --mine cannot be combined', {hint: 'Omit the query.'});
      await listOwnBots(context, {limit: limitOf(command, defaultLimit)});
      return;
    }
    const options = {limit: limitOf(command, defaultLimit), signal: context.signal};
    const {bots, users} = context.client;
    if (flags.user !== undefined) {
      await listUsers(context, users.search(flags.user, options), 'No users match.');
      return;
    }
    const filter = filterOf(flags);
    const needsPrices = flags.free === true || flags.maxPrice !== undefined || flags.sort === 'price';
    await listPricedBots(context, {isRequested: flags.prices, needsPrices}, (prices) => {
      const all = {...options, ...prices, filter, isFresh: flags.fresh};
      return query === undefined ? bots.explore(flags.category, all) : bots.search(query, all);
    });
  });

function addFilters(command: Command): Command {
  const options = [
    new Option('--input <kind>', 'Only bots that accept text, image, audio or video'),
    new Option('--output <kind>', 'Only bots that make text, image, audio or video'),
    new Option('--feature <name>', 'Only bots with a feature: tools or web_search'),
    new Option('--endpoint <path>', 'Only bots with an endpoint such as messages'),
    new Option('--owner <company>', 'Only bots of a company'),
    new Option('--free', 'Only free bots'),
    new Option('--max-price <points>', 'Only bots whose messages usually cost at most this').argParser(parsePoints),
    new Option('--since <time>', 'Only bots added since then, such as 2w').argParser((text) =>
      sinceDate(parseSince(text)),
    ),
    new Option('--sort <order>', 'Order: new (default with a key), price or context').choices([
      'new',
      'price',
      'context',
    ]),
    new Option('--prices', 'Look up prices that are not in the list (default: only on a terminal)'),
    new Option('--no-prices', 'Do not look up prices'),
    new Option('--fresh', 'Download the list (cached for an hour) and prices (a day) again'),
  ];
  for (const option of options) command.addOption(onPage(option, 'Filters'));
  return command;
}

function filterOf({input, output, feature, endpoint, owner, free, maxPrice, since, sort}: ExploreFlags): BotFilter {
  return {input, output, feature, endpoint, owner, isFree: free, maxPrice, since, sort};
}

function parsePoints(value: string): number {
  const points = Number(value);
  if (value.trim() !== '' && Number.isFinite(points) && points >= 0) return points;
  throw new InvalidArgumentError('Expected a number of points.');
}

function queryOf(words: readonly string[], flags: ExploreFlags): string | undefined {
  const query = words.join(' ').trim();
  const other = (['bot', 'user', 'category'] as const).find((name) => flags[name] !== undefined);
  if (query === '') return flags.bot;
  if (other === undefined) return query;
  throw new PoeError('usage', `A query and --${other} cannot be combined`, {hint: 'Use only one of them.'});
}

const examples: readonly Example[] = [
  ['poe explore deepseek'],
  ['poe explore --category Reasoning --all'],
  ['poe explore claude --max-price 100'],
];
