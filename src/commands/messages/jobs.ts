import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import type {UnfinishedReply} from '../../core/journal/unfinished.js';
import {relativeTime} from '../../output/format/time.js';
import type {Column} from '../../output/list/columns.js';

export const jobs = (context: Context) =>
  new Command('jobs')
    .summary('List messages without a complete reply')
    .description(
      'List the messages whose replies have not been received completely, newest first: those of send --detach, of other terminals, and of a poe that was stopped. To get such a reply: poe attach <chat>. After that it is no longer listed.',
    )
    .action(async () => {
      const list = await context.client.messages.unfinished({signal: context.signal});
      await context.output.list(iterate(list), columns, {empty: 'All replies have been received.'});
    });

/** A narrow terminal shows the first ones. */
const columns: readonly Column<UnfinishedReply>[] = [
  {title: 'Chat', value: ({chat}) => chat && (chat.chatCode ?? String(chat.chatId))},
  {
    title: 'State',
    value: ({state}) => state,
    shown: ({state, percent}) =>
      `${state.replace('_', ' ')}${percent !== null && state === 'in_progress' ? ` ${percent} %` : ''}`,
  },
  {title: 'Bot', value: ({bot}) => bot},
  {
    title: 'Sent',
    value: ({startedAt}) => startedAt,
    shown: ({startedAt}) => relativeTime(startedAt),
    align: 'right',
  },
  {title: 'Title', value: ({chat}) => chat && chat.title, flex: true},
];

async function* iterate<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* items;
}
