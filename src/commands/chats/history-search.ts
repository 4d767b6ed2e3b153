import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {addLimit, parseCount, limitOf} from '../shared/parse-count.js';
import {everyChat, listChats} from '../shared/list-items.js';

const usual = 20;
const usuallyRead = 100;

interface SearchFlags {
  messages?: boolean;
  among?: number;
}

export const historySearch = (context: Context) =>
  addLimit(
    new Command('search')
      .summary('find chats by their titles, or by what was said')
      .description(
        'List the chats whose title has a text in it, in any letter case. With --messages what was said in them is read too,\n' +
          'which asks Poe once or more for each chat.',
      )
      .argument('<text...>', 'what to look for')
      .option('--messages', `look into the messages too, of the newest ${usuallyRead} chats`)
      .option('--among <count>', 'look at so many of the newest chats', parseCount),
    usual,
    'chats',
  ).action(async (words: string[], flags: SearchFlags, command: Command) => {
    const isDeep = flags.messages ?? false;
    const limit = limitOf(command, usual);
    const found = await everyChat(context, limit, (chats) =>
      chats.search(words.join(' '), {
        inMessages: isDeep,
        among: flags.among ?? (isDeep ? usuallyRead : undefined),
        limit,
        signal: context.signal,
      }),
    );
    await listChats(context, found, 'There are no chats with this text.');
  });
