import {type Command, CommanderError} from 'commander';
import {Context} from '../context/context.js';
import {type ErrorCode, PoeError} from '../core/errors.js';
import {crashHint, describeCrash} from './crash-report.js';
import {shellHint} from './hints.js';
import type {Io} from '../context/io.js';
import {commandOf, program} from './program.js';
import {usageError} from './usage-error.js';

export const exitCodes: Record<ErrorCode, number> = {
  refused: 1,
  stale_operation: 1,
  not_understood: 1,
  bot_failed: 1,
  store: 1,
  usage: 2,
  file: 2,
  no_code: 1,
  bot_not_found: 3,
  user_not_found: 3,
  chat_not_found: 3,
  message_not_found: 3,
  not_logged_in: 4,
  bad_tokens: 4,
  bad_form_key: 4,
  out_of_points: 5,
  too_expensive: 5,
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
  const terminal = new AbortController();
  const context = new Context(io, AbortSignal.any([signal, terminal.signal]), shellHint);
  const isReaderGone = readerGone(io.stdout, () => terminal.abort());
  // Who does not read the notes does not miss them.
  io.stderr.on('error', () => {});
  // Alone on a terminal, there is nothing to send, and somebody to talk to.
  const line = argv.length === 0 && io.stdin.isTTY ? ['chat'] : argv;
  try {
    // A reader of stdout that goes away ends the command, and is no error.
    await runLine(line, context, {isOver: isReaderGone});
    return 0;
  } catch (error) {
    return report(error, context);
  } finally {
    await context.close();
  }
}

/**
 * Runs one command line.
 * @param options.isOver ends it early
 * @param options.outer the arguments of the chat that runs it
 * @throws PoeError
 */
async function runLine(
  argv: readonly string[],
  context: Context,
  {isOver, outer = []}: {isOver?: Promise<void>; outer?: readonly string[]} = {},
): Promise<void> {
  context.tree = () => program(context);
  const root = program(context, commandOf(argv));
  const typed = {root, argv, all: [...outer, ...argv]};
  context.run = (line, io, signal) => runLine(line, context.within(io, signal), {outer: typed.all});
  context.toError = (error) => toPoeError(error, typed, context);
  try {
    const line = root.parseAsync(argv, {from: 'user'}).catch(unlessAnswered);
    const run = line.then(() => flushed(context.io.stdout));
    await (isOver ? Promise.race([run, isOver]) : run);
  } catch (error) {
    // If the arguments could not be parsed, no option has been applied yet.
    if (error instanceof CommanderError) context.configure({json: argv.includes('--json')});
    throw toPoeError(error, typed, context);
  }
}

/** Commander throws when it has printed the help or the version, too. */
function unlessAnswered(error: unknown): void {
  if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error;
}

/** What was written has left, or has failed: a disk that is full says so only after the write. */
const flushed = (stdout: Io['stdout']): Promise<void> =>
  new Promise((resolve) => void stdout.write('', () => resolve()));

/**
 * Rejects or never ends but for the one case: whoever read stdout has gone.
 * @param stop has the command end in order, for its terminal has gone
 */
function readerGone(stdout: Io['stdout'], stop: () => void): Promise<void> {
  let isTerminalGone = false;
  return new Promise((resolve, reject) => {
    stdout.on('error', (error: NodeJS.ErrnoException) => {
      isTerminalGone ||= error.code === 'EIO' && stdout.isTTY === true;
      if (isTerminalGone) stop();
      else if (error.code === 'EPIPE') resolve();
      else reject(new PoeError('store', unwritten(error), {cause: error}));
    });
  });
}

const unwritten = ({code, message}: NodeJS.ErrnoException) =>
  `The output could not be written${code === 'ENOSPC' ? ': the disk is full' : ''} (${code ?? message})`;

/** What was typed, and what could have been. */
interface CommandLine {
  root: Command;
  argv: readonly string[];
  /** With those of the lines around it. */
  all: readonly string[];
}

/** @returns the exit code */
function report(error: unknown, {output}: Context): number {
  if (!(error instanceof PoeError)) throw error;
  if (error.code !== 'interrupted' || output.isJson) output.error(error, shellHint(error));
  return exitCodes[error.code];
}

function toPoeError(error: unknown, line: CommandLine, {io, output}: Context): PoeError {
  if (error instanceof PoeError) return error;
  if (error instanceof CommanderError) return usageError(error, line.argv, line.root);
  const {message, trace} = describeCrash(error, {argv: line.all, env: io.env});
  for (const status of trace) output.log({what: 'fault', status});
  return new PoeError('not_understood', message, {hint: crashHint, cause: error});
}
