import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import {addSendOptions, type SendFlags, sendMessage} from '../messages/send.js';

/** Options that its help shows. It accepts all of `send`. */
const shownOptions: ReadonlySet<string | undefined> = new Set(['--var', '--bot', '--chat', '--file']);

export function templateRun(context: Context): Command {
  const command = addSendOptions(
    new Command('run')
      .summary('Send the message of a template')
      .description('Same as "poe send -t <template>", and accepts the options of send.')
      .argument('<template>', 'Name of the template, or path of its file')
      .argument('[message...]', 'Values of {{1}}, {{2}} and so on, or a text'),
  );
  for (const option of command.options) {
    if (shownOptions.has(option.long)) option.helpGroup('Options:');
    else option.hideHelp();
  }
  return command.action(async (template: string, words: string[], flags: SendFlags) => {
    // The chat itself handles this command, unless options precede it.
    if (context.io.ask) throw new PoeError('usage', 'Type it as /template run <template>', {});
    await sendMessage(words, {...flags, template}, context);
  });
}
