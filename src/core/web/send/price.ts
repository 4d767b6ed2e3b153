import * as v from 'valibot';
import {count} from '../../input/lenient.js';

const Bot = v.object({messagePointLimit: v.object({displayMessagePointPrice: count})});

/** The new price of a bot, if Poe rejected a message because the price that came with it is outdated; else null. */
export function correctedPrice({status, bot}: {status: string | null; bot: unknown}): number | null {
  if (status !== 'message_points_display_price_mismatch') return null;
  const priced = v.safeParse(Bot, bot);
  return priced.success ? priced.output.messagePointLimit.displayMessagePointPrice : null;
}
