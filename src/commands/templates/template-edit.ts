import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import {openEditor} from '../../output/terminal/programs/editor.js';

const skeleton = `---
description:
bot:
system:
---
{{input}}
`;

export const templateEdit = (context: Context) =>
  new Command('edit')
    .summary('Edit a template in $EDITOR')
    .description('Open the file of a template in $EDITOR, and check it afterwards. A new name creates a template.')
    .argument('<template>', 'Name of the template, or path of its file')
    .action(async (name: string) => {
      const {io, output} = context;
      if (!io.stdin.isTTY || !io.stdout.isTTY) {
        throw new PoeError('usage', 'Editing a template requires a terminal', {
          hint: 'To change it without a terminal: poe template save --force <name> "…"',
        });
      }
      const [folder, {isPath}] = await Promise.all([
        context.templates(),
        import('../../context/templates/template-folder.js'),
      ]);
      const path = folder.pathOf(name);
      const isNew = !isPath(name) && !folder.has(name);
      if (isNew) folder.write(name, skeleton);
      const failure = await openEditor(path, io.env);
      if (isNew && folder.has(name) && folder.source(name) === skeleton) {
        folder.remove(name);
        output.note('The template was not changed, so it was not saved.');
      } else if (failure === undefined) {
        folder.read(name);
        output.result({name, path}, () => `Saved ${path}`);
      }
      if (failure !== undefined) throw new PoeError('file', failure, {hint: 'To choose an editor, set EDITOR.'});
    });
