import {type BotsPrice, priceOfBots} from '../../context/spending/bots-price.js';
import {type Backend, PoeError} from '../../core/errors.js';
import {points as pointsText} from '../../output/format/numbers.js';
import {sanitizeLine} from '../../output/terminal/sanitize.js';
import type {ToolCall} from '../tools/tool.js';

export interface PlannedMessages {
  /** Each bot gets the message once. */
  bots: readonly string[];
  prompt: string;
  /** The backend that sends them. */
  via: Backend;
  /** Earlier messages that are sent along. */
  context?: string;
  maxTokens?: number | undefined;
  /** The most points that the client allows. */
  maxPoints?: number | undefined;
  /** The names of the files that are sent. */
  files?: readonly string[];
  /** How many images the bot makes. */
  copies?: number;
}

/**
 * Finds out what messages will cost, and asks the user if that is more than the limit. A client that cannot ask relies on the budget,
 * or on a limit that it passes.
 * @throws PoeError `too_expensive`, `over_budget`: nothing was sent
 */
export async function approve(call: ToolCall, planned: PlannedMessages): Promise<BotsPrice> {
  const {host, limits, signal, confirm, progress} = call;
  const {bots, prompt, via, context = '', maxTokens, maxPoints, copies = 1} = planned;
  const forbidden = bots.find((bot) => limits.mayUse?.(bot) === false);
  if (forbidden !== undefined) {
    throw new PoeError('refused', `This client may not use the bot ${JSON.stringify(forbidden)}`, {
      hint: 'Nothing was sent. search_bots shows the bots that it may use.',
    });
  }
  progress.update('Checking the price');
  const single = await priceOfBots(host.client.bots, bots, {text: context + prompt, maxTokens, via, signal});
  const price = single.isEstimate ? {...single, points: single.points * copies} : single;
  const budget = await host.client.budget.get({signal});
  // What the bot's latest replies have cost is better than an estimate, and decides when the message is sent.
  const isExact = bots.length > 1 || !price.isEstimate;
  if (budget && isExact && price.points > budget.left) {
    throw new PoeError(
      'over_budget',
      `${subject(bots)} ${about(price)}, but ${pointsText(Math.floor(budget.left))} of the user's ${pointsText(budget.limit)} a ${budget.period} are left`,
      {remedy: 'raise_budget'},
    );
  }
  if (maxPoints !== undefined && bots.length > 1 && (price.points > maxPoints || price.unknown > 0)) {
    throw new PoeError('too_expensive', `${subject(bots)} ${about(price)}, and max_points is ${maxPoints}`, {
      remedy: 'raise_max_points',
    });
  }
  const {askAbove} = limits;
  if (askAbove === 'never' || (price.unknown === 0 && price.points <= askAbove)) return price;
  if (confirm) {
    progress.update('Waiting for the user to confirm the price');
    if (await confirm(question(planned, price), 'Send it')) return price;
    throw new PoeError('too_expensive', 'The user did not agree to the price', {
      hint: 'Nothing was sent. Do not try again unless the user asks for it.',
    });
  }
  if (budget || (maxPoints !== undefined && price.unknown === 0)) return price;
  throw new PoeError(
    'too_expensive',
    `${subject(bots)} ${about(price)}. Above ${pointsText(askAbove)} the user has to agree, and this client cannot ask`,
    {
      hint:
        price.unknown === 0
          ? 'Nothing was sent. Ask the user, then pass max_points; or the user sets a budget with: poe budget set'
          : 'Nothing was sent. Choose a bot with a known price; or the user sets a budget with: poe budget set',
    },
  );
}

function question({bots, prompt, files = []}: PlannedMessages, price: BotsPrice): string {
  const names = bots.map((bot) => sanitizeLine(bot)).join(', ');
  const line = sanitizeLine(prompt);
  const attached = files.length === 0 ? '' : `\nFiles: ${files.map((name) => sanitizeLine(name)).join(', ')}`;
  return `Send a message to ${names} on Poe? ${bots.length === 1 ? 'It' : 'Together they'} ${about(price)}.\nMessage: ${line.length > 200 ? `${line.slice(0, 200)}…` : line}${attached}`;
}

const subject = (bots: readonly string[]): string =>
  bots.length === 1 ? `A message to ${sanitizeLine(bots[0] ?? '')}` : `The messages to ${bots.length} bots`;

/** "costs about 120 points". It completes a sentence. */
function about(price: BotsPrice): string {
  const {unknown, count} = price;
  if (unknown === count) return count === 1 ? 'has no known price' : 'have no known price';
  const rest = unknown === 0 ? '' : `, and the price of ${unknown} of ${count} bots is unknown`;
  return `${count === 1 ? 'costs' : 'cost'} ${expectedText(price)}${rest}`;
}

/** The known prices: "about 120 points". */
export const expectedText = ({points, unknown, isEstimate, count}: BotsPrice): string =>
  unknown === count ? 'unknown' : `${isEstimate ? 'about ' : ''}${pointsText(points)}`;
