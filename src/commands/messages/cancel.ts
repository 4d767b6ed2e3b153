import {Command} from 'commander';
import type {Context} from '../../context/context.js';

export const cancel = (context: Context) =>
  new Command('cancel')
    .summary('Stop a reply in progress')
    .description('Stop the reply that a bot is writing in a chat. The text written so far stays in the chat.')
    .argument('<chat>', 'Chat ID, code, URL, or "last"')
    .action(async (name: string) => {
      const {signal, output} = context;
      const {messages} = context.client;
      const chat = await context.chat(name);
      const isReplying = output.isJson || (await messages.isReplying(chat, {signal}));
      // Poe may know of a reply that is not shown yet.
      await messages.cancel(chat, {signal});
      output.summary({cancelled: true}, () => (isReplying ? 'Cancelled' : 'No reply is in progress in this chat.'));
    });
