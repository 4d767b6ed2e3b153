import {Command} from 'commander';
import type {Context} from '../context.js';
import {addMaxPoints, addReplyOptions, refuseForKey, type ReplyFlags, showReply} from './replying.js';

export const retry = (context: Context) =>
  addReplyOptions(addMaxPoints(new Command('retry')))
    .summary('have the last reply of a chat written anew')
    .description(
      'Have the bot write its last reply in a chat anew, and print it as it comes in. It costs what a message costs.',
    )
    .argument('<chat>', "the chat's number, code or address, or last")
    .action(async (name: string, flags: ReplyFlags & {maxPoints?: number}) => {
      const chat = await context.chat(name);
      const {maxPoints} = flags;
      if (await context.isLocal(chat)) refuseForKey(flags);
      const {messages} = await context.clientOf(chat);
      await showReply(context, {text: 'Asking again'}, flags, () =>
        messages.retry(chat, {maxPoints, signal: context.signal}),
      );
    });
