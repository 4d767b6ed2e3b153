import {type Argument, Command, Help} from 'commander';
import packageJson from '../../package.json' with {type: 'json'};
import {commands} from '../commands/index.js';
import {addGlobalOptions} from '../commands/shared/global-options.js';
import type {Context} from '../context/context.js';
import {PoeError} from '../core/errors.js';
import {suggest} from '../core/suggest.js';

/**
 * The tree of all commands, made afresh so that no option of an earlier line is left over.
 * @param only the one command that is to be made, where it is known which one is called
 */
export function program(context: Context, only?: string): Command {
  const root = new Command('poe')
    .description('Poe.com in the terminal: ask hundreds of AI bots from a shell or a script.')
    .usage('[message...] | <command>')
    .version(packageJson.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .commandsGroup('Tools:')
    .configureHelp({formatHelp: commandsFirst, subcommandTerm, minWidthToWrap: 24})
    .addHelpText('after', examples)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.io.stdout.write(text),
      writeErr: (text) => void context.io.stderr.write(text),
      outputError: () => {},
      // Wider lines are hard to read, and the page that bin/poe.js has at hand is made for 80.
      getOutHelpWidth: () => Math.min(context.io.stdout.columns || 80, 80),
      getErrHelpWidth: () => context.io.stderr.columns || 80,
    })
    .hook('preAction', (_program, command) => {
      context.configure(command.optsWithGlobals());
      refuseMistypedCommand(command, root);
      if (!['sandbox', 'completion'].includes(command.name())) context.noteStandIn();
      context.noteExposure();
    });
  addGlobalOptions(root);
  for (const [heading, makers] of Object.entries(commands)) {
    for (const [name, make] of Object.entries(makers)) {
      if (only !== undefined && name !== only) continue;
      const command = make(context).helpGroup(heading);
      inherit(command, root);
      root.addCommand(command, {isDefault: command.name() === 'send'});
    }
  }
  return root;
}

/** The command that a line calls whatever else stands in it; undefined where the whole tree is needed to tell, or to answer. */
export function commandOf(argv: readonly string[]): string | undefined {
  const [first = ''] = argv;
  if (names.has(first)) return needsAll.has(first) ? undefined : first;
  const isClear = argv.every((word) => !names.has(word) && !['help', '-h', '--help'].includes(word));
  return isClear ? 'send' : undefined;
}

const names: ReadonlySet<string> = new Set(Object.values(commands).flatMap((makers) => Object.keys(makers)));
const needsAll: ReadonlySet<string> = new Set(['completion']);

/** Gives a command, and those below it, what every command has. */
function inherit(command: Command, above: Command): void {
  command.copyInheritedSettings(above);
  command.configureHelp({subcommandTerm, minWidthToWrap: 24});
  addGlobalOptions(command);
  for (const below of command.commands) inherit(below, command);
}

/** A command as lists of commands show it: with its arguments. That it has options goes without saying. */
const subcommandTerm = (command: Command): string =>
  [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' ');

function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

/** The help page as commander makes it, but with the commands, which one comes for, above the options. */
function commandsFirst(command: Command, help: Help): string {
  const [usage = '', description = '', ...sections] = Help.prototype.formatHelp.call(help, command, help).split('\n\n');
  const isCommands = (section: string) => /^(?!Options)\S[^\n]*:\n/.test(section);
  return [usage, description, ...sections.filter(isCommands), ...sections.filter((section) => !isCommands(section))]
    .map((section) => section.trimEnd())
    .join('\n\n')
    .concat('\n');
}

/** `poe sned hello` is not a message: its first word is meant to be a command, and was sent by default. */
function refuseMistypedCommand(command: Command, root: Command): void {
  const [word] = command.args;
  if (command.name() !== 'send' || root.args[0] === 'send' || word === undefined || !/^[a-z][a-z-]+$/.test(word))
    return;
  const near = suggest(word, [...names, 'help']);
  if (near === undefined) return;
  throw new PoeError('usage', `There is no command ${word}`, {
    hint: `Did you mean: poe ${near}? To send it as a message: poe send ${word}`,
  });
}

const examples = `
Examples:
  poe "2x2?"                           ask the account's default bot
  poe send -b gemini-2.0-flash "2x2?"  ask another one
  git diff | poe "review this"         words and stdin together
  poe --sandbox "2x2?"                 try it without an account
  poe login                            log in

poe help <command> tells more of a command.
`;
