import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {messageIds} from './delete-messages.js';

export const share = (context: Context) =>
  new Command('share')
    .summary('Create a public link to messages')
    .description('Create a public link to messages of a chat and print it. Anyone with the link can read them.')
    .argument('<chat>', 'Chat ID, code, URL, or "last"')
    .argument('[messageId...]', 'Message IDs (default: the last exchange)', messageIds)
    .action(async (name: string, ids: number[] = []) => {
      const chat = await context.chat(name);
      const url = await context.client.messages.share(chat, ids, {signal: context.signal});
      context.output.result({url}, ({url}) => url);
    });
