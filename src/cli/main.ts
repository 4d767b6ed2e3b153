import {type Command, CommanderError} from 'commander';
import {Context} from '../context/context.js';
import {type Backend, type ErrorCode, PoeError} from '../core/errors.js';
import {openFilesLimit} from '../core/open-files.js';
import {isChatLine} from './chat-line.js';
import {crashHint, describeCrash} from './crash-report.js';
import {shellHint} from './hints.js';
import type {Io} from '../context/io.js';
import {nameImpliedSend, splitShortOptions} from './normalize-arguments.js';
import {commandNames, commandOf, program} from './program.js';
import {usageError} from './usage-error.js';

export const exitCodes: Record<ErrorCode, number> = {
  refused: 1,
  stale_operation: 1,
  not_understood: 1,
  bot_failed: 1,
  store: 1,
  conflict: 1,
  usage: 2,
  file: 2,
  no_code: 1,
  no_file: 1,
  schema_mismatch: 1,
  test_failed: 1,
  bot_not_found: 3,
  user_not_found: 3,
  chat_not_found: 3,
  message_not_found: 3,
  not_logged_in: 4,
  bad_tokens: 4,
  bad_form_key: 4,
  out_of_points: 5,
  too_expensive: 5,
  over_budget: 5,
  rate_limited: 5,
  too_large: 5,
  network: 6,
  unavailable: 6,
  cloudflare: 6,
  timeout: 6,
  delivery_unknown: 7,
  reply_lost: 7,
  interrupted: 130,
};

/**
 * Runs one command line.
 * @param argv the arguments, without node and script
 * @param signal aborted to stop the command, for example on Ctrl-C
 * @returns the exit code
 */
export async function main(argv: readonly string[], io: Io, signal: AbortSignal): Promise<number> {
  const terminalGone = new AbortController();
  const context = new Context(io, AbortSignal.any([signal, terminalGone.signal]), shellHint);
  const readerGone = whenReaderGone(io.stdout, context, () => terminalGone.abort());
  // Ignore stderr errors: there is no reader.
  io.stderr.on('error', () => {});
  const line = (await isChatLine(argv, context)) ? ['chat', ...argv] : argv;
  try {
    // If the reader of stdout goes away, the command stops without an error.
    await runLine(line, context, {until: readerGone});
    return 0;
  } catch (error) {
    return report(error, context);
  } finally {
    await context.close();
  }
}

/**
 * Runs one command line.
 * @param options.until ends it early
 * @param options.outer the arguments of the chat that runs it
 * @throws PoeError
 */
async function runLine(
  words: readonly string[],
  context: Context,
  {until, outer = []}: {until?: Promise<void>; outer?: readonly string[]} = {},
): Promise<void> {
  context.tree = () => program(context);
  const named = nameImpliedSend(words, commandNames);
  const root = await program(context, commandOf(named));
  const argv = splitShortOptions(named, root);
  const line = {root, argv, all: [...outer, ...argv]};
  context.run = (argv, io, signal, hintOf) => runLine(argv, context.within(io, signal, hintOf), {outer: line.all});
  context.toError = (error) => toPoeError(error, line, context);
  try {
    const command = root
      .parseAsync(argv, {from: 'user'})
      .catch(ignoreHelp)
      .then(() => flush(context.io.stdout));
    await (until ? Promise.race([command, until]) : command);
  } catch (error) {
    // If the arguments could not be parsed, no option has been applied yet.
    if (error instanceof CommanderError) context.configure({json: argv.includes('--json')});
    throw toPoeError(error, line, context);
  }
}

/** Commander also throws after it has printed the help or the version. */
function ignoreHelp(error: unknown): void {
  if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error;
}

/** Waits until the output is written: a full disk is reported only then. */
const flush = (stdout: Io['stdout']): Promise<void> => new Promise((resolve) => void stdout.write('', () => resolve()));

/**
 * Resolves when the reader of stdout has gone; rejects when stdout cannot be written.
 * @param stop called instead when the command has to stop cleanly: if the terminal has gone, or the command requires it
 */
function whenReaderGone(stdout: Io['stdout'], context: Context, stop: () => void): Promise<void> {
  let isTerminalGone = false;
  return new Promise((resolve, reject) => {
    stdout.on('error', (error: NodeJS.ErrnoException) => {
      isTerminalGone ||= error.code === 'EIO' && stdout.isTTY === true;
      if (isTerminalGone || (context.stopsCleanly && error.code === 'EPIPE')) stop();
      else if (error.code === 'EPIPE') resolve();
      else reject(outputError(error));
    });
  });
}

function outputError(error: NodeJS.ErrnoException): PoeError {
  const reason = error.code === 'ENOSPC' ? ': no space left on the disk' : '';
  return new PoeError('store', `Could not write the output${reason} (${error.code ?? error.message})`, {cause: error});
}

interface CommandLine {
  root: Command;
  argv: readonly string[];
  /** With the arguments of the chat that runs it. */
  all: readonly string[];
}

/** Prints an error. @returns the exit code */
function report(error: unknown, {output}: Context): number {
  if (!(error instanceof PoeError)) throw error;
  // An interruption is reported only if something goes on without poe.
  if (error.code !== 'interrupted' || output.isJson || error.facts.remedy) output.error(error, shellHint(error));
  return exitCodes[error.code];
}

/** Whether the command line names a backend that lacks what it asks for. */
const needsOther = ({code, facts: {needs}}: PoeError, via: Backend | undefined): boolean =>
  code === 'not_logged_in' && via !== undefined && needs !== undefined && needs !== via;

/** Node's error for a relative path or a new thread if the current folder was deleted. */
const isFolderGone = (error: unknown): boolean => error instanceof Error && error.message.endsWith(' uv_cwd');

const folderGone = (cause: unknown): PoeError =>
  new PoeError('file', 'The current folder does not exist any more', {hint: 'Change to another folder.', cause});

/** Anything but a PoeError or an error of commander is a bug in poe, and reported as such. */
function toPoeError(error: unknown, {root, argv, all}: CommandLine, {io, output, via}: Context): PoeError {
  if (error instanceof PoeError) return needsOther(error, via) ? error.with({hint: `Omit --via ${via}.`}) : error;
  if (error instanceof CommanderError) return usageError(error, argv, root, commandNames);
  if (isFolderGone(error)) return folderGone(error);
  const limit = openFilesLimit(error);
  if (limit) return new PoeError('file', `Could not open a file: ${limit.reason}`, {hint: limit.hint, cause: error});
  const {message, trace} = describeCrash(error, {argv: all, env: io.env});
  for (const status of trace) output.log({what: 'crash', status});
  return new PoeError('not_understood', message, {hint: crashHint, cause: error});
}
