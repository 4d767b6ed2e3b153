import type {Bot} from './bots.js';
import type {World} from './world.js';

/** Why a bot does not write at this price, where it does not. */
export function priceRefusal({price}: Bot, shownPrice: number | undefined, {viewer}: World) {
  if (shownPrice !== price) return {status: 'message_points_display_price_mismatch', statusMessage: null};
  if (price > viewer.points) {
    return {status: 'reached_limit', statusMessage: 'You do not have enough points left for this message.'};
  }
  return undefined;
}
