import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {addApiOptions, type KeyFlags, rejectApiOnlyOptions} from '../shared/api-options.js';
import {addMaxPoints, addReplyOptions, rejectWebOnlyOptions, type ReplyFlags, showReply} from '../shared/show-reply.js';

export const retry = (context: Context) =>
  addReplyOptions(addMaxPoints(addApiOptions(new Command('retry'))))
    .summary('Regenerate the last reply')
    .description('Regenerate the last reply of a chat and print it as it arrives. It costs as much as a new message.')
    .argument('<chat>', 'Chat ID, code, URL, or "last"')
    .action(async (name: string, flags: ReplyFlags & KeyFlags & {maxPoints?: number}) => {
      const chat = await context.chat(name);
      const {maxPoints, param: parameters, protocol} = flags;
      if (await context.isLocal(chat)) rejectWebOnlyOptions(flags);
      else rejectApiOnlyOptions(flags);
      const {messages} = await context.clientOf(chat);
      await showReply(context, {text: 'Asking again'}, flags, () =>
        messages.retry(chat, {maxPoints, parameters, protocol, signal: context.signal}),
      );
    });
