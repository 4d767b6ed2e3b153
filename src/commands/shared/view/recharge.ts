import type {AutoRecharge} from '../../../core/account.js';
import {dollars, points} from '../../../output/format/numbers.js';
import {dateTime} from '../../../output/format/time.js';

/** What Poe calls auto-recharge that works. */
const usualStatuses: ReadonlySet<string> = new Set(['', 'active', 'enabled', 'on', 'ok']);

/** Whether Poe buys points by itself, with real money: "off", or "on: buys 333,000 points for $10 when …". */
export function rechargeText(recharge: AutoRecharge): string {
  const {isOn, status, refillPoints, refillUsd, lastFailureTime} = recharge;
  const price = refillUsd === null ? '' : ` for ${dollars(refillUsd)}`;
  const unusual = usualStatuses.has(status?.toLowerCase() ?? '') ? '' : ` (${status})`;
  const purchase = `on${unusual}: buys ${points(refillPoints) || 'points'}${price}${thresholdText(recharge)}`;
  const failure = lastFailureTime === null ? '' : `; last failed ${dateTime(lastFailureTime)}`;
  return `${isOn ? purchase : 'off'}${failure}`;
}

function thresholdText({thresholdPoints, thresholdUsd}: AutoRecharge): string {
  if (thresholdPoints !== null) return ` when fewer than ${points(thresholdPoints)} are left`;
  return thresholdUsd === null ? '' : ` when less than ${dollars(thresholdUsd)} is left`;
}
