import {Command, InvalidArgumentError, Option} from 'commander';
import type {Context} from '../../context/context.js';
import type {Since, UsageBy, UsageSum} from '../../core/account.js';
import {bar, dollars} from '../../output/format/numbers.js';
import {addExamples, type Example} from '../shared/examples.js';
import type {Column} from '../../output/list/columns.js';

interface UsageFlags {
  by: UsageBy;
  since?: Since;
  csv?: boolean;
}

export const usage = (context: Context) =>
  addExamples(new Command('usage'), examples)
    .summary('Show points spent by bot, day or key')
    .description('Show how many points you spent in the last 30 days, on poe.com and with API keys. Needs an API key.')
    .addOption(
      new Option('--by <group>', 'Group by bot, day or key (default: bot)')
        .choices(['bot', 'day', 'key'])
        .default('bot'),
    )
    .option('--since <time>', 'Include only usage since then: 12h, 7d, 2w or 2026-04-01', since)
    .option('--csv', 'Print CSV with a header row')
    .action(async ({by, since, csv = false}: UsageFlags) => {
      const sums = await context.client.account.usage(by, {since, signal: context.signal});
      if (since && durationOf(since) > maxDurationMs) {
        context.output.note('Poe only shows the last 30 days.');
      }
      if (csv) return context.output.text(csvOf(sums, by));
      await context.output.list(sums, columns(by, sums, context.io.stdout.isTTY === true), {
        empty: 'No points were spent.',
      });
    });

const titles = {bot: 'Bot', day: 'Day', key: 'Key'};
const barCells = 24;

function columns(by: UsageBy, sums: readonly UsageSum[], hasBars: boolean): Column<UsageSum>[] {
  const largest = Math.max(0, ...sums.map(({points}) => points));
  return [
    {title: titles[by], value: ({name}) => name, shown: ({name}) => name ?? '(no key)'},
    {title: 'Points', value: ({points}) => points, shown: ({points}) => points.toLocaleString('en-US'), align: 'right'},
    {title: 'USD', value: ({usd}) => usd, shown: ({usd}) => (usd === null ? '' : dollars(usd)), align: 'right'},
    {title: 'Charges', value: ({count}) => count, align: 'right'},
    ...(hasBars ? [{title: '', value: ({points}: UsageSum) => bar(points, largest, barCells), flex: true}] : []),
  ];
}

function csvOf(sums: readonly UsageSum[], by: UsageBy): string {
  const rows = sums.map(({name, points, usd, count}) => [name, points, usd, count]);
  return [[by, 'points', 'usd', 'count'], ...rows].map((row) => row.map(csvCell).join(',') + '\r\n').join('');
}

/** Quotes a value as RFC 4180 requires. */
function csvCell(value: string | number | null): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** How far back Poe's history goes, plus a minute for the duration of the request. */
const maxDurationMs = 30 * 86_400_000 + 60_000;

const unitMs = {h: 3_600_000, d: 86_400_000, w: 604_800_000};

const durationOf = (since: Since): number => (since instanceof Date ? Date.now() - since.getTime() : since.agoMs);

function since(value: string): Since {
  const [, count, unit] = /^(\d{1,4})([hdw])$/.exec(value) ?? [];
  if (count !== undefined && (unit === 'h' || unit === 'd' || unit === 'w'))
    return {agoMs: Number(count) * unitMs[unit]};
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(value);
  const date = new Date(isDay ? `${value}T00:00` : /^\d{4}-/.test(value) ? value : Number.NaN);
  if (!Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError('Expected a duration such as 12h, 7d or 2w, or a date such as 2026-04-01.');
}

const examples: readonly Example[] = [
  ['poe usage --since 7d'],
  ['poe usage --by day'],
  ['poe usage --by key --csv > usage.csv'],
  ['poe usage --json | jq .points'],
];
