import {PoeError} from '../errors.js';

/** What a message will cost. */
export interface Price {
  /** Points for a typical reply; null if Poe shows no price. */
  points: number | null;
  /** Points for the longest possible reply; null if it is not limited, or Poe shows no price. */
  mostPoints: number | null;
  /** Points for the message alone, whatever the reply is; missing if that is not known. */
  leastPoints?: number;
  /** Whether the points are computed from an estimated number of tokens. */
  isEstimate: boolean;
}

export const unknownPrice: Price = {points: null, mostPoints: null, isEstimate: false};

/** A price per message that Poe shows. */
export const fixedPrice = (points: number): Price => ({points, mostPoints: points, isEstimate: false});

/** From this price on, a message is expensive. */
export const expensivePoints = 1_000;

/**
 * The error of a price above the limit, or of an unknown price.
 * @param bot empty if Poe does not name it
 * @param maxPoints null for no limit
 */
export function priceError(bot: string, price: Price | number | null, maxPoints: number | null): PoeError | undefined {
  if (maxPoints === null) return undefined;
  const {points, mostPoints, isEstimate} = typeof price === 'object' ? (price ?? unknownPrice) : fixedPrice(price);
  const name = bot || 'the bot';
  if (mostPoints === null) {
    const unknown = points === null ? `the price of ${name}` : `the highest price of a reply by ${name}`;
    return new PoeError('too_expensive', `Poe does not show ${unknown}, so it cannot be checked against the limit`, {
      remedy: 'remove_point_limit',
      bot,
    });
  }
  if (mostPoints <= maxPoints) return undefined;
  if (isEstimate) {
    return new PoeError(
      'too_expensive',
      `A message to ${name} may cost up to ${counted(mostPoints)} points (estimate), more than the limit of ${counted(maxPoints)}`,
      {remedy: 'limit_reply', bot},
    );
  }
  return new PoeError(
    'too_expensive',
    `A message to ${name} costs ${mostPoints} points, more than the limit of ${maxPoints}`,
    {remedy: 'raise_max_points', bot},
  );
}

const counted = (points: number): string => Math.ceil(points).toLocaleString('en-US');
