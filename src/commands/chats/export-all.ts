import type {Context} from '../../context/context.js';
import {isUnreadable, maxUnreadableChats, type PoeError} from '../../core/errors.js';
import type {Chat, Message} from '../../core/model.js';
import type {TranscriptFormat} from '../../output/transcript/transcript.js';
import {type CopiedChats, storedFiles, withCitations} from '../shared/archived.js';
import {embeddedImages, noteMissingImages} from '../shared/embedded-images.js';
import {readAll} from './history-show.js';

interface ExportOptions {
  format: TranscriptFormat;
  /** Only chats with this bot. */
  bot: string | undefined;
  /** Whether web pages contain images. */
  hasImages: boolean;
}

interface Exported {
  /** Chats whose files were written. */
  written: number;
  /** Chats whose files are the same as before. */
  unchanged: number;
}

/** Exports every chat to a folder. Only chats that have changed are read. @throws PoeError */
export async function exportAll(context: Context, path: string, options: ExportOptions): Promise<void> {
  await context.withAnyArchive((archive) => exportTo(context, path, archive, options));
}

async function exportTo(
  context: Context,
  path: string,
  archive: CopiedChats | undefined,
  {format, bot, hasImages}: ExportOptions,
): Promise<void> {
  const {ExportFolder} = await import('../../context/export/export-folder.js');
  const folder = new ExportFolder(path, {format, hasImages: hasImages || format !== 'html'});
  const {client, signal, output} = context;
  const list = bot === undefined ? client.chats.history({signal}) : client.chats.byBot(bot, {signal});
  const spinner = await output.startSpinner('Listing chats');
  const exported: Exported = {written: 0, unchanged: 0};
  /** Chats that have changed, and how many of them have been read; undefined until they are listed. */
  let progress: {done: number; total: number} | undefined;
  let missingImages = 0;
  /** The first error of a chat that alone cannot be read: it must not keep the others from being exported. */
  let failure: PoeError | undefined;
  let failuresInARow = 0;
  try {
    const chats = await readAll<Chat>(list);
    exported.unchanged = chats.length;
    const hasFile = (url: string) => archive?.files.find(url) !== undefined;
    const changed = chats.filter((chat) => !folder.isCurrent(chat, hasFile));
    progress = {done: 0, total: changed.length};
    for (const [index, chat] of changed.entries()) {
      spinner.update(`Exporting chat ${index + 1} of ${changed.length}`);
      if (index > 0) await context.pauseBetweenChats(chat);
      let read: Message[];
      try {
        read = await readAll<Message>((await client.chats.read(chat, {signal})).messages);
        failuresInARow = 0;
      } catch (error) {
        if (!isUnreadable(error) || ++failuresInARow === maxUnreadableChats) throw error;
        failure ??= error.with({
          message: `Could not export the chat ${chat.chatCode ?? chat.chatId}: ${error.message}`,
        });
        continue;
      }
      const messages = withCitations(chat, read.toReversed(), archive);
      const embedded = hasImages && format === 'html' ? await embeddedImages(context, messages, archive) : undefined;
      const images = embedded?.images;
      missingImages += embedded?.missing ?? 0;
      const stored = storedFiles(messages, archive, {format, images});
      if (await folder.write(chat, messages, {images, stored})) {
        exported.written += 1;
        exported.unchanged -= 1;
      }
      progress.done += 1;
    }
  } finally {
    spinner.stop();
    // What was exported before an interruption is not read again.
    if (progress) folder.finish();
    if (progress && progress.done > 0 && progress.done < progress.total)
      output.note(`Exported ${progress.done} of ${progress.total} chats. To continue, run the same command again.`);
    noteMissingImages(context, missingImages);
  }
  if (failure) throw failure;
  output.summary(exported, ({written, unchanged}) => {
    const others = unchanged === 0 ? '' : '; the others have not changed';
    return `Exported ${written} of ${written + unchanged} chats to ${path}${others}`;
  });
}
