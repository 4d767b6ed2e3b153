import {Command} from 'commander';
import {globalOptions} from '../commands/shared/global-options.js';
import type {Context} from '../context/context.js';
import {PoeError} from '../core/errors.js';
import {suggest} from '../core/suggest.js';
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

export const help = (context: Context) =>
  new Command('help')
    .summary('Show help for a command or topic')
    .description(
      'Show help for a command. The topic "all" lists every command, and "options" lists the global options and environment variables.',
    )
    .argument('[topic...]', 'Command, "all" or "options"')
    .action((words: string[], _flags: object, command: Command) => {
      const root = command.parent ?? command;
      const [topic = '', ...more] = words;
      const page = more.length === 0 ? topics.get(topic) : undefined;
      if (page) context.io.stdout.write(page(root, helpWidth(root)));
      else findCommand(root, words).outputHelp();
    });

const topics = new Map([
  ['all', allCommandsPage],
  ['options', optionsPage],
]);

const helpWidth = (root: Command): number => root.configureOutput().getOutHelpWidth?.() ?? 80;

/** @throws PoeError `usage` */
function findCommand(root: Command, words: readonly string[]): Command {
  let parent = root;
  for (const [index, word] of words.entries()) {
    const names = parent.commands.map((command) => command.name());
    const command = parent.commands[names.indexOf(word)];
    if (!command) {
      const similar = suggest(word, index === 0 ? [...names, ...topics.keys()] : names);
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
