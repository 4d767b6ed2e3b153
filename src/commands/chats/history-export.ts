import {join, parse} from 'node:path';
import {Command, Option} from 'commander';
import type {Context} from '../../context/context.js';
import type {StoredFiles} from '../../context/export/copy-files.js';
import {PoeError} from '../../core/errors.js';
import type {TranscriptFormat} from '../../output/transcript/transcript.js';
import {storedFiles, withCitations} from '../shared/archived.js';
import {embeddedImages, noteMissingImages} from '../shared/embedded-images.js';
import {requireNew, writeNewFile} from '../shared/write-new-file.js';
import {exportAll} from './export-all.js';
import {readChat} from './history-show.js';

interface Flags {
  format?: TranscriptFormat;
  output?: string;
  all?: boolean;
  bot?: string;
  images: boolean;
}

const formats: readonly TranscriptFormat[] = ['md', 'json', 'html'];

export const historyExport = (context: Context) =>
  new Command('export')
    .summary('Export chats as Markdown, JSON or HTML')
    .description(
      'Export a chat to stdout or a file, or all chats to a folder: a file for each, and an index. Run it again to add what is new. Files that poe sync --files has copied are exported too. An HTML page contains its images and loads nothing.',
    )
    .argument('[chat]', 'Chat ID, code, URL, or "last"; with --all, a folder')
    .addOption(
      new Option(
        '--format <format>',
        'md, json or html (default: that of the file name, else md, or json with --json)',
      ).choices(formats),
    )
    .option('-o, --output <file>', 'Write to this file, which must not exist yet (- is stdout)')
    .option('--all', 'Export every chat, to a folder')
    .option('--bot <bot>', 'With --all: only chats with this bot')
    .option('--no-images', 'With HTML: link to images instead of including them')
    .action(async (name: string | undefined, {format, output, images}: Flags, command: Command) => {
      // `history` has these options too, and then commander stores them there.
      const {all = false, bot} = command.optsWithGlobals<Flags>();
      if (name === undefined || (all && name === ''))
        throw usage(all ? 'Name the folder to export to' : 'Name the chat to export');
      if (all) {
        if (output !== undefined) throw usage('--all and --output cannot be combined');
        return exportAll(context, name, {format: format ?? 'md', bot, hasImages: images});
      }
      if (bot !== undefined) throw usage('--bot requires --all');
      const file = output === '-' ? undefined : output;
      if (file !== undefined) await requireNew(file);
      const {chat, messages: read} = await readChat(context, name);
      const {transcript} = await import('../../output/transcript/transcript.js');
      const shown = format ?? formatOf(file) ?? (context.output.isJson ? 'json' : 'md');
      const text = await context.withAnyArchive(async (archive) => {
        const messages = withCitations(chat, read, archive);
        const embedded = images && shown === 'html' ? await embeddedImages(context, messages, archive) : undefined;
        noteMissingImages(context, embedded?.missing ?? 0);
        const data = embedded?.images;
        const stored = storedFiles(messages, archive, {format: shown, images: data});
        const copies = file === undefined ? undefined : await copiedNextTo(file, stored, context);
        return transcript(shown, chat, messages, {images: data, copies});
      });
      if (file === undefined) context.output.text(text);
      else await writeNewFile(file, text, {mode: 0o600});
    });

const formatOf = (file = ''): TranscriptFormat | undefined =>
  formats.find((format) => file.toLowerCase().endsWith(`.${format}`));

/** Copies archived files to a folder with the name of an exported file. */
async function copiedNextTo(
  file: string,
  {found}: StoredFiles,
  {output}: Context,
): Promise<ReadonlyMap<string, string> | undefined> {
  if (found.size === 0) return undefined;
  const {copyFiles} = await import('../../context/export/copy-files.js');
  const {dir, name} = parse(file);
  const folder = `${name}-files`;
  const copies = copyFiles(dir, folder, found);
  output.note(`Copied ${found.size === 1 ? '1 file' : `${found.size} files`} to ${join(dir, folder)}.`);
  return copies;
}

const usage = (message: string) =>
  new PoeError('usage', message, {hint: 'To export all chats: poe history export --all <folder>'});
