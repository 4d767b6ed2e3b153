import {Command} from 'commander';
import type {Context} from '../context.js';

export const cancel = (context: Context) =>
  new Command('cancel')
    .summary('stop the bot that writes in a chat')
    .description('Stop the bot that writes in a chat. What it has written so far stays.')
    .argument('<chat>', "the chat's number, code or address, or last")
    .action(async (name: string) => {
      const {messages, chats} = await context.web();
      const {signal} = context;
      const ref = await context.chat(name);
      const {chatId} = 'chatId' in ref ? ref : await chats.find(ref, {signal});
      await messages.cancel(chatId, {signal});
      context.output.result({cancelled: true}, () => 'Cancelled');
    });
