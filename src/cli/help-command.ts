import {Command} from 'commander';
import {botOptionsHeading} from '../commands/shared/bot-options.js';
import {globalOptions} from '../commands/shared/global-options.js';
import type {Context} from '../context/context.js';
import {PoeError} from '../core/errors.js';
import {suggest} from '../core/names/suggest.js';
import {
  alignedSections,
  commandRow,
  fullName,
  isBotOption,
  joinSections,
  optionRow,
  type Row,
  section,
  usageSection,
  wrap,
} from './help.js';
import {environment} from './reference.js';

export const help = (context: Context) =>
  new Command('help')
    .summary('Show help for a command')
    .description('Show help for a command, such as "poe help send" or "poe help history show".')
    .argument('[command...]', 'Command to show help for')
    .action((words: string[], _flags: object, command: Command) => findCommand(rootOf(command), words).outputHelp())
    .addCommand(
      new Command('all')
        .summary('List all commands')
        .description('List all commands by group.')
        .action((_flags: object, command: Command) => print(context, command, allCommandsPage)),
    )
    .addCommand(
      new Command('bot-options')
        .summary('List options for the bot')
        .description('List the options of send, chat and retry that change how the bot replies.')
        .action((_flags: object, command: Command) => print(context, command, botOptionsPage)),
    )
    .addCommand(
      new Command('options')
        .summary('List global options and environment variables')
        .description('List the options that every command accepts, and the environment variables that poe reads.')
        .action((_flags: object, command: Command) => print(context, command, optionsPage)),
    );

const rootOf = (command: Command): Command => (command.parent ? rootOf(command.parent) : command);

function print({io}: Context, command: Command, page: (root: Command, width: number) => string): void {
  const width = command.configureOutput().getOutHelpWidth?.() ?? 80;
  io.stdout.write(page(rootOf(command), width));
}

/** @throws PoeError `usage` */
function findCommand(root: Command, words: readonly string[]): Command {
  let parent = root;
  for (const [index, word] of words.entries()) {
    const names = parent.commands.map((command) => command.name());
    const command = parent.commands[names.indexOf(word)];
    if (!command) {
      const similar = suggest(word, index === 0 ? [...names, 'all', 'options', 'bot-options'] : names);
      const suggestion = similar === undefined ? '' : `. Did you mean ${similar}?`;
      throw new PoeError('usage', `No help for "${words.slice(0, index + 1).join(' ')}"${suggestion}`, {
        hint: 'List all commands with: poe help all',
      });
    }
    parent = command;
  }
  return parent;
}

function allCommandsPage(root: Command, width: number): string {
  const groups = new Map<string, Row[]>();
  for (const command of root.commands) {
    const title = command.helpGroup();
    const nested = command.commands.map((each): Row => [`${command.name()} ${each.name()}`, each.summary()]);
    groups.set(title, [...(groups.get(title) ?? []), commandRow(command), ...nested]);
  }
  return joinSections([
    usageSection(root),
    ...alignedSections([...groups], width),
    wrap('Help for a command: poe help <command>', width),
  ]);
}

function botOptionsPage(root: Command, width: number): string {
  const send = root.commands.find((command) => command.name() === 'send');
  const rows = (send?.options ?? []).filter(isBotOption).map(optionRow);
  return joinSections([
    `Usage: ${fullName(root)} send [message...] [options]`,
    section(botOptionsHeading, rows, width),
    wrap(
      'retry accepts all but --system and --temporary. To list the parameters of a bot: poe bot-info <bot> --via api',
      width,
    ),
  ]);
}

function optionsPage(root: Command, width: number): string {
  const rows = globalOptions.filter(({hidden}) => !hidden).map(optionRow);
  return joinSections([
    `Usage: ${fullName(root)} <command> [options]`,
    section(
      'Global options',
      [...rows, ['-h, --help', 'Show help for a command'], ['-V, --version', 'Print the version']],
      width,
    ),
    section('Environment variables', environment, width),
    wrap('Options override environment variables, which override saved settings.', width),
  ]);
}
