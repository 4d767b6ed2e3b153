import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import type {ShownStatus} from '../../context/serve/serving.js';
import {points} from '../../output/format/numbers.js';
import {relativeTime} from '../../output/format/time.js';
import type {Column} from '../../output/list/columns.js';

export const status = (context: Context) =>
  new Command('status')
    .summary('Show the running servers')
    .description(
      "Show the servers of the profile that are running, with today's points and the page that shows their clients.",
    )
    .action(async () => {
      const serving = await context.serving();
      await context.output.list(serving.status(context.signal), columns, {
        empty: 'No server is running. Start one with: poe serve',
      });
    });

const columns: readonly Column<ShownStatus>[] = [
  {title: 'URL', value: ({url}) => url},
  {title: 'Backend', value: ({via}) => via},
  {title: 'Started', value: ({startedTime}) => startedTime, shown: ({startedTime}) => relativeTime(startedTime)},
  {title: 'Active', value: ({requests}) => requests.active, align: 'right'},
  {title: 'Requests', value: ({requests}) => requests.total, align: 'right'},
  {
    title: 'Points today',
    value: ({points: {today}}) => today,
    shown: ({points: {today}}) => (today === null ? 'unknown' : points(Math.round(today))),
    align: 'right',
  },
  {title: 'Page', value: ({page}) => page, flex: true},
];
