import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {listOwnBots} from './list-own-bots.js';

export const botList = (context: Context) =>
  new Command('list')
    .summary('List your bots')
    .description('List the bots of your account (same as "poe explore --mine").')
    .action(() => listOwnBots(context));
