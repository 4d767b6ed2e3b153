import {Command} from 'commander';
import type {Context} from '../../context/context.js';

export const categories = (context: Context) =>
  new Command('categories')
    .summary('list the categories of bots')
    .description('List the categories that bots are sorted into, as poe explore --category takes them.')
    .action(async () => {
      const {bots} = await context.web();
      const names = await bots.categories({signal: context.signal});
      (await context.cache()).seeCategories(names);
      context.output.result(names, (names) => names.join('\n'));
    });
