import type {Bot} from '../../../core/model.js';
import type {ModelBot} from '../../../core/model-bot.js';
import {kindText, pointsText, priceText} from '../../../output/format/bot-facts.js';
import {points} from '../../../output/format/numbers.js';
import type {ChatDeps} from '../../chat-deps.js';
import type {MenuEntry} from '../entry.js';
import type {Source} from '../source.js';

/** Further keys within this time belong to the same search. */
const searchDelayMs = 250;
const newMs = 30 * 24 * 3_600_000;

interface BotSourceOptions {
  /** The handle of the bot in use. */
  current: string | undefined;
}

/** The bots that were used or seen before, those that Poe shows first, and what a search on Poe finds. */
export function botSource(
  {known, bots, listedPrice}: Pick<ChatDeps, 'known' | 'bots' | 'listedPrice'>,
  {current}: BotSourceOptions,
): Source {
  const entries = (found: readonly (Bot | ModelBot)[]) => found.map((bot) => toEntry(bot, current));
  return {
    async *load(signal) {
      const names = await known();
      const seen = names.bots.map(({handle, name}) => knownEntry(handle, name, current));
      yield seen;
      const listed = new Map(entries(await bots('', signal)).map((entry) => [entry.value, entry]));
      const before = seen.map((entry) => listed.get(entry.value) ?? entry);
      yield [...new Map([...before, ...listed.values()].map((entry) => [entry.value, entry])).values()];
    },
    async fact({value}, signal) {
      const {price = null, rates} = (await listedPrice?.(value, signal)) ?? {};
      return rates ? `${rates} per 1k` : points(price);
    },
    search: {delayMs: searchDelayMs, run: async (query, signal) => entries(await bots(query, signal))},
  };
}

const knownEntry = (handle: string, name: string | null, current: string | undefined): MenuEntry => ({
  value: handle,
  label: handle,
  detail: joined([handle === current && 'current', name !== null && name !== handle && name]),
  ...(name === null ? {} : {keywords: name}),
});

function toEntry(bot: Bot | ModelBot, current: string | undefined): MenuEntry {
  const {handle, displayName, description, displayMessagePointPrice} = bot;
  const isModel = 'pricesUsd' in bot;
  return {
    value: handle,
    label: handle,
    fact: isModel ? modelPrice(bot) : points(displayMessagePointPrice),
    detail: joined([handle === current && 'current', isNew(bot) && 'new', isModel && kindText(bot), description]),
    keywords: [displayName, bot.poweredBy].filter((each) => each !== null && each !== handle).join(' '),
  };
}

/** In points, like the rest of the chat, if tokens have prices. */
function modelPrice(bot: ModelBot): string {
  const rates = pointsText(bot);
  return rates === null ? (priceText(bot) ?? 'price unknown') : `${rates} per 1k`;
}

/** Poe marks new bots with a tag, and its API tells when a bot was created. */
const isNew = (bot: Bot | ModelBot): boolean =>
  bot.tags.some((tag) => tag.toLowerCase() === 'new') ||
  ('createdTime' in bot && bot.createdTime !== null && Date.now() - Date.parse(bot.createdTime) < newMs);

const joined = (parts: readonly (string | false | null)[]): string => parts.filter(Boolean).join(' · ');
