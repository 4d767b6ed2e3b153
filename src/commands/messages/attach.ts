import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {addReplyOptions, rejectWebOnlyOptions, type ReplyFlags, showReply} from '../shared/show-reply.js';

export const attach = (context: Context) =>
  addReplyOptions(new Command('attach'))
    .summary('Follow or fetch the last reply')
    .description(
      'Print the last reply of a chat, and follow it if the bot is still writing. Use it to get a reply after a lost connection or from another machine. Ctrl-C stops printing but does not stop the bot.',
    )
    .argument('<chat>', 'Chat ID, code, URL, or "last"')
    .action(async (name: string, flags: ReplyFlags) => {
      const {signal} = context;
      const chat = await context.chat(name);
      if (await context.isLocal(chat)) rejectWebOnlyOptions(flags);
      const {messages} = await context.clientOf(chat);
      const {state} = await showReply(context, {text: 'Waiting for the reply', takesCancelled: true}, flags, () =>
        messages.attach(chat, {signal}),
      );
      if (state.startsWith('cancel') && !context.output.isJson)
        context.output.note('The reply was cancelled before its end.');
    });
