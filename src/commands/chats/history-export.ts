import {Command, Option} from 'commander';
import type {Context} from '../../context/context.js';
import {readChat} from './history-show.js';
import {writeNewFile} from '../shared/write-new-file.js';

type Format = 'md' | 'json' | 'html';

export const historyExport = (context: Context) =>
  new Command('export')
    .summary('Export a chat as Markdown, JSON or HTML')
    .description('Export a whole chat to stdout or to a file. The HTML format is a single self-contained page.')
    .argument('<chat>', 'Chat ID, code, URL, or "last"')
    .addOption(
      new Option('--format <format>', 'md, json or html (default: md, or json with --json)').choices([
        'md',
        'json',
        'html',
      ]),
    )
    .option('-o, --output <file>', 'Write to this file, which must not exist yet')
    .action(async (name: string, {format, output}: {format?: Format; output?: string}) => {
      const {chat, messages} = await readChat(context, name);
      const {transcript} = await import('../../output/transcript/transcript.js');
      const text = transcript(format ?? (context.output.isJson ? 'json' : 'md'), chat, messages);
      if (output === undefined) context.output.text(text);
      else await writeNewFile(output, text);
    });
