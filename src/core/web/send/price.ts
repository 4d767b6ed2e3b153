import * as v from 'valibot';
import {PoeError} from '../../errors.js';
import {count} from '../../model.js';

/** The error of a price above the limit, or of an unknown price. @param maxPoints null for no limit */
export function priceError(bot: string, price: number | null, maxPoints: number | null): PoeError | undefined {
  if (maxPoints === null) return undefined;
  if (price === null) {
    return new PoeError(
      'too_expensive',
      `Poe does not show the price of ${bot}, so it cannot be checked against the limit`,
      {
        remedy: 'remove_point_limit',
        bot,
      },
    );
  }
  if (price <= maxPoints) return undefined;
  return new PoeError(
    'too_expensive',
    `A message to ${bot} costs ${price} points, more than the limit of ${maxPoints}`,
    {
      remedy: 'raise_max_points',
      bot,
    },
  );
}

const Bot = v.object({messagePointLimit: v.object({displayMessagePointPrice: count})});

/** The new price of a bot, if Poe rejected a message because the price that came with it is outdated; else null. */
export function correctedPrice({status, bot}: {status: string | null; bot: unknown}): number | null {
  if (status !== 'message_points_display_price_mismatch') return null;
  const priced = v.safeParse(Bot, bot);
  return priced.success ? priced.output.messagePointLimit.displayMessagePointPrice : null;
}
