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
  const opened = await context.openArchive();
  try {
    context.output.record(
      {...opened.counts(), bytes: await bytesOf(await context.archivePath()), lastSync: opened.lastSync()},
      ({chats, messages, deleted, bytes, lastSync}) => [
        ['Chats', String(chats), chats],
        ['Deleted on Poe', String(deleted), deleted],
        ['Messages', String(messages), messages],
        ['Size', shownBytes(bytes), bytes],
        ['Last sync', relativeTime(lastSync) || 'never', lastSync],
      ],
    );
  } finally {
    opened.close();
  }
}

const check = (context: Context) =>
  new Command('check')
    .summary('Check whether the archive is intact')
    .description(
      'Check the archive and its search index. A damaged archive is set aside, and copied again by poe sync.',
    )
    .action(async () => {
      const opened = await context.openArchive();
      try {
        const problem = opened.check();
        if (problem !== undefined) {
          throw new PoeError('store', `The archive is damaged: ${problem}`, {
            hint: 'Copy all chats again: poe sync --full',
          });
        }
        context.output.result({ok: true, problems: []}, () => 'The archive is intact');
      } finally {
        opened.close();
      }
    });

const vacuum = (context: Context) =>
  new Command('vacuum').summary('Make the archive as small as possible').action(async () => {
    const opened = await context.openArchive();
    try {
      const before = await bytesOf(await context.archivePath());
      opened.vacuum();
      const bytes = await bytesOf(await context.archivePath());
      context.output.result({bytes, before}, () => `${shownBytes(before)} before, ${shownBytes(bytes)} now`);
    } finally {
      opened.close();
    }
  });

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
