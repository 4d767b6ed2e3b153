import {setTimeout} from 'node:timers/promises';
import type {CallOptions} from '../../options.js';
import type {Spending} from '../../account.js';
import type {ApiAccount} from './account.js';

/** What was spent before the message, by clocks that may differ so much, is not its cost. */
const clockMs = 5_000;

/** A message as far as its cost can be found by it. */
export interface Asked {
  bot: string;
  /** When it was sent, ISO 8601. */
  time: string;
}

/**
 * Points that the answer to a message has cost, as well as can be told: Poe links no answer to what it cost, so that it is the
 * spending on the same bot that is next to the message in time and not before it. Null where there is none (yet).
 */
export async function estimateCost(
  account: ApiAccount,
  asked: Asked,
  {signal}: CallOptions = {},
): Promise<number | null> {
  for (const pauseMs of [500, 1500, 0]) {
    const spending = await nearest(account, asked, signal);
    if (spending) return Math.abs(spending.points);
    // Ends early when the signal is aborted; what is asked next then says so.
    if (pauseMs > 0) await setTimeout(pauseMs, undefined, {signal}).catch(() => {});
  }
  return null;
}

async function nearest(account: ApiAccount, {bot, time}: Asked, signal?: AbortSignal): Promise<Spending | undefined> {
  const sent = Date.parse(time);
  const distance = (spending: Spending) => Math.abs(Date.parse(spending.time) - sent);
  let found: Spending | undefined;
  for await (const spending of account.spendings({signal})) {
    if (Date.parse(spending.time) < sent - clockMs) break;
    const isOfBot = spending.bot.toLowerCase() === bot.toLowerCase() && spending.type !== 'Chat';
    if (isOfBot && (!found || distance(spending) < distance(found))) found = spending;
  }
  return found;
}
