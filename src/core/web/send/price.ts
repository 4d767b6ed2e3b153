import * as v from 'valibot';
import {PoeError} from '../../errors.js';
import {count} from '../../model.js';

interface Priced {
  status: string | null;
  bot: unknown;
}

const Bot = v.object({messagePointLimit: v.object({displayMessagePointPrice: count})});

/**
 * Makes a call that costs points and tells Poe which price the user saw. Poe refuses a price that has changed before it does
 * anything, and names the new one: with that the call is made once more.
 * @param maxPoints what the user is ready to pay; null asks nobody
 * @throws PoeError `too_expensive`
 */
export async function atPrice<T extends Priced>(
  {bot, price, maxPoints}: {bot: string; price: number | null; maxPoints: number | null},
  call: (price: number | null) => Promise<T>,
): Promise<T> {
  checkPrice(bot, price, maxPoints);
  const answer = await call(price);
  if (answer.status !== 'message_points_display_price_mismatch') return answer;
  const told = v.safeParse(Bot, answer.bot);
  const newPrice = told.success ? told.output.messagePointLimit.displayMessagePointPrice : null;
  if (newPrice === null) return answer;
  checkPrice(bot, newPrice, maxPoints);
  return call(newPrice);
}

function checkPrice(bot: string, price: number | null, maxPoints: number | null): void {
  if (maxPoints === null) return;
  if (price === null) {
    throw new PoeError(
      'too_expensive',
      `Poe does not show the price of ${bot}, so it cannot be checked against the limit`,
      {
        remedy: 'remove_point_limit',
        bot,
      },
    );
  }
  if (price <= maxPoints) return;
  throw new PoeError(
    'too_expensive',
    `A message to ${bot} costs ${price} points, more than the limit of ${maxPoints}`,
    {
      remedy: 'raise_max_points',
      bot,
    },
  );
}
