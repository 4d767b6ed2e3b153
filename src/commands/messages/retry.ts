import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {addApiOptions, type KeyFlags, rejectApiOnlyOptions} from '../shared/api-options.js';
import {addMaxPoints, addReplyOptions, rejectWebOnlyOptions, type ReplyFlags, showReply} from '../shared/show-reply.js';

export const retry = (context: Context) =>
  addReplyOptions(addMaxPoints(addApiOptions(new Command('retry'))))
    .summary('have the last reply of a chat written anew')
    .description(
      'Have the bot write its last reply in a chat anew, and print it as it comes in. It costs what a message costs.',
    )
    .argument('<chat>', "the chat's number, code or address, or last")
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
