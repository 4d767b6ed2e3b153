import {Command, CommanderError, Help} from 'commander';
import packageJson from '../package.json' with {type: 'json'};
import {commands} from './commands/index.js';
import {addGlobalOptions} from './commands/options.js';
import {Context} from './context.js';
import {type ErrorCode, PoeError} from './core/errors.js';
import {misspelled} from './core/near.js';
import type {Io} from './io.js';

const exitCodes: Record<ErrorCode, number> = {
  refused: 1,
  stale_operation: 1,
  not_understood: 1,
  bot_failed: 1,
  store: 1,
  usage: 2,
  bot_not_found: 3,
  chat_not_found: 3,
  not_logged_in: 4,
  bad_tokens: 4,
  bad_form_key: 4,
  out_of_points: 5,
  rate_limited: 5,
  too_large: 5,
  network: 6,
  unavailable: 6,
  cloudflare: 6,
  timeout: 6,
  reply_lost: 7,
  interrupted: 130,
};

/**
 * Runs one command line.
 * @param argv the arguments, without node and script
 * @param signal aborted when the command is to stop: Ctrl-C
 * @returns the exit code
 */
export async function main(argv: readonly string[], io: Io, signal: AbortSignal): Promise<number> {
  const context = new Context(io, signal);
  const isReaderGone = readerGone(io.stdout);
  // Who does not read the notes does not miss them.
  io.stderr.on('error', () => {});
  // Alone on a terminal, there is nothing to send and nothing to wait for.
  const line = argv.length === 0 && io.stdin.isTTY ? ['--help'] : argv;
  try {
    const run = program(context).parseAsync(line, {from: 'user'});
    // When the reader of stdout has gone, nobody is left to tell, and that is no error.
    await Promise.race([run, isReaderGone]);
    return 0;
  } catch (error) {
    return report(error, context, argv);
  } finally {
    await context.close();
  }
}

function program(context: Context): Command {
  const root = new Command('poe')
    .description('Poe.com in the terminal: ask hundreds of AI bots from a shell or a script.')
    .usage('[message...] | <command>')
    .version(packageJson.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .configureHelp({formatHelp: commandsFirst})
    .addHelpText('after', examples)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.io.stdout.write(text),
      writeErr: (text) => void context.io.stderr.write(text),
      outputError: () => {},
      getOutHelpWidth: () => context.io.stdout.columns ?? 80,
      getErrHelpWidth: () => context.io.stderr.columns ?? 80,
    })
    .hook('preAction', (_program, command) => {
      context.configure(command.optsWithGlobals());
      refuseMistypedCommand(command, root);
      if (command.name() !== 'sandbox') context.noteStandIn();
    });
  addGlobalOptions(root);
  for (const make of commands) {
    const command = make(context);
    command.copyInheritedSettings(root);
    command.configureHelp({});
    addGlobalOptions(command);
    root.addCommand(command, {isDefault: command.name() === 'send'});
  }
  return root;
}

/** The help page as commander makes it, but with the commands, which one comes for, above the options. */
function commandsFirst(command: Command, help: Help): string {
  const [usage = '', description = '', ...sections] = Help.prototype.formatHelp.call(help, command, help).split('\n\n');
  const isCommands = (section: string) => section.startsWith('Commands:');
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
  const near = misspelled(word, [...root.commands.map((each) => each.name()), 'help']);
  if (near === undefined) return;
  throw new PoeError('usage', `There is no command ${word}`, {
    hint: `Did you mean: poe ${near}? To send it as a message: poe send ${word}`,
  });
}

/** Rejects or never ends but for the one case: whoever read stdout has gone. */
function readerGone(stdout: Io['stdout']): Promise<void> {
  return new Promise((resolve, reject) => {
    stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') resolve();
      else
        reject(
          new PoeError('store', `The output could not be written (${error.code ?? error.message})`, {cause: error}),
        );
    });
  });
}

function report(error: unknown, context: Context, argv: readonly string[]): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const failure = toPoeError(error);
  // A command line that could not be read has configured nothing yet.
  if (error instanceof CommanderError) context.configure({json: argv.includes('--json')});
  if (failure.code !== 'interrupted' || context.output.isJson) context.output.error(failure);
  return exitCodes[failure.code];
}

function toPoeError(error: unknown): PoeError {
  if (error instanceof PoeError) return error;
  if (error instanceof CommanderError) {
    const [first = '', ...more] = error.message.replace(/^error: /, '').split('\n');
    const hint = more.join(' ').replaceAll(/[()]/g, '').trim();
    return new PoeError('usage', first.charAt(0).toUpperCase() + first.slice(1), {
      hint: hint || 'poe --help lists commands and options.',
    });
  }
  const what = error instanceof Error ? error.message : String(error);
  return new PoeError('not_understood', `Something went wrong inside poe: ${what}`, {
    hint: 'This is a fault of poe: please report it.',
    cause: error,
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
