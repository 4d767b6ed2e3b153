import {Command, Option} from 'commander';
import type {Context} from '../../context/context.js';
import {addReplyOptions, type ReplyFlags, showReply} from '../shared/view/show-reply.js';

export const attach = (context: Context) =>
  addReplyOptions(new Command('attach'))
    .summary('Follow or fetch the last reply')
    .description(
      'Print the last reply of a chat, and follow it if the bot is still writing. Use it to get a reply after a lost connection or from another machine. Ctrl+C stops printing but does not stop the bot.',
    )
    .argument('<chat>', 'Chat ID, code, URL, or "last"')
    .option('-o, --output <path>', 'Save the files of the reply (file, folder, or -)')
    .option('--notify', 'Ring the bell or show a notification when the reply is there')
    .addOption(new Option('--force').hideHelp())
    .action(async (name: string, flags: ReplyFlags) => {
      const chat = await context.chat(name);
      const request = {
        text: 'Waiting for the reply',
        options: {chat, shareable: flags.share},
        acceptsCancelled: true,
      };
      const {state} = await showReply(context, request, flags, () =>
        context.client.messages.attach(chat, {shareable: flags.share, signal: context.signal}),
      );
      if (state === 'cancelled' && !context.output.isJson) {
        context.output.note('The reply was cancelled before it was complete.');
      }
    });
