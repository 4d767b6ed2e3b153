import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {confirm} from '../shared/ask-user.js';

export const templateDelete = (context: Context) =>
  new Command('delete')
    .summary('Delete templates')
    .description('Delete templates. Asks for confirmation; without a terminal, --yes is required.')
    .argument('<template...>', 'Names of the templates')
    .option('-y, --yes', 'Do not ask for confirmation')
    .action(async (names: string[], {yes = false}: {yes?: boolean}) => {
      const folder = await context.templates();
      const each = [...new Set(names)];
      folder.requireAll(each);
      const what = each.length === 1 ? `the template ${each[0] ?? ''}` : `these ${each.length} templates`;
      if (!yes) await confirm(`Delete ${what}?`, context);
      for (const name of each) folder.remove(name);
      context.output.summary({deleted: each.length}, ({deleted}) =>
        deleted === 1 ? 'Deleted 1 template' : `Deleted ${deleted} templates`,
      );
    });
