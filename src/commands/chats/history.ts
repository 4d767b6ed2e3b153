import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {historyBranch} from './history-branch.js';
import {historyExport} from './history-export.js';
import {historyImport} from './history-import.js';
import {historyPrune} from './history-prune.js';
import {historySearch} from './history-search.js';
import {historyStats} from './history-stats.js';
import {historyShow} from './history-show.js';
import {addLimit, limitOf} from '../shared/options/parse-count.js';
import {listChats} from '../shared/view/list-items.js';

const defaultLimit = 20;

export const history = (context: Context) =>
  addLimit(
    new Command('history')
      .summary('List, search, export and import chats')
      .description(
        'List your chats, newest first. Chats made with an API key are local: they exist only on this machine, and their codes start with "local-".',
      )
      .option('--bot <bot>', 'List only chats with this bot'),
    defaultLimit,
    'chats',
  )
    .action(async (flags: {bot?: string}, command: Command) => {
      const {bot} = flags;
      const options = {limit: limitOf(command, defaultLimit), signal: context.signal};
      const {chats} = context.client;
      const list = bot === undefined ? chats.history(options) : chats.byBot(bot, options);
      await listChats(context, list, bot === undefined ? 'There are no chats.' : 'There are no chats with this bot.');
    })
    .addCommand(historyShow(context))
    .addCommand(historyExport(context))
    .addCommand(historyImport(context))
    .addCommand(historySearch(context))
    .addCommand(historyBranch(context))
    .addCommand(historyPrune(context))
    .addCommand(historyStats(context));
