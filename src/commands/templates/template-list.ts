import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import type {Column} from '../../output/list/columns.js';

export const templateList = (context: Context) =>
  new Command('list')
    .summary('List all templates')
    .description('List your templates with their bots, variables and descriptions.')
    .action(() => listTemplates(context));

interface Row {
  name: string;
  description: string | null;
  bot: string | null;
  variables: string[];
  path: string;
  /** Why the template cannot be used. */
  error: string | null;
}

const columns: readonly Column<Row>[] = [
  {title: 'Template', value: ({name}) => name},
  {title: 'Bot', value: ({bot}) => bot},
  {title: 'Variables', value: ({variables}) => variables.join(', ')},
  {title: 'Description', value: ({description, error}) => error ?? description, flex: true},
];

export async function listTemplates(context: Context): Promise<void> {
  const folder = await context.templates();
  const {variablesOf} = await import('../../context/templates/expand-template.js');
  const rows = folder.names().map((name): Row => {
    const path = folder.pathOf(name);
    try {
      const template = folder.read(name);
      const {description = null, bot = null} = template;
      return {name, path, description, bot, variables: variablesOf(template), error: null};
    } catch (error) {
      if (!(error instanceof PoeError)) throw error;
      return {name, path, description: null, bot: null, variables: [], error: error.message};
    }
  });
  await context.output.list(rows, columns, {
    empty: 'There are no templates. Create one with: poe template save <name> "…"',
  });
}
