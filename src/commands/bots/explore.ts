import {Command, Option} from 'commander';
import type {Context} from '../../context/context.js';
import {addExamples, type Example} from '../shared/examples.js';
import {PoeError} from '../../core/errors.js';
import {addLimit, limitOf} from '../shared/parse-count.js';
import {listBots, listUsers} from '../shared/list-items.js';

const defaultLimit = 20;

interface ExploreFlags {
  bot?: string;
  user?: string;
  category?: string;
}

export const explore = (context: Context) =>
  addLimit(
    addExamples(new Command('explore'), examples)
      .summary('Find bots and users')
      .description(
        'Search bots or users, or list the bots of a category. Without a query, list the bots that Poe features. With an API key, list the bots available through the API and their token prices.',
      )
      .argument('[query...]', 'Text to search for (same as --bot)')
      .addOption(new Option('--bot <query>', 'Search bots'))
      .addOption(new Option('--user <query>', 'Search users').conflicts(['bot', 'category']))
      .addOption(
        new Option('--category <category>', 'List the bots of a category (see poe categories)').conflicts('bot'),
      ),
    defaultLimit,
    'bots or users',
  ).action(async (words: string[], flags: ExploreFlags, command: Command) => {
    const query = queryOf(words, flags);
    const options = {limit: limitOf(command, defaultLimit), signal: context.signal};
    const {bots, users} = context.client;
    if (flags.user !== undefined) await listUsers(context, users.search(flags.user, options), 'No users match.');
    else if (query !== undefined) await listBots(context, bots.search(query, options), 'No bots match.');
    else await listBots(context, bots.explore(flags.category, options), 'No bots match.');
  });

function queryOf(words: readonly string[], flags: ExploreFlags): string | undefined {
  const query = words.join(' ').trim();
  const other = (['bot', 'user', 'category'] as const).find((name) => flags[name] !== undefined);
  if (query === '') return flags.bot;
  if (other === undefined) return query;
  throw new PoeError('usage', `A query and --${other} cannot be combined`, {hint: 'Use only one of them.'});
}

const examples: readonly Example[] = [
  ['poe explore deepseek'],
  ['poe explore --category Reasoning --all'],
  ['poe explore --user openai'],
  ['poe explore --json | jq -r .handle'],
];
