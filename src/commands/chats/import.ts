import {Command} from 'commander';
import type {Context} from '../../context/context.js';

export const importChat = (context: Context) =>
  new Command('import')
    .summary('make a chat of a shared one')
    .description('Make a chat of your own from one that was shared, to go on with it.')
    .argument('<share>', "the share's code or address, https://poe.com/s/<code>")
    .action(async (share: string) => {
      const {chats} = await context.web();
      const chat = await chats.import(share, {signal: context.signal});
      await context.remember(chat);
      context.output.result(
        chat,
        ({title, chatCode, chatId}) => `Imported as ${chatCode ?? chatId}${title ? `: ${title}` : ''}`,
      );
    });
