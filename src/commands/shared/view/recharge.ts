import type {AutoRecharge} from '../../../core/account.js';
import {dollars, points} from '../../../output/format/numbers.js';
import {dateTime} from '../../../output/format/time.js';

/** Whether Poe buys points by itself, with real money: "off", or "on: buys 333,000 points for $10 when …". */
export function rechargeText({isOn, thresholdPoints, refillPoints, refillUsd, lastFailureTime}: AutoRecharge): string {
  if (!isOn) return 'off';
  const price = refillUsd === null ? '' : ` for ${dollars(refillUsd)}`;
  const below = thresholdPoints === null ? '' : ` when fewer than ${points(thresholdPoints)} are left`;
  const failure = lastFailureTime === null ? '' : `; last failed ${dateTime(lastFailureTime)}`;
  return `on: buys ${points(refillPoints) || 'points'}${price}${below}${failure}`;
}
