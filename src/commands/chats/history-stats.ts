import {Command, Option} from 'commander';
import type {Context} from '../../context/context.js';
import type {Since} from '../../core/account.js';
import {bar} from '../../output/format/numbers.js';
import type {Column} from '../../output/list/columns.js';
import {parseSince, sinceDate} from '../shared/options/parse-since.js';

export const historyStats = (context: Context) =>
  new Command('stats')
    .summary('Count your chats and messages')
    .description(
      'Count the chats, messages and words in the archive, which poe sync fills, by bot or month, with a chart on a terminal.',
    )
    .addOption(new Option('--by <group>', 'Group by bot or month').choices(['bot', 'month']).default('bot'))
    .option('--since <time>', 'Only messages since then: 7d, 2w or 2026-04-01', parseSince)
    .action(async ({by, since}: {by: 'bot' | 'month'; since?: Since}) => {
      const archive = await context.openArchive();
      try {
        const rows = archive.statistics(by, since && sinceDate(since).toISOString());
        const most = Math.max(1, ...rows.map(({messages}) => messages));
        await context.output.list(rows, columns(by, context.io.stdout.isTTY ? most : undefined), {
          empty: 'The archive is empty. To copy your chats: poe sync',
        });
      } finally {
        archive.close();
      }
    });

type ChatStatistics = ReturnType<Awaited<ReturnType<Context['openArchive']>>['statistics']>[number];

const chartWidth = 20;

/** @param most the largest number of messages; undefined: without a chart */
function columns(by: 'bot' | 'month', most: number | undefined): Column<ChatStatistics>[] {
  return [
    {title: by === 'bot' ? 'Bot' : 'Month', value: ({name}) => name, flex: true},
    {title: 'Chats', value: ({chats}) => chats, align: 'right'},
    {title: 'Messages', value: ({messages}) => messages, align: 'right'},
    {title: 'Words', value: ({words}) => words, shown: ({words}) => words.toLocaleString('en-US'), align: 'right'},
    ...(most === undefined
      ? []
      : [{title: '', value: ({messages}: ChatStatistics) => bar(messages, most, chartWidth)}]),
  ];
}
