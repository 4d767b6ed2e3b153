import {Command} from 'commander';
import type {Context} from '../../context/context.js';

export const categories = (context: Context) =>
  new Command('categories')
    .summary('List bot categories')
    .description('List the categories that poe explore --category accepts.')
    .action(async () => {
      const names = await context.client.bots.categories({signal: context.signal});
      (await context.cache()).setCategories(names);
      context.output.result(names, (names) => names.join('\n'));
    });
