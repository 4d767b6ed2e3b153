import {Command} from 'commander';
import {type OptionPage, optionPages, pageOf} from '../commands/shared/options/option-pages.js';
import {globalOptions} from '../commands/shared/options/global-options.js';
import type {Context} from '../context/context.js';
import {PoeError} from '../core/errors.js';
import {suggest} from '../core/names/suggest.js';
import {
  alignedSections,
  commandRow,
  fullName,
  joinSections,
  optionRow,
  type Row,
  section,
  usageSection,
  wrap,
} from './help.js';
import {environment} from './reference.js';

export const help = (context: Context) => {
  const command = new Command('help')
    .summary('Show help for a command')
    .description('Show help for a command, such as "poe help send" or "poe help history show".')
    .argument('[command...]', 'Command to show help for')
    .action((words: string[], _flags: object, self: Command) => findCommand(rootOf(self), words).outputHelp());
  const addPage = (name: string, [summary, description]: readonly [string, string], page: Page) =>
    command.addCommand(
      new Command(name)
        .summary(summary)
        .description(description)
        .action((_flags: object, self: Command) => print(context, self, page)),
    );
  addPage('all', ['List all commands', 'List all commands by group.'], allCommandsPage);
  for (const group of Object.keys(optionPages) as OptionPage[]) {
    const {page, summary, description} = optionPages[group];
    addPage(page, [summary, description], (root, width) => groupPage(root, group, width));
  }
  return addPage(
    'options',
    [
      'List global options and environment variables',
      'List the options that every command accepts, and the environment variables that poe reads.',
    ],
    optionsPage,
  );
};

/** A page about all commands. */
type Page = (root: Command, width: number) => string;

const rootOf = (command: Command): Command => (command.parent ? rootOf(command.parent) : command);

function print({io}: Context, command: Command, page: Page): void {
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
      const similar = suggest(
        word,
        index === 0 ? [...names, 'all', 'options', ...Object.values(optionPages).map(({page}) => page)] : names,
      );
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

function groupPage(root: Command, group: OptionPage, width: number): string {
  const {command: name, note} = optionPages[group];
  const command = root.commands.find((each) => each.name() === name);
  const rows = (command?.options ?? []).filter((option) => pageOf(option) === group).map(optionRow);
  return joinSections([...(command ? [usageSection(command)] : []), section(group, rows, width), wrap(note, width)]);
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
