import {Command} from 'commander';
import type {Context} from '../../context/context.js';

export const templateShow = (context: Context) =>
  new Command('show')
    .summary('Print a template')
    .description('Print the file of a template. With --json, print its parts and its variables.')
    .argument('<template>', 'Name of the template, or path of its file')
    .action(async (name: string) => {
      const folder = await context.templates();
      const source = folder.source(name);
      if (!context.output.isJson) {
        context.output.text(source.endsWith('\n') ? source : `${source}\n`);
        return;
      }
      const {variablesOf} = await import('../../context/templates/expand-template.js');
      const template = folder.read(name);
      context.output.result({name, path: folder.pathOf(name), variables: variablesOf(template), ...template}, () => '');
    });
