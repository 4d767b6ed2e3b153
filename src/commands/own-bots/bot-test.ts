import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {addExamples, type Example} from '../shared/options/examples.js';
import {parseCount} from '../shared/options/parse-count.js';
import {addMaxPoints} from '../shared/view/show-reply.js';
import type {BotTestFlags} from './test/run-bot-test.js';

export const botTest = (context: Context) =>
  addMaxPoints(addExamples(new Command('test'), examples))
    .summary('Test a bot with the cases of its folder')
    .description(
      'Send each case of tests.yaml to the bot, and check the reply. A bot that is not on Poe yet is its base bot with prompt.md as instructions.',
    )
    .argument('<folder>', 'Folder with bot.yaml and tests.yaml')
    .option('--local', 'Test the folder, although the bot is on Poe')
    .option('-b, --bot <bot>', 'Test another bot')
    .option('--concurrency <n>', 'Cases at once (default: 4, on poe.com 1)', parseCount)
    .option('-y, --yes', 'Send the access key of a server without asking')
    .option('--junit <file>', 'Also write the results as JUnit XML; - for stdout')
    .action(async (path: string, flags: BotTestFlags) => {
      const {runBotTest} = await import('./test/run-bot-test.js');
      await runBotTest(context, path, flags);
    });

const examples: readonly Example[] = [
  ['poe bot test my-bot --local'],
  ['poe bot test my-bot --junit results.xml --max-points 500'],
];
