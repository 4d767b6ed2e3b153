import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {addExamples} from '../shared/options/examples.js';
import {botDelete} from './bot-delete.js';
import {botDiff} from './bot-diff.js';
import {botInit} from './bot-init.js';
import {botServe} from './bot-serve.js';
import {botList} from './bot-list.js';
import {botOpen} from './bot-open.js';
import {botPull} from './bot-pull.js';
import {botPush} from './bot-push.js';
import {botTest} from './bot-test.js';

export const bot = (context: Context) =>
  addExamples(new Command('bot'), [['poe bot init my-bot'], ['poe bot push my-bot']])
    .summary('Create and change your own bots')
    .description(
      'Your own bots as folders: bot.yaml, prompt.md or script.py, and knowledge/. "poe bot push <folder>" makes the bot on Poe match its folder.',
    )
    .action((_flags: unknown, command: Command) => command.outputHelp())
    .addCommand(botInit(context))
    .addCommand(botPull(context))
    .addCommand(botPush(context))
    .addCommand(botDiff(context))
    .addCommand(botList(context))
    .addCommand(botOpen(context))
    .addCommand(botDelete(context))
    .addCommand(botTest(context))
    .addCommand(botServe(context));
