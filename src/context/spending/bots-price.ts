import type {Bots} from '../../core/client.js';
import {type Backend, PoeError} from '../../core/errors.js';
import type {Price} from '../../core/spending/price.js';

/** What the same message to some bots costs. */
export interface BotsPrice {
  /** The sum of the known prices. */
  points: number;
  /** How many bots have no known price. */
  unknown: number;
  /** How many bots there are. */
  count: number;
  isEstimate: boolean;
}

/**
 * Adds up what a message to each of these bots costs.
 * @param options.isTolerant a bot whose price cannot be read does not keep the others from being asked
 * @throws PoeError `bot_not_found` if poe.com has no such bot
 */
export async function priceOfBots(
  {price}: Pick<Bots, 'price'>,
  bots: readonly string[],
  {
    text,
    maxTokens,
    via,
    isTolerant = false,
    signal,
  }: {
    text: string;
    maxTokens?: number | undefined;
    via?: Backend | undefined;
    isTolerant?: boolean;
    signal: AbortSignal;
  },
): Promise<BotsPrice> {
  const options = {text, via, signal, ...(maxTokens !== undefined && {maxTokens})};
  const prices = await Promise.all(
    bots.map((bot) => (isTolerant ? knownPrice(price(bot, options)) : price(bot, options))),
  );
  return {
    points: prices.reduce((sum, each) => sum + (each?.points ?? 0), 0),
    unknown: prices.filter((each) => each === null || each.points === null).length,
    count: bots.length,
    isEstimate: prices.some((each) => each?.isEstimate === true),
  };
}

async function knownPrice(price: Promise<Price>): Promise<Price | null> {
  try {
    return await price;
  } catch (error) {
    if (error instanceof PoeError && !['interrupted', 'bot_not_found'].includes(error.code)) return null;
    throw error;
  }
}
