import {type HttpResponse, json} from '../server/http.js';
import {pointsPerDollar, type RequestCost} from './cost.js';
import {errorResponse} from './errors.js';

/** The response of `/usage/current_balance`. Times are in microseconds since 1970. */
export const balance = {
  current_point_balance: 2_640,
  plan_points_balance: 2_400,
  addon_point_balance: 240,
  plan_balance_usd: '0.0728',
  addon_balance_usd: '0.0073',
  total_balance_usd: '0.0801',
  points_cycle_start_time: 1_787_788_800_000_000,
  next_daily_grant_time: Date.UTC(2027, 0, 1) * 1000,
  next_monthly_grant_time: 0,
  next_daily_grant_amount: 3_000,
  next_monthly_grant_amount: 0,
  auto_recharge: {
    enabled: true,
    status: 'active',
    threshold_points: 500,
    threshold_usd: '0.02',
    refill_points: 333_000,
    refill_usd: '10.00',
    last_recharge_failure_time: null,
  },
};

interface UsageRow {
  bot_name: string;
  creation_time: number;
  query_id: string;
  cost_points: number;
  cost_usd: string;
  cost_breakdown_in_points: RequestCost['breakdown'];
  usage_type: 'API' | 'Chat';
  chat_name: string | null;
  canvas_tab_name: string | null;
  api_key_name: string | null;
}

/** The costs of the replies since the sandbox started, newest first. */
export class UsageLedger {
  readonly rows: UsageRow[] = [];

  /** Adds a reply on the site. @param chat its title may be given later */
  addReply(bot: string, points: number, chat: {title: string | null}): void {
    this.rows.unshift({
      ...this.#row(bot, points, {Total: `${points} points`}),
      usage_type: 'Chat',
      get chat_name() {
        return chat.title;
      },
      api_key_name: null,
    });
  }

  addRequest(bot: string, {points, breakdown}: RequestCost): void {
    this.rows.unshift(this.#row(bot, points, breakdown));
  }

  /** All rows, also those of the 30 days before. */
  get history(): UsageRow[] {
    return [...this.rows, ...pastRows()];
  }

  #row(bot: string, points: number, breakdown: RequestCost['breakdown']): UsageRow {
    return {
      bot_name: bot,
      creation_time: Date.now() * 1000,
      query_id: `s${this.rows.length}`,
      cost_points: points,
      cost_usd: (points / pointsPerDollar).toFixed(4),
      cost_breakdown_in_points: breakdown,
      usage_type: 'API',
      chat_name: null,
      canvas_tab_name: null,
      api_key_name: 'sandbox',
    };
  }
}

/** Answers `/usage/points_history` with one page. */
export function pointsHistory(query: URLSearchParams, ledger: UsageLedger): HttpResponse {
  const limit = Number(query.get('limit') ?? 20);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) return errorResponse(400, 'limit must be 1 to 100.');
  const rows = ledger.history;
  const after = query.get('starting_after');
  const start = after === null ? 0 : rows.findIndex(({query_id}) => query_id === after) + 1;
  if (after !== null && start === 0) return errorResponse(400, 'starting_after is unknown.');
  const data = rows.slice(start, start + limit);
  return json(200, {has_more: start + limit < rows.length, length: data.length, data});
}

const pastBots = ['Claude-Sonnet-4.6', 'Assistant', 'Gemini-2.0-Flash'] as const;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** 230 rows, one every three hours up to a minute ago, newest first. A newer one could be taken for the cost of a message. */
const pastRows = (): UsageRow[] =>
  Array.from({length: 230}, (_, index) => {
    const isApi = index % 2 === 0;
    const points = 10 + (index % 3) * 10;
    return {
      bot_name: pastBots[index % pastBots.length] ?? pastBots[0],
      creation_time: (Date.now() - minuteMs - index * 3 * hourMs) * 1000,
      query_id: `q${String(index).padStart(4, '0')}`,
      cost_points: points,
      cost_usd: '0.0003',
      cost_breakdown_in_points: {Total: `${points} points`},
      usage_type: isApi ? 'API' : 'Chat',
      chat_name: isApi ? null : `Chat ${index}`,
      canvas_tab_name: null,
      api_key_name: isApi ? 'laptop' : null,
    };
  });
