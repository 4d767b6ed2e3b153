import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import {prepare} from './prepare.js';

export const botDiff = (context: Context) =>
  new Command('diff')
    .summary('Show how a bot on Poe differs from its folder')
    .description('Show what "poe bot push" would do. Exits with 1 if there are differences. Nothing is changed.')
    .argument('<folder>', 'Folder of the bot')
    .action(async (path: string) => {
      const {output} = context;
      const {planLines, planNotes, planResult} = await import('./show-plan.js');
      const prepared = await prepare(path, context);
      const {handle} = prepared.folder.settings;
      for (const note of planNotes(prepared)) output.note(note);
      output.result(planResult(prepared), () =>
        prepared.isEmpty ? `${handle} is up to date` : planLines(prepared).join('\n'),
      );
      if (!prepared.isEmpty) {
        throw new PoeError('conflict', `The bot ${handle} on Poe differs from its folder`, {
          hint: `To make it match: poe bot push ${path}`,
        });
      }
    });
