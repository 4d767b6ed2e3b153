import {Command, Option} from 'commander';
import type {Context} from '../../context/context.js';
import {readChat} from './history-show.js';
import {writeNewFile} from '../shared/write-new-file.js';

type Format = 'md' | 'json' | 'html';

export const historyExport = (context: Context) =>
  new Command('export')
    .summary('write a whole chat as Markdown, JSON or a web page')
    .description(
      'Write a whole chat to stdout or to a file: as Markdown, as JSON, or as a web page that needs nothing else.',
    )
    .argument('<chat>', "the chat's number, code or address, or last")
    .addOption(
      new Option('--format <format>', 'md, json or html (default: md; json with --json)').choices([
        'md',
        'json',
        'html',
      ]),
    )
    .option('-o, --output <file>', 'the file to write; one that is there already is left alone')
    .action(async (name: string, {format, output}: {format?: Format; output?: string}) => {
      const {chat, messages} = await readChat(context, name);
      const {transcript} = await import('../../output/transcript/transcript.js');
      const text = transcript(format ?? (context.output.isJson ? 'json' : 'md'), chat, messages);
      if (output === undefined) context.output.text(text);
      else await writeNewFile(output, text);
    });
