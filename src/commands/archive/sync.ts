import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import type {SyncResult} from '../../context/archive/sync-chats.js';
import type {Since} from '../../core/account.js';
import {chatColumns} from '../../output/list/standard-columns.js';
import {duration} from '../../output/format/time.js';
import {parseSince, sinceDate} from '../shared/options/parse-since.js';

interface Flags {
  since?: Since;
  bot?: string;
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
    .option('--full', 'List all chats, to find renamed and deleted ones; done once a day without it')
    .option('--dry-run', 'Only list the chats that have changed')
    .action(async ({since, bot, full = false, dryRun = false}: Flags) => {
      const {client, output, signal} = context;
      const archive = await context.openArchive();
      const {syncChats} = await import('../../context/archive/sync-chats.js');
      const {alone} = await import('../../context/archive/alone.js');
      const spinner = await output.startSpinner('Listing chats');
      const startedAt = performance.now();
      try {
        const result = await alone(await context.archivePath(), () =>
          syncChats(archive, client.chats, {
            bot,
            since: since && sinceDate(since),
            isFull: full,
            isDryRun: dryRun,
            signal,
            pause: (chat) => context.pauseBetweenChats(chat),
            onListed: (count) => spinner.update(`Listing chats: ${count}`),
            onChat: (done, total) => spinner.update(progress(done, total, performance.now() - startedAt)),
          }),
        );
        spinner.stop();
        if (dryRun) await output.list(result.chats, chatColumns, {empty: 'No chats have changed.'});
        else output.result(counts(result, performance.now() - startedAt), () => report(result));
      } finally {
        spinner.stop();
        archive.close();
      }
    });

function progress(done: number, total: number, elapsedMs: number): string {
  const left = done === 0 ? '' : `, about ${duration((elapsedMs / done) * (total - done))} left`;
  return `Copying chat ${done + 1} of ${total}${left}`;
}

const counts = ({chats, added, unchanged, deleted, messages}: SyncResult, tookMs: number) => ({
  chats: {new: added, updated: chats.length - added, unchanged, deleted},
  messages,
  // Attached files are not copied.
  files: 0,
  tookMs: Math.round(tookMs),
});

function report({chats, messages, deleted}: SyncResult): string {
  const gone = deleted === 0 ? '' : `. ${deleted} ${deleted === 1 ? 'chat is' : 'chats are'} no longer on Poe`;
  if (chats.length === 0) return `No chats have changed${gone}`;
  const counted = `${chats.length} ${chats.length === 1 ? 'chat' : 'chats'} with ${messages} new ${messages === 1 ? 'message' : 'messages'}`;
  return `Copied ${counted}${gone}`;
}
