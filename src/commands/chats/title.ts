import {Command} from 'commander';
import type {Context} from '../../context/context.js';

export const title = (context: Context) =>
  new Command('title')
    .summary('rename a chat')
    .description('Give a chat another title.')
    .argument('<chat>', "the chat's number, code or address, or last")
    .argument('<title...>', 'what it is to be called')
    .action(async (name: string, words: string[]) => {
      const named = await context.chat(name);
      const chats = await context.chatsOf(named);
      const chat = await chats.setTitle(named, words.join(' '), {signal: context.signal});
      await context.renamed(chat);
      context.output.result(chat, ({title}) => `Renamed to ${title}`);
    });
