import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import type {Column} from '../../output/list/columns.js';

interface Row {
  name: string;
  /** `exists`: a template with this name was kept. */
  state: 'imported' | 'exists' | 'failed';
  from: string;
  /** What cannot be used, or why the import failed. */
  note: string | null;
}

const columns: readonly Column<Row>[] = [
  {title: 'Template', value: ({name}) => name},
  {title: 'State', value: ({state}) => state},
  {title: 'Note', value: ({note}) => note, flex: true},
];

export const templateImport = (context: Context) =>
  new Command('import')
    .summary('Import templates of llm or fabric')
    .description(
      'Import the templates in a folder: YAML files of llm, or patterns of fabric. Existing templates stay as they are.',
    )
    .argument('<path>', 'Folder, or a single file or pattern')
    .option('--force', 'Replace templates that exist')
    .option('--dry-run', 'Only list what would be imported')
    .action(async (path: string, {force = false, dryRun = false}: {force?: boolean; dryRun?: boolean}) => {
      const [folder, {findForeignTemplates}, {formatTemplate}] = await Promise.all([
        context.templates(),
        import('../../context/templates/foreign-templates.js'),
        import('../../context/templates/template.js'),
      ]);
      const rows = findForeignTemplates(path).map(({name, from, read}): Row => {
        try {
          const {template, ignored} = read();
          const note = ignored.length > 0 ? `Not imported: ${ignored.join(', ')}` : null;
          if (!force && folder.has(name)) return {name, state: 'exists', from, note: null};
          if (!dryRun) folder.write(name, formatTemplate(template));
          return {name, state: 'imported', from, note};
        } catch (error) {
          if (!(error instanceof PoeError) || error.code === 'store') throw error;
          return {name, state: 'failed', from, note: error.message};
        }
      });
      await context.output.list(rows, columns, {empty: 'There are no templates in this folder.'});
      if (dryRun) context.output.note('Nothing was saved.');
      const failed = rows.filter(({state}) => state === 'failed').length;
      if (failed > 0) throw new PoeError('file', `${failed} of ${rows.length} templates could not be imported`);
    });
