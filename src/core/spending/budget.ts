import {PoeError} from '../errors.js';
import type {BudgetLimit, BudgetStatus} from './ledger.js';
import {periodAround} from './period.js';
import type {Price} from './price.js';

/** @throws PoeError `usage` */
export function checkBudget({limit, period}: BudgetLimit): BudgetLimit {
  if (!Number.isSafeInteger(limit) || limit <= 0) {
    throw new PoeError('usage', `A budget is a positive whole number of points, not ${limit}`);
  }
  // Callers without types may pass anything.
  if (period === 'day' || period === 'month') return {limit, period};
  throw new PoeError('usage', 'The period of a budget is a day or a month');
}

/** @param spent the points of this period, with those that are set aside */
export function statusOf({limit, period}: BudgetLimit, spent: number, now: number): BudgetStatus {
  const {end} = periodAround(now, period);
  return {limit, period, spent, left: Math.max(0, limit - spent), resetsAt: new Date(end).toISOString()};
}

/** The budget that leaves the fewest points. */
export function leastOf(budgets: readonly (BudgetStatus | null | undefined)[]): BudgetStatus | null {
  const known = budgets.filter((budget) => budget !== null && budget !== undefined);
  return known.toSorted((one, other) => one.left - other.left)[0] ?? null;
}

/**
 * The points to set aside for a message.
 * @param bot empty if Poe does not name it
 * @param usual what the bot's latest replies cost, if that is known: better than an estimate, unless the message alone costs more, and
 *   the only price if Poe shows none
 * @param client the name of the program whose budget it is; undefined for the budget of the profile
 * @returns null if Poe shows no price and no reply has cost anything yet
 * @throws PoeError `over_budget`
 */
export function pointsToReserve(
  bot: string,
  price: Price,
  usual: number | null,
  status: BudgetStatus,
  client?: string,
): number | null {
  const isKnown = price.points !== null && !price.isEstimate;
  const points = isKnown ? price.points : usual === null ? price.points : Math.max(usual, price.leastPoints ?? 0);
  // Of a bot without any price, one message is allowed as long as anything is left.
  const needed = points ?? Math.min(1, status.limit);
  if (needed <= status.left) return points;
  const owner = client === undefined ? 'your' : `the token's`;
  const about = points === null ? 'an unknown number of' : `${isKnown ? '' : 'about '}${counted(points)}`;
  throw new PoeError(
    'over_budget',
    `A message to ${bot || 'the bot'} costs ${about} points, but ${counted(status.left)} of ${owner} ${counted(status.limit)} points a ${status.period} are left`,
    client === undefined ? {remedy: 'raise_budget', bot} : {bot},
  );
}

const counted = (points: number): string => Math.ceil(points).toLocaleString('en-US');
