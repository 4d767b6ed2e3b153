import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {historyExport} from './history-export.js';
import {historySearch} from './history-search.js';
import {historyShow} from './history-show.js';
import {addLimit, limitOf} from '../shared/parse-count.js';
import {everyChat, listChats} from '../shared/list-items.js';

const usual = 20;

export const history = (context: Context) =>
  addLimit(
    new Command('history')
      .summary('list, show, export and search chats')
      .description(
        'List the chats of the account, newest first. Those whose code begins with local- are on this machine only: they were\n' +
          'held with an API key. --via web leaves them out, --via api lists only them.',
      )
      .option('--bot <bot>', 'only chats with this bot'),
    usual,
    'chats',
  )
    .addHelpText('after', examples)
    .action(async (flags: {bot?: string}, command: Command) => {
      const {bot} = flags;
      const options = {limit: limitOf(command, usual), signal: context.signal};
      const chats = await everyChat(context, options.limit, (chats) =>
        bot === undefined ? chats.history(options) : chats.byBot(bot, options),
      );
      await listChats(context, chats, bot === undefined ? 'There are no chats.' : 'There are no chats with this bot.');
    })
    .addCommand(historyShow(context))
    .addCommand(historyExport(context))
    .addCommand(historySearch(context));

const examples = `
Examples:
  poe history --all
  poe history --bot GPT-4o-Mini
  poe history show last
  poe history export last --format html -o chat.html
  poe history search lisbon
`;
