import {Command, Option} from 'commander';
import type {Context} from '../../context/context.js';
import type {ArchiveStatistics} from '../../core/archive/archive-store.js';
import type {Since} from '../../core/account.js';
import {bar} from '../../output/format/numbers.js';
import type {Column} from '../../output/list/columns.js';
import {parseSince, sinceDate} from '../shared/options/parse-since.js';

export const historyStats = (context: Context) =>
  new Command('stats')
    .summary('Count your chats and messages')
    .description(
      'Count the chats, messages, words and points in the archive, which poe sync fills, by bot or month, with a chart on a terminal. Points are counted as far as Poe sends them or poe has recorded them.',
    )
    .addOption(
      new Option('--by <group>', 'Group by bot or month (default: bot)').choices(['bot', 'month']).default('bot'),
    )
    .option('--since <time>', 'Only messages since then: 7d, 2w or 2026-04-01', parseSince)
    .action(({by, since}: {by: 'bot' | 'month'; since?: Since}) =>
      context.withArchive(async (archive) => {
        const start = since && sinceDate(since);
        const points = sums(await context.pointsSpent(archive, start), by);
        const rows = archive
          .statistics(by, start)
          .map((row): Row => Object.assign(row, {points: points.get(row.name.toLowerCase()) ?? null}));
        const most = Math.max(1, ...rows.map(({messages}) => messages));
        const {isTTY, columns: width = 80} = context.io.stdout;
        const chart = isTTY ? {most, cells: Math.min(maxCells, Math.floor(width / 5))} : undefined;
        await context.output.list(rows, columns(by, chart), {
          empty: 'The archive is empty. To copy your chats: poe sync',
        });
      }),
    );

/** The points of a bot or a month. */
function sums(
  spent: readonly {bot: string; month: string; points: number}[],
  by: 'bot' | 'month',
): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  for (const each of spent) {
    const name = each[by].toLowerCase();
    all.set(name, (all.get(name) ?? 0) + each.points);
  }
  return all;
}

/** A bot or a month. The points are null if nothing is known about them. */
type Row = ArchiveStatistics & {points: number | null};

const maxCells = 20;

/** @param chart the largest number of messages, and the width of its bar; undefined: without a chart */
function columns(by: 'bot' | 'month', chart: {most: number; cells: number} | undefined): Column<Row>[] {
  return [
    {title: by === 'bot' ? 'Bot' : 'Month', value: ({name}) => name, flex: true},
    {title: 'Chats', value: ({chats}) => chats, align: 'right', isOptional: true},
    {title: 'Messages', value: ({messages}) => messages, align: 'right'},
    {
      title: 'Words',
      value: ({words}) => words,
      shown: ({words}) => words.toLocaleString('en-US'),
      align: 'right',
      isOptional: true,
    },
    {
      title: 'Points',
      value: ({points}) => points,
      shown: ({points}) => (points === null ? '–' : Math.round(points).toLocaleString('en-US')),
      align: 'right',
    },
    ...(chart ? [{title: '', value: ({messages}: Row) => bar(messages, chart.most, chart.cells)}] : []),
  ];
}
