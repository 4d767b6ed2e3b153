import {z} from 'zod';
import type {Bots} from '../../core/client.js';
import {PoeError} from '../../core/errors.js';
import type {Bot} from '../../core/model.js';
import type {ModelBot} from '../../core/model-bot.js';
import type {BotListOptions} from '../../core/options.js';
import {pointPricesText, pointsText, priceText} from '../../output/format/bot-facts.js';
import {points} from '../../output/format/numbers.js';
import {sanitizeLine} from '../../output/terminal/sanitize.js';
import {defineTool} from './tool.js';

const found = z.object({
  bot: z.string().describe('The handle, for ask and the other tools.'),
  name: z.string().nullable(),
  price: z.string().nullable(),
  description: z.string().nullable(),
});

const maxDescription = 300;
/** How many bots are looked through for those that a client may use. */
const maxFiltered = 500;

export const searchBots = defineTool({
  name: 'search_bots',
  title: 'Find bots',
  description:
    'Search the bots of Poe by name or purpose, such as "image" or "claude". Without a query, list the ones that Poe shows first. Costs nothing.',
  input: z.strictObject({
    query: z.string().default('').describe('Words to search for.'),
    makes: z.enum(['image', 'video', 'audio']).optional().describe('Only bots that make this.'),
    limit: z.number().int().min(1).max(50).default(10),
  }),
  output: z.object({bots: z.array(found)}),
  async run({query, makes, limit}, {host, limits, signal}) {
    const {bots} = host.client;
    const {mayUse} = limits;
    // Prices that were looked up before are known without a request.
    const options = {limit: mayUse ? maxFiltered : limit, withPrices: true, maxLookUps: 0, signal};
    const matches = await search(bots, query, {...options, filter: makes && {output: makes}}).catch(
      (error: unknown) => {
        // poe.com has no filters.
        if (makes === undefined || !(error instanceof PoeError) || error.facts.needs !== 'api') throw error;
        return search(bots, `${query} ${makes}`, options);
      },
    );
    const allowed = mayUse ? matches.filter(({handle}) => mayUse(handle)).slice(0, limit) : matches;
    const all = allowed.map((bot): z.infer<typeof found> => {
      const {handle, displayName, description} = bot;
      return {bot: handle, name: displayName, price: priceOf(bot), description: shortened(description)};
    });
    const lines = all.map(({bot, price, description}) =>
      sanitizeLine([`${bot} (${price ?? 'price unknown'})`, description].filter(Boolean).join(': ')),
    );
    return {
      content: [{type: 'text', text: lines.join('\n') || 'No bots match.'}],
      structuredContent: {bots: all},
    };
  },
});

async function search(bots: Bots, query: string, options: BotListOptions): Promise<(Bot | ModelBot)[]> {
  const found: (Bot | ModelBot)[] = [];
  const text = query.trim();
  for await (const bot of text === '' ? bots.explore(undefined, options) : bots.search(text, options)) found.push(bot);
  return found;
}

/** The price of a message, or of tokens; null if Poe does not show it. */
export function priceOf(bot: Bot | ModelBot): string | null {
  if (!('pricesUsd' in bot)) {
    return points(bot.displayMessagePointPrice) || pointPricesText(bot.pricesPoints ?? null, 'points per 1,000 tokens');
  }
  const perToken = pointsText(bot);
  return perToken === null ? priceText(bot) : `about ${perToken} points per 1,000 tokens`;
}

const shortened = (text: string | null): string | null =>
  text !== null && text.length > maxDescription ? `${text.slice(0, maxDescription)}…` : text;
