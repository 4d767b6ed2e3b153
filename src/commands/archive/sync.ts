import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {keepHeapSmall} from '../../context/keep-heap-small.js';
import type {SyncEvent, SyncOptions, SyncResult} from '../../core/archive/archive.js';
import type {Since} from '../../core/account.js';
import {chatColumns} from '../../output/list/standard-columns.js';
import {duration} from '../../output/format/time.js';
import {parseSince, sinceDate} from '../shared/options/parse-since.js';

interface Flags {
  since?: Since;
  bot?: string;
  files?: boolean;
  full?: boolean;
  dryRun?: boolean;
}

export const sync = (context: Context) =>
  new Command('sync')
    .summary('Copy your chats to this machine')
    .description(
      'Copy your chats to an archive on this machine, which poe search searches. Only chats that have changed are read, one after another, with a pause. Chats that you delete on Poe stay in the archive.',
    )
    .option('--since <time>', 'Only chats used since then: 7d, 2w or 2026-04-01', parseSince)
    .option('--bot <bot>', 'Only chats with this bot')
    .option('--files', 'Also copy attachments, and images that Poe serves')
    .option('--full', 'List all chats, to find renamed and deleted ones; done once a day without it')
    .option('--dry-run', 'Only list the chats that have changed')
    .action(({since, bot, files = false, full = false, dryRun = false}: Flags) => {
      const work = async () => {
        const {output, signal} = context;
        keepHeapSmall({isTiny: false});
        const startedAt = performance.now();
        const options = {bot, since: since && sinceDate(since), files, isFull: full, isDryRun: dryRun, signal};
        const result = await follow(context, options);
        if (dryRun) await output.list(result.chats, chatColumns, {empty: 'No chats have changed.'});
        else output.summary(counts(result, performance.now() - startedAt), () => report(result));
        if (result.missingFiles > 0 && !output.isJson) output.note(missing(result.missingFiles));
      };
      return context.withArchive(work, {mayCreate: !dryRun});
    });

/** Shows how far the sync is. */
async function follow({client, output}: Context, options: SyncOptions): Promise<SyncResult> {
  const spinner = await output.startSpinner('Listing chats');
  let phase = {type: 'listed', startedAt: performance.now()};
  try {
    for await (const event of client.archive.sync(options)) {
      const {type} = event;
      if (type === 'done') return event.result;
      if (type !== phase.type) phase = {type, startedAt: performance.now()};
      spinner.update(progress(event, performance.now() - phase.startedAt));
    }
  } finally {
    spinner.stop();
  }
  throw new Error('The sync did not end');
}

function progress(event: Exclude<SyncEvent, {type: 'done'}>, elapsedMs: number): string {
  if (event.type === 'listed') return `Listing chats: ${event.count}`;
  const {type, count, total} = event;
  const leftMs = count === 0 ? 0 : (elapsedMs / count) * (total - count);
  return `Copying ${type} ${count + 1} of ${total}${leftMs < 1_000 ? '' : `, about ${duration(leftMs)} left`}`;
}

const counts = ({chats, added, unchanged, deleted, messages, files}: SyncResult, tookMs: number) => ({
  chats: {new: added, updated: chats.length - added, unchanged, deleted},
  messages,
  files,
  tookMs: Math.round(tookMs),
});

function report({chats, messages, deleted, files}: SyncResult): string {
  const gone = deleted === 0 ? '' : `. ${deleted} ${deleted === 1 ? 'chat is' : 'chats are'} no longer on Poe`;
  const parts = [
    chats.length === 0 ? '' : `${counted(chats.length, 'chat')} with ${counted(messages, 'new message')}`,
    files === 0 ? '' : counted(files, 'file'),
  ].filter(Boolean);
  return (parts.length === 0 ? 'No chats have changed' : `Copied ${parts.join(' and ')}`) + gone;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const missing = (count: number): string =>
  `${counted(count, 'file')} could not be copied: Poe does not have ${count === 1 ? 'it' : 'them'} now, or ${count === 1 ? 'it is' : 'they are'} too large.`;
