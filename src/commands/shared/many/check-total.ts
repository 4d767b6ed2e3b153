import type {Context} from '../../../context/context.js';
import {priceOfBots} from '../../../context/spending/bots-price.js';
import {PoeError} from '../../../core/errors.js';
import {points} from '../../../output/format/numbers.js';
import {confirm} from '../ask-user.js';

interface Question {
  message: string;
  bots: readonly string[];
  maxTokens: string | undefined;
  /** The most points that all replies together may cost. */
  maxPoints: number | undefined;
  isConfirmed: boolean;
}

/**
 * Shows what all bots together will cost. Asks if that is more than the limit.
 * @throws PoeError `bot_not_found` if the name of a bot is wrong; `over_budget` if the budget does not allow it; `too_expensive` without a terminal, before anything is sent
 */
export async function checkTotal(
  context: Context,
  {message, bots, maxTokens, maxPoints, isConfirmed}: Question,
): Promise<void> {
  const {client, output, signal} = context;
  const limit = maxTokens === undefined ? undefined : Number(maxTokens);
  const {
    points: total,
    unknown,
    isEstimate,
  } = await priceOfBots(client.bots, bots, {text: message, maxTokens: limit, isTolerant: true, signal});
  if (unknown > 0 && !isConfirmed) await checkNames(context, bots);
  const about = `${isEstimate ? 'about ' : ''}${points(total)}${isEstimate ? ' (estimate)' : ''}`;
  const rest =
    unknown === 0
      ? ''
      : `; the price of ${unknown === bots.length ? 'the bots' : `${unknown} of ${bots.length} bots`} is unknown`;
  if (!output.isJson)
    output.note(unknown === bots.length ? 'The price of the bots is unknown.' : `Total price: ${about}${rest}.`);
  const budget = await client.budget.get({signal});
  if (budget && total > budget.left) {
    throw new PoeError(
      'over_budget',
      `All replies together cost ${about}, but ${points(Math.floor(budget.left))} of your ${points(budget.limit)} a ${budget.period} are left`,
      {remedy: 'raise_budget'},
    );
  }
  if (maxPoints === undefined || isConfirmed) return;
  const isUnknown = unknown > 0;
  if (total <= maxPoints && !isUnknown) return;
  const what = isUnknown
    ? 'The total price is not known'
    : `All replies together cost ${about}, more than the limit of ${maxPoints}`;
  await confirm(`${what}. Send it anyway?`, context, new PoeError('too_expensive', what, {remedy: 'raise_max_points'}));
}

/**
 * Rejects names that the API does not list if they look like mistakes. Others may be bots of Poe's users, which it can ask. On poe.com,
 * every name was looked up for its price.
 * @throws PoeError `bot_not_found`
 */
async function checkNames({client, signal}: Context, bots: readonly string[]): Promise<void> {
  if ((await client.backendFor({})) === 'web') return;
  for (const bot of bots) {
    await client.bots.info(bot, {signal}).catch((error: unknown) => {
      const isUnlisted = error instanceof PoeError && error.code === 'bot_not_found';
      if (!isUnlisted || (error.facts.suggestions ?? []).length > 0) throw error;
    });
  }
}
