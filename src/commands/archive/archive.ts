import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import {bytes as shownBytes} from '../../output/format/file-size.js';
import {relativeTime} from '../../output/format/time.js';

export const archive = (context: Context) =>
  new Command('archive')
    .summary('Manage the archive of your chats')
    .description(
      'The archive is a file on this machine with the chats that poe sync has copied. Only you can read it. It is not encrypted. Without a command, show what it contains.',
    )
    .action(() => showSize(context))
    .addCommand(path(context))
    .addCommand(size(context))
    .addCommand(check(context))
    .addCommand(vacuum(context));

const path = (context: Context) =>
  new Command('path').summary('Print the path of the archive').action(async () => {
    context.output.result({path: await context.archivePath()}, (result) => result.path);
  });

const size = (context: Context) =>
  new Command('size').summary('Show what the archive contains, and its size').action(() => showSize(context));

async function showSize(context: Context): Promise<void> {
  await context.withArchive(async (archive) => {
    const bytes = await bytesOf(await context.archivePath());
    context.output.record(
      {...archive.counts(), bytes, files: archive.files.counts(), lastSync: archive.lastSync()},
      ({chats, messages, deleted, files, lastSync}) => [
        ['Chats', String(chats), chats],
        ['Deleted on Poe', String(deleted), deleted],
        ['Messages', String(messages), messages],
        ['Size', shownBytes(bytes), bytes],
        ['Files', files.count === 0 ? '' : `${files.count} (${shownBytes(files.bytes)})`, files.count],
        ['Last sync', relativeTime(lastSync) || 'never', lastSync],
      ],
    );
  });
}

const check = (context: Context) =>
  new Command('check')
    .summary('Check whether the archive is intact')
    .description(
      'Check the archive, its search index and the copies of files. A damaged archive gets another name, and the next poe sync copies everything again.',
    )
    .action(() =>
      context.withArchive(async (archive) => {
        const problem = await archive.check();
        if (problem) {
          throw new PoeError('store', `The archive is damaged: ${problem.message}`, {hint: hints[problem.repair]});
        }
        context.output.summary({ok: true, problems: []}, () => 'The archive is intact');
      }),
    );

const hints = {
  set_aside: 'Copy your chats again: poe sync. The damaged file is kept under another name.',
  copy_files: 'Copy them again: poe sync --files',
  done: 'It has been repaired.',
};

const vacuum = (context: Context) =>
  new Command('vacuum').summary('Make the archive as small as possible').action(() =>
    context.withArchive(async (archive) => {
      const path = await context.archivePath();
      const before = await bytesOf(path);
      archive.vacuum();
      const bytes = await bytesOf(path);
      context.output.summary({bytes, before}, () => `${shownBytes(before)} before, ${shownBytes(bytes)} now`);
    }),
  );

/** The size of a database with its log. */
async function bytesOf(file: string): Promise<number> {
  const {stat} = await import('node:fs/promises');
  const sizes = await Promise.all(
    [file, `${file}-wal`].map((each) =>
      stat(each).then(
        ({size: bytes}) => bytes,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}
