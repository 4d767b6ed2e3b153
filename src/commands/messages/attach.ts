import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {addReplyOptions, rejectWebOnlyOptions, type ReplyFlags, showReply} from '../shared/show-reply.js';

export const attach = (context: Context) =>
  addReplyOptions(new Command('attach'))
    .summary('follow or fetch the last reply of a chat')
    .description(
      'Print the last reply of a chat: as it stands if it has ended, else as it goes on to come in. So a reply is had that was\n' +
        'lost with its connection, or asked for on another machine. Nothing is sent, and Ctrl-C does not stop the bot.\n' +
        'Of a chat on this machine it is what was kept of the reply.',
    )
    .argument('<chat>', "the chat's number, code or address, or last")
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
