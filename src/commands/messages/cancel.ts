import {Command} from 'commander';
import type {Context} from '../../context/context.js';

export const cancel = (context: Context) =>
  new Command('cancel')
    .summary('Stop a reply in progress')
    .description('Stop the reply that a bot is writing in a chat. The text written so far stays in the chat.')
    .argument('<chat>', 'Chat ID, code, URL, or "last"')
    .action(async (name: string) => {
      const cancelled = await context.client.messages.cancel(await context.chat(name), {signal: context.signal});
      context.output.result({cancelled}, () => (cancelled ? 'Cancelled' : 'No reply is in progress in this chat.'));
    });
