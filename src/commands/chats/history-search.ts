import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import {addLimit, parseCount, limitOf} from '../shared/options/parse-count.js';
import {listChats} from '../shared/view/list-items.js';

const defaultLimit = 20;
const defaultSearchedChats = 100;

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
      .option('--messages', `Also search the messages of the newest ${defaultSearchedChats} chats`)
      .option('--among <count>', 'Search only this many of the newest chats', parseCount),
    defaultLimit,
    'chats',
  ).action(async (words: string[], flags: SearchFlags, command: Command) => {
    const {messages: inMessages = false} = flags;
    const text = words.join(' ');
    if (text.trim() === '') {
      throw new PoeError('usage', 'The text to search for is empty', {hint: 'To list your chats: poe history'});
    }
    const limit = limitOf(command, defaultLimit);
    const among = flags.among ?? (inMessages ? defaultSearchedChats : undefined);
    const chats = context.client.chats.search(text, {inMessages, among, limit, signal: context.signal});
    await listChats(context, chats, 'No chats contain this text.');
  });
