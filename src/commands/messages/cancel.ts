import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {requireWebChat} from '../shared/require-web-chat.js';

export const cancel = (context: Context) =>
  new Command('cancel')
    .summary('stop the bot that writes in a chat')
    .description('Stop the bot that writes in a chat. What it has written so far stays.')
    .argument('<chat>', "the chat's number, code or address, or last")
    .action(async (name: string) => {
      const {signal} = context;
      const ref = await context.chat(name);
      const {messages, chats} = await requireWebChat(
        context,
        ref,
        'Stopping a bot',
        'Press Ctrl-C where its reply comes in.',
      );
      const {chatId} = 'chatId' in ref ? ref : await chats.find(ref, {signal});
      await messages.cancel(chatId, {signal});
      context.output.result({cancelled: true}, () => 'Cancelled');
    });
