import {Command} from 'commander';
import type {Context} from '../../context/context.js';

export const clearContext = (context: Context) =>
  new Command('clear-context')
    .summary('have the bot forget what was said in a chat')
    .description('Have the bot of a chat forget what was said in it so far. The messages stay.')
    .argument('<chat>', "the chat's number, code or address, or last")
    .action(async (name: string) => {
      const chat = await context.chat(name);
      const chats = await context.chatsOf(chat);
      await chats.clearContext(chat, {signal: context.signal});
      context.output.result({cleared: true}, () => 'The context is cleared');
    });
