import {setTimeout} from 'node:timers/promises';
import type {CallOptions} from '../options.js';
import type {WholeReply} from '../reply.js';
import type {ApiAccount} from './account.js';

/** What was spent before the message, by clocks that may differ so much, is not its cost. */
const clockMs = 5_000;
const looked = 5;

/**
 * Points that a reply has cost, as well as can be told: Poe links no reply to what it cost, so that it is the newest of the
 * last spendings that is on the same bot and not older than the message. Null where there is none yet.
 */
export async function likelyCost(
  account: ApiAccount,
  {bot, chat}: WholeReply,
  {signal}: CallOptions = {},
): Promise<number | null> {
  const since = Date.parse(chat.lastInteractionTime ?? '') - clockMs;
  for (const pauseMs of [500, 1500, 0]) {
    for await (const spending of account.spendings({limit: looked, signal})) {
      const isIt = spending.bot.toLowerCase() === bot.toLowerCase() && Date.parse(spending.time) >= since;
      if (isIt) return spending.points;
    }
    // Ends early when the signal is aborted; what is asked next then says so.
    if (pauseMs > 0) await setTimeout(pauseMs, undefined, {signal}).catch(() => {});
  }
  return null;
}
