import {Command, Option} from 'commander';
import type {Context} from '../../context/context.js';
import type {Since} from '../../core/account.js';
import type {ChargeSum, RecordedUsageBy} from '../../core/spending/sum-usage.js';
import type {RecordedSpending} from '../../core/spending/recorded-spending.js';
import type {BudgetStatus} from '../../core/spending/ledger.js';
import {forecast} from '../../output/format/forecast.js';
import {PoeError} from '../../core/errors.js';
import {bar, barWithLimit, dollars, points} from '../../output/format/numbers.js';
import {relativeTime} from '../../output/format/time.js';
import {parseSince} from '../shared/options/parse-since.js';
import {rechargeText} from '../shared/view/recharge.js';
import {addExamples, type Example} from '../shared/options/examples.js';
import type {Column} from '../../output/list/columns.js';

interface UsageFlags {
  by?: RecordedUsageBy;
  since?: Since;
  csv?: boolean;
  list?: boolean;
}

export const usage = (context: Context) =>
  addExamples(new Command('usage'), examples)
    .summary('Show points spent by bot, day or key')
    .description('Show how many points you spent in the last 30 days, on poe.com and with API keys.')
    .addOption(
      new Option('--by <group>', 'Group by bot, day, month, chat, key or client (default: bot)').choices([
        'bot',
        'day',
        'month',
        'chat',
        'key',
        'client',
      ]),
    )
    .option('--since <time>', 'Include only usage since then: 12h, 7d, 2w or 2026-04-01', parseSince)
    .option('--list', 'List each charge with its tokens')
    .option('--csv', 'Print CSV with a header row')
    .action(async ({by: group, since, csv = false, list = false}: UsageFlags) => {
      if (csv && context.output.isJson)
        throw new PoeError('usage', '--csv and --json cannot be combined', {hint: 'Use only one of them.'});
      if (list && group === undefined) return listSpendings(context, {since, csv});
      const by = group ?? 'bot';
      const spendings = await context.spendings({since, isWhole: by === 'month', isLocal: by === 'client'});
      noteLimits(context, spendings, since);
      const sums = await context.sumSpendings(spendings, by);
      if (csv) return context.output.text(csvOf(sums, by));
      const isChart = context.io.stdout.isTTY === true && !context.output.isJson;
      const budget = isChart ? await context.client.budget.get() : null;
      const width = isChart ? (context.io.stdout.columns ?? 80) : 0;
      const shown = [...columns(by), ...(isChart ? [chart(by, sums, {budget, width})] : [])];
      await context.output.list(sums, shown, {empty: 'No points were spent.'});
      if (isChart) await noteOutlook(context, spendings, budget);
    });

/** What is left of the budget and of the balance, and whether Poe will buy points. */
async function noteOutlook(
  {client, output, signal}: Context,
  spendings: readonly RecordedSpending[],
  budget: BudgetStatus | null,
): Promise<void> {
  if (budget) {
    const {limit, period, left} = budget;
    output.note(`${points(Math.floor(left))} of your budget of ${points(limit)} a ${period} are left.`);
  }
  // The list is already printed, and is complete without this.
  const balance = await client.account.balance({signal}).catch(() => undefined);
  if (balance?.points == null) return;
  const isApi = 'nextDailyGrant' in balance;
  const grants = isApi ? [balance.nextDailyGrant, balance.nextMonthlyGrant] : [];
  const nextGrant = grants.find((grant) => grant.time !== null && grant.points)?.time ?? null;
  const text = forecast({spendings, balance: balance.points, nextGrant});
  if (text !== null) output.note(text);
  if (isApi && balance.autoRecharge?.isOn) output.note(`Auto-recharge is ${rechargeText(balance.autoRecharge)}.`);
}

async function listSpendings(context: Context, {since, csv}: {since: Since | undefined; csv: boolean}): Promise<void> {
  const {output} = context;
  const spendings = await context.spendings({since});
  noteLimits(context, spendings, since);
  if (!csv) {
    await output.list(spendings, spendingColumns, {empty: 'No points were spent.'});
    return;
  }
  output.text(csvLine(spendingColumns.map(({title}) => title.toLowerCase())));
  for (const spending of spendings) output.text(csvLine(spendingColumns.map(({value}) => value(spending))));
}

/** What the list or the sums leave out. */
function noteLimits({output}: Context, spendings: readonly RecordedSpending[], since: Since | undefined): void {
  if (since && durationOf(since) > maxDurationMs) {
    output.note('Poe only shows the last 30 days. Before that, only charges that poe has recorded are included.');
  }
  const unknown = spendings.filter(({points}) => points === null).length;
  if (unknown > 0) {
    output.note(`The cost of ${unknown === 1 ? '1 reply' : `${unknown} replies`} is not known yet.`);
  }
}

const spendingColumns: readonly Column<RecordedSpending>[] = [
  {title: 'Time', value: ({time}) => time, shown: ({time}) => relativeTime(time)},
  {title: 'Bot', value: ({bot}) => bot},
  {title: 'Points', value: ({points}) => points, shown: pointsText, align: 'right'},
  {title: 'USD', value: ({usd}) => usd, shown: ({usd}) => (usd === null ? '' : dollars(usd)), align: 'right'},
  {title: 'Input', value: ({tokens}) => tokens.input, align: 'right'},
  {title: 'Output', value: ({tokens}) => tokens.output, align: 'right'},
  {title: 'Cached', value: ({tokens}) => tokens.cached, align: 'right'},
  {title: 'Key', value: ({key}) => key},
  {title: 'Chat', value: ({chat, canvas}) => canvas ?? chat, flex: true},
];

function pointsText({points, isEstimate}: RecordedSpending): string {
  if (points === null) return 'unknown';
  return `${isEstimate ? '~' : ''}${points.toLocaleString('en-US')}`;
}

const titles = {bot: 'Bot', day: 'Day', month: 'Month', chat: 'Chat', key: 'Key', client: 'Client'};
/** The row of charges that belong to none. */
const noNames: Readonly<Partial<Record<RecordedUsageBy, string>>> = {
  chat: '(no chat)',
  key: '(no key)',
  client: '(no client)',
};
const maxBarCells = 24;
/** As wide as the title. A list omits other columns before it makes this one narrower. */
const minBarCells = 10;

const columns = (by: RecordedUsageBy): Column<ChargeSum>[] => [
  {title: titles[by], value: ({name}) => name, shown: ({name}) => name ?? noNames[by] ?? ''},
  {
    title: 'Points',
    value: ({points}) => points,
    shown: ({points}) => points?.toLocaleString('en-US') ?? 'unknown',
    align: 'right',
  },
  {title: 'USD', value: ({usd}) => usd, shown: ({usd}) => (usd === null ? '' : dollars(usd)), align: 'right'},
  {title: 'Charges', value: ({count}) => count, align: 'right'},
];

/** @param options.width that of the terminal: a bar that is cut off would show a wrong amount */
function chart(
  by: RecordedUsageBy,
  sums: readonly ChargeSum[],
  {budget, width}: {budget: BudgetStatus | null; width: number},
): Column<ChargeSum> {
  const limit = budget?.period === by ? budget.limit : 0;
  const largest = Math.max(limit, ...sums.map((sum) => sum.points ?? 0));
  const others = columns(by).map(({title, value, shown}) =>
    Math.max(title.length, ...sums.map((sum) => (shown ? shown(sum) : String(value(sum))).length)),
  );
  const rest = others.reduce((left, each) => left - each - 2, width);
  const cells = Math.min(maxBarCells, Math.max(minBarCells, rest));
  const barOf = (value: number) =>
    limit > 0 ? barWithLimit(value, limit, {largest, cells}) : bar(value, largest, cells);
  return {title: limit > 0 ? '│ = budget' : '', value: (sum) => barOf(sum.points ?? 0), flex: true};
}

function csvOf(sums: readonly ChargeSum[], by: RecordedUsageBy): string {
  const rows = sums.map(({name, points, usd, count}) => [name, points, usd, count]);
  return [[by, 'points', 'usd', 'count'], ...rows].map(csvLine).join('');
}

const csvLine = (row: readonly (string | number | null)[]): string => row.map(csvCell).join(',') + '\r\n';

/** Quotes a value as RFC 4180 requires. */
function csvCell(value: string | number | null): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** How far back Poe's history goes, plus a minute for the duration of the request. */
const maxDurationMs = 30 * 86_400_000 + 60_000;

const durationOf = (since: Since): number => (since instanceof Date ? Date.now() - since.getTime() : since.agoMs);

const examples: readonly Example[] = [
  ['poe usage --since 7d'],
  ['poe usage --by day'],
  ['poe usage --by key --csv > usage.csv'],
  ['poe usage --json | jq .points'],
];
