import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {addLimit, parseCount, limitOf} from '../shared/parse-count.js';
import {listChats} from '../shared/list-items.js';

const usual = 20;
const usuallyRead = 100;

interface SearchFlags {
  messages?: boolean;
  among?: number;
}

export const historySearch = (context: Context) =>
  addLimit(
    new Command('search')
      .summary('Search chats by title or message text')
      .description(
        'List the chats whose title contains a text, ignoring case. With --messages, also search the messages, which takes at least one request per chat.',
      )
      .argument('<text...>', 'Text to search for')
      .option('--messages', `Also search the messages of the newest ${usuallyRead} chats`)
      .option('--among <count>', 'Search only this many of the newest chats', parseCount),
    usual,
    'chats',
  ).action(async (words: string[], flags: SearchFlags, command: Command) => {
    const {messages: inMessages = false} = flags;
    const limit = limitOf(command, usual);
    const among = flags.among ?? (inMessages ? usuallyRead : undefined);
    const found = context.client.chats.search(words.join(' '), {inMessages, among, limit, signal: context.signal});
    await listChats(context, found, 'No chats have this text.');
  });
