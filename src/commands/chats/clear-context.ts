import {Command} from 'commander';
import type {Context} from '../../context/context.js';

export const clearContext = (context: Context) =>
  new Command('clear-context')
    .summary('Make the bot forget earlier messages')
    .description('Clear the context of a chat: the bot no longer sees earlier messages. The messages stay in the chat.')
    .argument('<chat>', 'Chat ID, code, URL, or "last"')
    .action(async (name: string) => {
      const chat = await context.chat(name);
      await context.client.chats.clearContext(chat, {signal: context.signal});
      context.output.result({cleared: true}, () => 'Context cleared');
    });
