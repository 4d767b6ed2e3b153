import {Command} from 'commander';
import type {Context} from '../../context/context.js';

export const title = (context: Context) =>
  new Command('title')
    .summary('Rename a chat')
    .description('Set the title of a chat.')
    .argument('<chat>', 'Chat ID, code, URL, or "last"')
    .argument('<title...>', 'New title')
    .action(async (name: string, words: string[]) => {
      const ref = await context.chat(name);
      const chat = await context.client.chats.setTitle(ref, words.join(' '), {signal: context.signal});
      await context.renamed(chat);
      context.output.summary(chat, ({title}) => `Renamed to ${title}`);
    });
