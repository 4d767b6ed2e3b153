import type {Bots} from '../../core/client.js';
import type {Bot} from '../../core/model.js';
import type {CallOptions} from '../../core/options.js';
import {pricePerMessage} from '../../core/spending/point-prices.js';
import {pricesOnCard} from '../../core/spending/rate-card.js';

/** A bot of poe.com with its price. */
export type PricedBot = Bot & {
  /** Poe's price list in Markdown; missing if Poe shows a single price with the bot. */
  rateCard?: string | null;
};

/** Adds `pricesPoints`, and Poe's price list if the price is not shown with the bot. */
export async function withPriceList(bots: Pick<Bots, 'rateCard'>, bot: Bot, options?: CallOptions): Promise<PricedBot> {
  const {displayMessagePointPrice: price} = bot;
  if (price !== null) return {...bot, pricesPoints: pricePerMessage(price)};
  const rateCard = await bots.rateCard(bot, options);
  return {...bot, pricesPoints: pricesOnCard(rateCard), rateCard};
}
