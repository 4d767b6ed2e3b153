import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {requireWebChat} from '../shared/require-web-chat.js';

export const cancel = (context: Context) =>
  new Command('cancel')
    .summary('Stop a reply in progress')
    .description('Stop the reply that a bot is writing in a chat. The text written so far is kept.')
    .argument('<chat>', 'Chat ID, code, URL, or "last"')
    .action(async (name: string) => {
      const {signal} = context;
      const ref = await context.chat(name);
      const {messages} = await requireWebChat(context, ref, 'Stopping a bot', 'Press Ctrl-C where its reply comes in.');
      await messages.cancel(ref, {signal});
      context.output.result({cancelled: true}, () => 'Cancelled');
    });
