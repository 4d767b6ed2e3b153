import {Command, Option} from 'commander';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import {addLimit, limitOf} from '../shared/parse-count.js';
import {listBots, listModels, listUsers} from '../shared/list-items.js';

const usual = 20;

interface ExploreFlags {
  bot?: string;
  user?: string;
  category?: string;
}

export const explore = (context: Context) =>
  addLimit(
    new Command('explore')
      .summary('find bots and people')
      .description(
        'List bots that fit a query or belong to a category, or people. Without either, the bots that Poe shows first.\n' +
          'With an API key: the official and hosted bots that the API lists, with their prices by the token.',
      )
      .argument('[query...]', 'the same as --bot')
      .addOption(new Option('--bot <query>', 'bots that fit this'))
      .addOption(new Option('--user <query>', 'people that fit this').conflicts(['bot', 'category']))
      .addOption(new Option('--category <category>', 'bots of this category; see poe categories').conflicts('bot')),
    usual,
    'bots or people',
  )
    .addHelpText('after', examples)
    .action(async (words: string[], flags: ExploreFlags, command: Command) => {
      const query = queryOf(words, flags);
      const options = {limit: limitOf(command, usual), signal: context.signal};
      if ((await context.via()) === 'api' && flags.user === undefined && flags.category === undefined) {
        const {bots} = await context.api();
        return listModels(context, bots.search(query ?? '', options), 'No bot fits that.');
      }
      const {bots, users} = await context.web();
      if (flags.user !== undefined) await listUsers(context, users.search(flags.user, options), 'Nobody fits that.');
      else if (query !== undefined) await listBots(context, bots.search(query, options), 'No bot fits that.');
      else await listBots(context, bots.explore(flags.category, options), 'There are no bots in this category.');
    });

function queryOf(words: readonly string[], flags: ExploreFlags): string | undefined {
  const query = words.join(' ').trim();
  const other = (['bot', 'user', 'category'] as const).find((name) => flags[name] !== undefined);
  if (query === '') return flags.bot;
  if (other === undefined) return query;
  throw new PoeError('usage', `Two things are looked for at once: ${query}, and what --${other} says`, {
    hint: 'Give one of them.',
  });
}

const examples = `
Examples:
  poe explore deepseek
  poe explore --category Reasoning --all
  poe explore --user openai
  poe explore --json --all | jq -r 'select((.displayMessagePointPrice // 99) <= 10).handle'
`;
