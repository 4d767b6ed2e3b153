import {type HttpAnswer, json} from '../server/http.js';
import {failed} from './errors.js';

const nextGrant = Date.UTC(2027, 0, 1) * 1000;

export const balance = () => ({
  current_point_balance: 2_640,
  plan_points_balance: 2_400,
  addon_point_balance: 240,
  plan_balance_usd: '0.0728',
  addon_balance_usd: '0.0073',
  total_balance_usd: '0.0801',
  points_cycle_start_time: 1_787_788_800_000_000,
  next_daily_grant_time: nextGrant,
  next_monthly_grant_time: 0,
  next_daily_grant_amount: 3_000,
  next_monthly_grant_amount: 0,
  auto_recharge: null,
});

const bots = ['Claude-Sonnet-4.6', 'Assistant', 'Gemini-2.0-Flash'] as const;
const hourMs = 3_600_000;
const count = 230;

/** One every three hours back from now, newest first: three pages of 100. */
const rows = () =>
  Array.from({length: count}, (_, index) => {
    const bot: string = bots[index % bots.length] ?? bots[0];
    const isApi = index % 2 === 0;
    return {
      bot_name: bot,
      creation_time: (Date.now() - index * 3 * hourMs) * 1000,
      query_id: `q${String(index).padStart(4, '0')}`,
      cost_points: 10 + (index % 3) * 10,
      cost_usd: '0.0003',
      cost_breakdown_in_points: {Total: `${10 + (index % 3) * 10} points`},
      usage_type: isApi ? 'API' : 'Chat',
      chat_name: isApi ? null : `Chat ${index}`,
      canvas_tab_name: null,
      api_key_name: isApi ? 'laptop' : null,
    };
  });

type Row = ReturnType<typeof rows>[number];

/** What was spent since the sandbox began, newest first. */
export class Ledger {
  readonly spent: Row[] = [];

  spend(bot: string): void {
    this.spent.unshift({
      bot_name: bot,
      creation_time: Date.now() * 1000,
      query_id: `s${this.spent.length}`,
      cost_points: 17,
      cost_usd: '0.0005',
      cost_breakdown_in_points: {Total: '17 points'},
      usage_type: 'API',
      chat_name: null,
      canvas_tab_name: null,
      api_key_name: 'sandbox',
    });
  }
}

/** One page of what was spent. */
export function pointsHistory(query: URLSearchParams, {spent}: Ledger): HttpAnswer {
  const limit = Number(query.get('limit') ?? 20);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) return failed(400, 'limit must be 1 to 100.');
  const all = [...spent, ...rows()];
  const after = query.get('starting_after');
  const at = after === null ? 0 : all.findIndex(({query_id}) => query_id === after) + 1;
  if (after !== null && at === 0) return failed(400, 'starting_after is not known.');
  const data = all.slice(at, at + limit);
  return json(200, {has_more: at + limit < all.length, length: data.length, data});
}
