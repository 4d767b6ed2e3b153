import {Command, Option} from 'commander';
import packageJson from '../../package.json' with {type: 'json'};
import {commands} from '../commands/index.js';
import {addExamples, type Example} from '../commands/shared/options/examples.js';
import {addGlobalOptions} from '../commands/shared/options/global-options.js';
import type {Context} from '../context/context.js';
import {applySettings, reportSettings, usesSettings} from './apply-settings.js';
import {confirmCommandWord, rejectCommandWord} from './command-word.js';
import {help} from './help-command.js';
import {formatHelp} from './help.js';
import {rejectEmptyValues} from './reject-empty-values.js';

/**
 * Loads commands and builds the command tree. Each command line needs a new one: commander stores parsed options in it.
 * @param only the single subcommand to load and build, if the command line is known to need no other
 */
export async function program(context: Context, only?: string): Promise<Command> {
  const root = addExamples(new Command('poe'), examples)
    .description('Chat with the AI bots of Poe.com from the command line.')
    .version(packageJson.version, '-V, --version', 'Print the version')
    .helpOption('-h, --help', 'Show help')
    .helpCommand(false)
    .configureHelp({formatHelp})
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.io.stdout.write(text),
      writeErr: (text) => void context.io.stderr.write(text),
      outputError: () => {},
      // Longer lines are hard to read, and bin/poe.js prints a page built for 80 columns.
      getOutHelpWidth: () => Math.min(context.io.stdout.columns || 80, 80),
    })
    .hook('preAction', async (_program, command) => {
      applySettings(command, context);
      context.configure(command.optsWithGlobals());
      reportSettings(command, context);
      rejectEmptyValues(command);
      const isImplied = command.name() === 'send' && root.args[0] !== 'send';
      if (isImplied) rejectCommandWord(command.args, [...commandNames, 'help']);
      if (usesSettings(command)) context.noteSimulation();
      context.noteExposedSecrets();
      if (isImplied) await confirmCommandWord(command.args, commandNames, context);
    });
  addGlobalOptions(root);
  for (const [title, group] of Object.entries(commands)) {
    for (const [name, load] of Object.entries(group)) {
      if (only !== undefined && name !== only) continue;
      const create = await load();
      add(create(context).helpGroup(title), root);
    }
  }
  if (only === undefined) add(help(context).helpGroup('Tools'), root);
  return root;
}

/**
 * The subcommand that a command line runs, found without parsing it; `send` if it names none.
 * @returns undefined if the whole tree is needed, as for help
 */
export function commandOf(argv: readonly string[]): string | undefined {
  const [first = ''] = argv;
  if (commandNames.has(first)) return first;
  const mayNeedTree = argv.some((word) => commandNames.has(word) || ['help', '-h', '--help'].includes(word));
  return mayNeedTree ? undefined : 'send';
}

export const commandNames: ReadonlySet<string> = new Set(
  Object.values(commands).flatMap((group) => Object.keys(group)),
);

function add(command: Command, root: Command): void {
  inherit(command, root);
  root.addCommand(command, {isDefault: command.name() === 'send'});
}

/** Copies the settings and global options of a parent to a command and its subcommands. */
function inherit(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent);
  addGlobalOptions(command);
  addModelOption(command);
  for (const subcommand of command.commands) inherit(subcommand, command);
}

/** `-m` and `--model`, as other programs call it, mean `--bot`. */
function addModelOption(command: Command): void {
  const option = command.options.find(({short, long}) => short === '-b' && long === '--bot');
  if (!option) return;
  command.addOption(new Option('-m, --model <bot>').hideHelp());
  command.on('option:model', (handle: string) => {
    const before: unknown = command.getOptionValue('bot');
    command.setOptionValueWithSource('bot', option.parseArg?.<unknown>(handle, before) ?? handle, 'cli');
  });
}

const examples: readonly Example[] = [
  ['poe "2x2?"', 'Ask your default bot'],
  ['git diff | poe -b gemini-2.0-flash "Review this"'],
  ['poe --sandbox "2x2?"', 'Try it without an account'],
];
