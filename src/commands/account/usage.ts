import {Command, Option} from 'commander';
import type {Context} from '../../context/context.js';
import type {Since, Spending, UsageBy, UsageSum} from '../../core/account.js';
import {bar, dollars} from '../../output/format/numbers.js';
import {relativeTime} from '../../output/format/time.js';
import {parseSince} from '../shared/options/parse-since.js';
import {addExamples, type Example} from '../shared/options/examples.js';
import type {Column} from '../../output/list/columns.js';

interface UsageFlags {
  by?: UsageBy;
  since?: Since;
  csv?: boolean;
  list?: boolean;
}

export const usage = (context: Context) =>
  addExamples(new Command('usage'), examples)
    .summary('Show points spent by bot, day or key')
    .description('Show how many points you spent in the last 30 days, on poe.com and with API keys. Needs an API key.')
    .addOption(
      new Option('--by <group>', 'Group by bot, day, month, chat or key (default: bot)').choices([
        'bot',
        'day',
        'month',
        'chat',
        'key',
      ]),
    )
    .option('--since <time>', 'Include only usage since then: 12h, 7d, 2w or 2026-04-01', parseSince)
    .option('--list', 'List each charge with its tokens')
    .option('--csv', 'Print CSV with a header row')
    .action(async ({by: group, since, csv = false, list = false}: UsageFlags) => {
      if (list && group === undefined) return listSpendings(context, {since, csv});
      const by = group ?? 'bot';
      const sums = await context.client.account.usage(by, {since, signal: context.signal});
      if (since && durationOf(since) > maxDurationMs) {
        context.output.note('Poe only shows the last 30 days.');
      }
      if (csv) return context.output.text(csvOf(sums, by));
      await context.output.list(sums, columns(by, sums, context.io.stdout.isTTY === true), {
        empty: 'No points were spent.',
      });
    });

async function listSpendings({client, output, signal}: Context, {since, csv}: UsageFlags): Promise<void> {
  const spendings = client.account.spendings({since, signal});
  if (!csv) {
    await output.list(spendings, spendingColumns, {empty: 'No points were spent.'});
    return;
  }
  output.text(csvLine(spendingColumns.map(({title}) => title.toLowerCase())));
  for await (const spending of spendings) output.text(csvLine(spendingColumns.map(({value}) => value(spending))));
}

const spendingColumns: readonly Column<Spending>[] = [
  {title: 'Time', value: ({time}) => time, shown: ({time}) => relativeTime(time)},
  {title: 'Bot', value: ({bot}) => bot},
  {title: 'Points', value: ({points}) => points, align: 'right'},
  {title: 'USD', value: ({usd}) => usd, shown: ({usd}) => (usd === null ? '' : dollars(usd)), align: 'right'},
  {title: 'Input', value: ({tokens}) => tokens.input, align: 'right'},
  {title: 'Output', value: ({tokens}) => tokens.output, align: 'right'},
  {title: 'Cached', value: ({tokens}) => tokens.cached, align: 'right'},
  {title: 'Key', value: ({key}) => key},
  {title: 'Chat', value: ({chat, canvas}) => canvas ?? chat, flex: true},
];

const titles = {bot: 'Bot', day: 'Day', month: 'Month', chat: 'Chat', key: 'Key'};
const barCells = 24;

function columns(by: UsageBy, sums: readonly UsageSum[], hasBars: boolean): Column<UsageSum>[] {
  const largest = Math.max(0, ...sums.map(({points}) => points));
  return [
    {title: titles[by], value: ({name}) => name, shown: ({name}) => name ?? (by === 'chat' ? '(no chat)' : '(no key)')},
    {title: 'Points', value: ({points}) => points, shown: ({points}) => points.toLocaleString('en-US'), align: 'right'},
    {title: 'USD', value: ({usd}) => usd, shown: ({usd}) => (usd === null ? '' : dollars(usd)), align: 'right'},
    {title: 'Charges', value: ({count}) => count, align: 'right'},
    ...(hasBars ? [{title: '', value: ({points}: UsageSum) => bar(points, largest, barCells), flex: true}] : []),
  ];
}

function csvOf(sums: readonly UsageSum[], by: UsageBy): string {
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
