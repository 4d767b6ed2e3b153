import type {Bot} from '../../model.js';
import type {BotFilter} from '../../model-bot.js';
import type {BotListOptions, ListOptions} from '../../options.js';
import {unsupported} from '../../unsupported.js';
import {isFree, typicalPoints} from '../../spending/point-prices.js';
import {PriceLookUps, type PriceSource} from './price-look-ups.js';

/** How many bots of a list are considered for a filter or an order, unless all bots are requested: pages of it take requests, too. */
const maxCandidates = 500;

type List = (options: ListOptions) => AsyncIterable<Bot>;

/**
 * The bots of a list that match a filter, in its order, with their prices if these are requested or needed.
 * @throws PoeError `not_logged_in` for filters that only the API has
 */
export async function* filterListed(
  list: List,
  source: PriceSource,
  options: BotListOptions,
): AsyncGenerator<Bot, void, undefined> {
  const {filter = {}, limit = Infinity, withPrices = false} = options;
  rejectApiFilter(filter);
  if (limit < 1) return;
  const {isFree: mustBeFree = false, maxPrice, sort} = filter;
  const needsPrices = mustBeFree || maxPrice !== undefined || sort === 'price';
  const isChoice = needsPrices || sort !== undefined;
  const candidates = list(isChoice && limit < maxCandidates ? {...options, limit: maxCandidates} : options);
  const ordered = sort === 'new' ? newestFirst(candidates) : candidates;
  const priced = needsPrices || withPrices ? withPoints(ordered, new PriceLookUps(source, options), filter) : ordered;
  const bots = sort === 'price' ? cheapestFirst(priced) : priced;
  let count = 0;
  for await (const bot of bots) {
    yield bot;
    if (++count >= limit) return;
  }
}

/** Adds prices, and leaves out the bots that cost too much. */
async function* withPoints(
  bots: AsyncIterable<Bot>,
  prices: PriceLookUps,
  {isFree: mustBeFree = false, maxPrice}: BotFilter,
): AsyncGenerator<Bot, void, undefined> {
  for await (const bot of bots) {
    const pricesPoints = await prices.of(bot);
    const points = pricesPoints && typicalPoints(pricesPoints);
    const isLimited = mustBeFree || maxPrice !== undefined;
    if (isLimited && points === null) prices.leaveOut();
    else if (pricesPoints && mustBeFree && !isFree(pricesPoints)) continue;
    else if (points === null || maxPrice === undefined || points <= maxPrice) yield {...bot, pricesPoints};
  }
}

async function* newestFirst(bots: AsyncIterable<Bot>): AsyncGenerator<Bot, void, undefined> {
  const all = await collect(bots);
  // poe.com sends no dates. It marks new bots with a tag.
  const isNew = ({tags}: Bot) => tags.some((tag) => tag.toLowerCase() === 'new');
  yield* all.filter(isNew);
  yield* all.filter((bot) => !isNew(bot));
}

/** Bots whose price is unknown come last. */
async function* cheapestFirst(bots: AsyncIterable<Bot>): AsyncGenerator<Bot, void, undefined> {
  const costOf = ({pricesPoints}: Bot) => (pricesPoints && typicalPoints(pricesPoints)) ?? Infinity;
  const all = await collect(bots);
  // The difference of two infinite numbers is no number.
  yield* all.toSorted((one, other) => (costOf(one) === costOf(other) ? 0 : costOf(one) - costOf(other)));
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Poe.com sends none of these with a list. */
const apiFilters = [
  ['input', 'what they accept'],
  ['output', 'what they make'],
  ['feature', 'features'],
  ['endpoint', 'endpoints'],
  ['owner', 'company'],
  ['since', 'the time they were added'],
] as const;

/** @throws PoeError `not_logged_in` */
function rejectApiFilter(filter: BotFilter): void {
  for (const [key, name] of apiFilters) {
    if (filter[key] !== undefined) throw unsupported(`Filtering bots by ${name}`, 'api');
  }
  if (filter.sort === 'context') throw unsupported('Sorting bots by context', 'api');
}
