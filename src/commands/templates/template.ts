import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {addExamples} from '../shared/options/examples.js';
import {templateDelete} from './template-delete.js';
import {templateEdit} from './template-edit.js';
import {templateImport} from './template-import.js';
import {listTemplates, templateList} from './template-list.js';
import {templateRun} from './template-run.js';
import {templateSave} from './template-save.js';
import {templateShow} from './template-show.js';

export const template = (context: Context) =>
  addExamples(new Command('template'), [
    ['poe template save review "Review this {{kind}}:"'],
    ['git diff | poe send -t review --var kind=diff'],
  ])
    .summary('Save messages as templates and use them')
    .description(
      'List or change templates: Markdown files with a message, variables such as {{name}}, a bot and parameters. "poe send -t <template>" sends one.',
    )
    .action(() => listTemplates(context))
    .addCommand(templateList(context))
    .addCommand(templateShow(context))
    .addCommand(templateSave(context))
    .addCommand(templateEdit(context))
    .addCommand(templateDelete(context))
    .addCommand(templateRun(context))
    .addCommand(templateImport(context));
