import * as v from 'valibot';
import type {Balance, Spending} from '../../account.js';

/*
 * The responses of `/usage/current_balance` and `/usage/points_history` (Poe's Usage API, late 2025, and recorded in
 * April 2026).
 */

const text = v.fallback(v.nullish(v.string(), null), null);
/** A number, or a string of digits. */
const amount = v.union([
  v.pipe(v.number(), v.finite()),
  v.pipe(v.string(), v.nonEmpty(), v.transform(Number), v.finite()),
]);
const count = v.fallback(v.nullish(amount, null), null);

/** Poe sends microseconds; milliseconds and seconds are recognized by their size. */
const timestamp = v.pipe(
  amount,
  v.transform((value) => new Date(value > 1e14 ? value / 1000 : value > 1e11 ? value : value * 1000)),
  v.check((date) => !Number.isNaN(date.getTime())),
  v.transform((date) => date.toISOString()),
);
/** 0 means never. */
const optionalTimestamp = v.fallback(
  v.nullish(
    v.union([
      v.pipe(
        v.literal(0),
        v.transform(() => null),
      ),
      timestamp,
    ]),
    null,
  ),
  null,
);

const autoRechargeSchema = v.fallback(
  v.nullish(
    v.pipe(
      v.object({
        enabled: v.fallback(v.nullish(v.boolean(), false), false),
        status: text,
        threshold_points: count,
        threshold_usd: count,
        refill_points: count,
        refill_usd: count,
        last_recharge_failure_time: optionalTimestamp,
      }),
      v.transform((recharge) => ({
        isOn: recharge.enabled,
        status: recharge.status,
        thresholdPoints: recharge.threshold_points,
        thresholdUsd: recharge.threshold_usd,
        refillPoints: recharge.refill_points,
        refillUsd: recharge.refill_usd,
        lastFailureTime: recharge.last_recharge_failure_time,
      })),
    ),
    null,
  ),
  null,
);

/** Poe documents only the first field. */
export const balanceSchema = v.pipe(
  v.object({
    current_point_balance: amount,
    plan_points_balance: count,
    addon_point_balance: count,
    total_balance_usd: count,
    plan_balance_usd: count,
    addon_balance_usd: count,
    points_cycle_start_time: optionalTimestamp,
    auto_recharge: autoRechargeSchema,
    next_daily_grant_time: optionalTimestamp,
    next_daily_grant_amount: count,
    next_monthly_grant_time: optionalTimestamp,
    next_monthly_grant_amount: count,
    email: text,
  }),
  v.transform((balance) => ({
    points: balance.current_point_balance,
    planPoints: balance.plan_points_balance,
    addonPoints: balance.addon_point_balance,
    usd: balance.total_balance_usd,
    planUsd: balance.plan_balance_usd,
    addonUsd: balance.addon_balance_usd,
    cycleStartTime: balance.points_cycle_start_time,
    nextDailyGrant: {time: balance.next_daily_grant_time, points: balance.next_daily_grant_amount},
    nextMonthlyGrant: {time: balance.next_monthly_grant_time, points: balance.next_monthly_grant_amount},
    autoRecharge: balance.auto_recharge,
    email: balance.email,
  })),
) satisfies v.GenericSchema<unknown, Balance>;

/** Poe shows tokens in texts such as `450 points (5290 tokens)` only (recorded in 2026). */
function tokensIn(value: unknown): number | null {
  const [, count] = typeof value === 'string' ? (/\(([\d,]+) tokens?\)/.exec(value) ?? []) : [];
  return count === undefined ? null : Number(count.replaceAll(',', ''));
}

export const spendingSchema = v.pipe(
  v.object({
    bot_name: text,
    /** The field's name in an example of Poe's documentation. */
    app_name: text,
    creation_time: timestamp,
    query_id: v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
    cost_points: amount,
    cost_usd: count,
    usage_type: text,
    canvas_tab_name: text,
    cost_breakdown_in_points: v.fallback(v.nullish(v.record(v.string(), v.unknown()), {}), {}),
    chat_name: text,
    api_key_name: text,
  }),
  v.transform((spending) => ({
    time: spending.creation_time,
    bot: spending.bot_name ?? spending.app_name ?? '',
    points: spending.cost_points,
    usd: spending.cost_usd,
    type: spending.usage_type,
    chat: spending.chat_name,
    canvas: spending.canvas_tab_name,
    key: spending.api_key_name,
    tokens: {
      input: tokensIn(spending.cost_breakdown_in_points['Input']),
      output: tokensIn(spending.cost_breakdown_in_points['Output']),
      cached: tokensIn(spending.cost_breakdown_in_points['Cache discount']),
    },
    queryId: spending.query_id,
  })),
) satisfies v.GenericSchema<unknown, Spending>;

const cursor = v.fallback(v.nullish(v.union([v.string(), v.pipe(v.number(), v.transform(String))]), null), null);

/** A page of the points history. `has_more` may be missing. */
export const spendingPageSchema = v.object({
  has_more: v.fallback(v.nullish(v.boolean(), null), null),
  next_cursor: cursor,
  data: v.array(v.unknown()),
});
/** The entry whose id is the cursor of the next page. */
export const pageEndSchema = v.object({query_id: cursor});
