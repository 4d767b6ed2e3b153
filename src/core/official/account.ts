import * as v from 'valibot';
import {readable, wholeNumber} from '../model.js';
import {forwards} from '../pages.js';
import type {CallOptions, ListOptions} from '../options.js';
import type {Api} from './api.js';
import {summed, type UsageBy, type UsageSum} from './usage.js';

const text = v.fallback(v.nullish(v.string(), null), null);
const count = v.fallback(v.nullish(v.number(), null), null);
const dollars = v.fallback(
  v.nullish(v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.finite()), null),
  null,
);
/** Microseconds; 0 for never. */
const time = v.fallback(
  v.nullish(
    v.pipe(
      wholeNumber,
      v.transform((us) => (us === 0 ? null : new Date(us / 1000).toISOString())),
    ),
    null,
  ),
  null,
);

/** Only the first of these is promised. */
const Balance = v.pipe(
  v.object({
    current_point_balance: v.number(),
    plan_points_balance: count,
    addon_point_balance: count,
    total_balance_usd: dollars,
    next_daily_grant_time: time,
    next_daily_grant_amount: count,
    next_monthly_grant_time: time,
    next_monthly_grant_amount: count,
    email: text,
  }),
  v.transform((told) => ({
    points: told.current_point_balance,
    planPoints: told.plan_points_balance,
    addonPoints: told.addon_point_balance,
    usd: told.total_balance_usd,
    nextDailyGrant: {time: told.next_daily_grant_time, points: told.next_daily_grant_amount},
    nextMonthlyGrant: {time: told.next_monthly_grant_time, points: told.next_monthly_grant_amount},
    email: told.email,
  })),
);
/** The points of an account; null where Poe does not tell. */
export type Balance = v.InferOutput<typeof Balance>;

const Spending = v.pipe(
  v.object({
    bot_name: v.string(),
    creation_time: wholeNumber,
    query_id: v.string(),
    cost_points: v.number(),
    cost_usd: dollars,
    usage_type: text,
    chat_name: text,
    api_key_name: text,
  }),
  v.transform((told) => ({
    time: new Date(told.creation_time / 1000).toISOString(),
    bot: told.bot_name,
    points: told.cost_points,
    usd: told.cost_usd,
    type: told.usage_type,
    chat: told.chat_name,
    key: told.api_key_name,
    queryId: told.query_id,
  })),
);
/** Points that were spent once. */
export type Spending = v.InferOutput<typeof Spending>;

const History = v.object({has_more: v.fallback(v.boolean(), false), data: v.array(v.unknown())});
const LastOfPage = v.object({query_id: v.string()});
const mostAPage = 100;

/** The points of the account that the key belongs to. Each method throws PoeError. */
export class ApiAccount {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  balance(options?: CallOptions): Promise<Balance> {
    return this.#api.get('/usage/current_balance', Balance, options);
  }

  /** What was spent since a time, summed up. */
  usage(by: UsageBy, {since, signal}: CallOptions & {since?: Date} = {}): Promise<UsageSum[]> {
    return summed(youngerThan(since, this.spendings({signal})), by);
  }

  /** What was spent, newest first, on poe.com too; Poe tells of the last 30 days. */
  spendings(options: ListOptions = {}): AsyncGenerator<Spending, void, undefined> {
    return forwards(async (cursor) => {
      const after = cursor === undefined ? '' : `&starting_after=${encodeURIComponent(cursor)}`;
      const {data, has_more} = await this.#api.get(
        `/usage/points_history?limit=${Math.min(options.limit ?? mostAPage, mostAPage)}${after}`,
        History,
        options,
      );
      const last = v.safeParse(LastOfPage, data.at(-1));
      return {
        isEmpty: data.length === 0,
        nodes: readable(Spending, data),
        pageInfo: {
          hasNextPage: has_more,
          endCursor: last.success ? last.output.query_id : null,
          hasPreviousPage: null,
          startCursor: null,
        },
      };
    }, options);
  }
}

/** Those not older than a time, of a list that has the newest first. */
async function* youngerThan(since: Date | undefined, spendings: AsyncIterable<Spending>) {
  for await (const spending of spendings) {
    if (since && new Date(spending.time) < since) return;
    yield spending;
  }
}
