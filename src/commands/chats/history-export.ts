import {Command, Option} from 'commander';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import type {TranscriptFormat} from '../../output/transcript/transcript.js';
import {withCitations} from '../shared/archived.js';
import {embeddedImages} from '../shared/embedded-images.js';
import {writeNewFile} from '../shared/write-new-file.js';
import {exportAll} from './export-all.js';
import {readChat} from './history-show.js';

interface Flags {
  format?: TranscriptFormat;
  output?: string;
  all?: boolean;
  bot?: string;
  images: boolean;
}

export const historyExport = (context: Context) =>
  new Command('export')
    .summary('Export chats as Markdown, JSON or HTML')
    .description(
      'Export a whole chat to stdout or a file, or all chats to a folder: a file for each, and an index. Run it again to add what is new. A page in the HTML format needs no other file and loads nothing.',
    )
    .argument('[chat]', 'Chat ID, code, URL, or "last"; with --all, a folder')
    .addOption(
      new Option('--format <format>', 'md, json or html (default: md, or json with --json)').choices([
        'md',
        'json',
        'html',
      ]),
    )
    .option('-o, --output <file>', 'Write to this file, which must not exist yet')
    .option('--all', 'Export every chat, to a folder')
    .option('--bot <bot>', 'With --all: only chats with this bot')
    .option('--no-images', 'With HTML: link to images instead of including them')
    .action(async (name: string | undefined, {format, output, images}: Flags, command: Command) => {
      // `history` has these options too, and then commander stores them there.
      const {all = false, bot} = command.optsWithGlobals<Flags>();
      const embed = images && format === 'html' ? embeddedImages : undefined;
      if (name === undefined) throw usage(all ? 'Name the folder to export to' : 'Name the chat to export');
      if (all) {
        if (output !== undefined) throw usage('--all and --output cannot be combined');
        return exportAll(context, name, {format: format ?? 'md', bot, embed});
      }
      if (bot !== undefined) throw usage('--bot requires --all');
      const {chat, messages: read} = await readChat(context, name);
      const {transcript} = await import('../../output/transcript/transcript.js');
      const shown = format ?? (context.output.isJson ? 'json' : 'md');
      const text = await context.withAnyArchive(async (archive) => {
        const messages = withCitations(chat, read, archive);
        return transcript(shown, chat, messages, {images: await embed?.(context, messages, archive)});
      });
      if (output === undefined) context.output.text(text);
      else await writeNewFile(output, text);
    });

const usage = (message: string) =>
  new PoeError('usage', message, {hint: 'To export all chats: poe history export --all <folder>'});
