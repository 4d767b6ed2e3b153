import * as v from 'valibot';
import {readable} from '../../model.js';
import {forwards} from '../../pages.js';
import type {CallOptions, ListOptions} from '../../options.js';
import type {Api} from '../http/api.js';
import type {Balance, Since, Spending, UsageBy, UsageSum} from '../../account.js';
import {summed} from './usage.js';

const text = v.fallback(v.nullish(v.string(), null), null);
/** A number, or its digits. */
const amount = v.union([v.number(), v.pipe(v.string(), v.nonEmpty(), v.transform(Number), v.finite())]);
const count = v.fallback(v.nullish(amount, null), null);

/** Microseconds; milliseconds and seconds where somebody keeps to those. */
const moment = v.pipe(
  amount,
  v.transform((told) => new Date(told > 1e14 ? told / 1000 : told > 1e11 ? told : told * 1000)),
  v.check((date) => !Number.isNaN(date.getTime())),
  v.transform((date) => date.toISOString()),
);
/** 0 for never. */
const time = v.fallback(
  v.nullish(
    v.union([
      v.pipe(
        v.literal(0),
        v.transform(() => null),
      ),
      moment,
    ]),
    null,
  ),
  null,
);

/** The API documents only the first field as always present. */
const balanceSchema = v.pipe(
  v.object({
    current_point_balance: amount,
    plan_points_balance: count,
    addon_point_balance: count,
    total_balance_usd: count,
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
) satisfies v.GenericSchema<unknown, Balance>;

const spendingSchema = v.pipe(
  v.object({
    bot_name: text,
    /** Poe's own example calls it so. */
    app_name: text,
    creation_time: moment,
    query_id: v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
    cost_points: amount,
    cost_usd: count,
    usage_type: text,
    chat_name: text,
    api_key_name: text,
  }),
  v.transform((told) => ({
    time: told.creation_time,
    bot: told.bot_name ?? told.app_name ?? '',
    points: told.cost_points,
    usd: told.cost_usd,
    type: told.usage_type,
    chat: told.chat_name,
    key: told.api_key_name,
    queryId: told.query_id,
  })),
) satisfies v.GenericSchema<unknown, Spending>;

const cursor = v.fallback(v.nullish(v.union([v.string(), v.pipe(v.number(), v.transform(String))]), null), null);
/** Where it is not told whether there is more, a full page is followed by another. */
const History = v.object({
  has_more: v.fallback(v.nullish(v.boolean(), null), null),
  next_cursor: cursor,
  data: v.array(v.unknown()),
});
const LastOfPage = v.object({query_id: cursor});
const mostAPage = 100;

/** The points of the account that the key belongs to. Each method throws PoeError. */
export class ApiAccount {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  balance(options?: CallOptions): Promise<Balance> {
    return this.#api.get('/usage/current_balance', balanceSchema, options);
  }

  /** What was spent since a time, or for so long by Poe's clock, summed up. */
  usage(by: UsageBy, {since, signal}: CallOptions & {since?: Since} = {}): Promise<UsageSum[]> {
    return summed(this.#youngerThan(since, this.spendings({signal})), by);
  }

  /** What was spent, newest first, on poe.com too; Poe tells of the last 30 days. */
  spendings(options: ListOptions = {}): AsyncGenerator<Spending, void, undefined> {
    return forwards(async (cursor) => {
      const after = cursor === undefined ? '' : `&starting_after=${encodeURIComponent(cursor)}`;
      const wanted = Math.min(options.limit ?? mostAPage, mostAPage);
      const {data, has_more, next_cursor} = await this.#api.get(
        `/usage/points_history?limit=${wanted}${after}`,
        History,
        options,
      );
      const last = v.safeParse(LastOfPage, data.at(-1));
      return {
        isEmpty: data.length === 0,
        // Poe has the newest first; whether always, it does not say.
        nodes: readable(spendingSchema, data).toSorted((a, b) => b.time.localeCompare(a.time)),
        pageInfo: {
          hasNextPage: has_more ?? data.length >= wanted,
          endCursor: (last.success ? last.output.query_id : null) ?? next_cursor,
          hasPreviousPage: null,
          startCursor: null,
        },
      };
    }, options);
  }

  /** Of a list that has the newest first. */
  async *#youngerThan(since: Since | undefined, spendings: AsyncIterable<Spending>) {
    for await (const spending of spendings) {
      // Poe's clock is known now that there is an answer.
      const first = since instanceof Date ? since.getTime() : this.#api.clock.now() - (since?.agoMs ?? Number.NaN);
      if (Date.parse(spending.time) < first) return;
      yield spending;
    }
  }
}
