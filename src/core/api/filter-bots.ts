import type {BotFilter, BotOrder, ModelBot} from '../model-bot.js';

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** The bots that match a filter, in its order. */
export function filterBots(bots: readonly ModelBot[], filter: BotFilter = {}): ModelBot[] {
  const {input, output, feature, endpoint, owner, isFree, maxPrice, since, sort = 'new'} = filter;
  const matches = bots.filter(
    (bot) =>
      (input === undefined || bot.takes.some((kind) => same(kind, input))) &&
      (output === undefined || bot.gives.some((kind) => same(kind, output))) &&
      (feature === undefined || bot.tags.some((tag) => same(tag, feature))) &&
      (endpoint === undefined || bot.endpoints.some((path) => endsWith(path, endpoint))) &&
      (owner === undefined || (bot.poweredBy ?? '').toLowerCase().includes(owner.toLowerCase())) &&
      (!isFree || isFreeBot(bot)) &&
      (maxPrice === undefined || (typicalPoints(bot) ?? Infinity) <= maxPrice) &&
      (since === undefined || (bot.createdTime !== null && Date.parse(bot.createdTime) >= since.getTime())),
  );
  return matches.toSorted(orders[sort]);
}

/** Whether a path has an end, by whole parts: `/v1/images` ends with `images`, but not with `ages`. */
const endsWith = (path: string, end: string): boolean =>
  `/${path}`.toLowerCase().endsWith(`/${end.replace(/^\/+/, '').toLowerCase()}`);

function isFreeBot({pricesUsd}: ModelBot): boolean {
  const {pointsPerDollar: _rate, ...prices} = pricesUsd ?? {};
  const known = Object.values(prices).filter((price) => price !== null);
  return known.length > 0 && known.every((price) => price === 0);
}

/** What a message of 1,000 tokens with a reply of 500 costs in points; null if that is unknown. */
function typicalPoints({pricesUsd: prices}: ModelBot): number | null {
  if (!prices) return null;
  const {prompt, completion, image, request, pointsPerDollar} = prices;
  if (prompt === null && completion === null && image === null && request === null) return null;
  const usd = (prompt ?? 0) * 1000 + (completion ?? 0) * 500 + (image ?? 0);
  return usd * pointsPerDollar + (request ?? 0);
}

const unknownLast = (value: number | null, other: number | null, compare: (a: number, b: number) => number): number => {
  if (value === null || other === null) return Number(value === null) - Number(other === null);
  return compare(value, other);
};

const timeOf = ({createdTime}: ModelBot): number | null => (createdTime === null ? null : Date.parse(createdTime));

const orders: Readonly<Record<BotOrder, (a: ModelBot, b: ModelBot) => number>> = {
  new: (a, b) => unknownLast(timeOf(a), timeOf(b), (one, other) => other - one),
  price: (a, b) => unknownLast(typicalPoints(a), typicalPoints(b), (one, other) => one - other),
  context: (a, b) => unknownLast(a.contextTokens, b.contextTokens, (one, other) => other - one),
};
