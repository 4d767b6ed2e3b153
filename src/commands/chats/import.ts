import {Command} from 'commander';
import type {Context} from '../../context/context.js';

export const importChat = (context: Context) =>
  new Command('import')
    .summary('Import a shared chat')
    .description('Import a shared chat into your account, so that you can continue it.')
    .argument('<share>', 'Share code or https://poe.com/s/<code>')
    .action(async (share: string) => {
      const chat = await context.client.chats.import(share, {signal: context.signal});
      await context.remember(chat);
      context.output.summary(
        chat,
        ({title, chatCode, chatId}) => `Imported as ${chatCode ?? chatId}${title ? `: ${title}` : ''}`,
      );
    });
