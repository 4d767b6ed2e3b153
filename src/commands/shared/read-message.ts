import type {Context} from '../../context/context.js';
import {readStdin} from '../../context/stdin.js';
import {PoeError} from '../../core/errors.js';

export interface MessageFlags {
  /** False for `--no-stdin`. */
  stdin?: boolean;
}

/**
 * Reads the message to send: the arguments, a blank line, and stdin without its last line break. `-` among the arguments requests
 * stdin even from a terminal.
 * @throws PoeError `usage` if both are empty
 */
export async function readMessage(words: readonly string[], flags: MessageFlags, context: Context): Promise<string> {
  const text = words.filter((word) => word !== '-').join(' ');
  const piped = await readPipedText(words, {...flags, isNeeded: text.trim() === ''}, context);
  const message = [text, piped].filter((part) => part.trim() !== '').join('\n\n');
  if (message !== '') return message;
  throw noMessage();
}

interface PipedTextOptions extends MessageFlags {
  /** Whether there is nothing to send without it. */
  isNeeded: boolean;
}

/** Reads the text on stdin without its last line break; '' if there is none, or it is not to be read. */
export async function readPipedText(
  words: readonly string[],
  {stdin = true, isNeeded}: PipedTextOptions,
  {io, signal, output}: Context,
): Promise<string> {
  if (!stdin) return '';
  const isRequested = words.includes('-');
  const hint = 'To attach it as a file instead: poe send -f - "…"';
  const onWaiting = () => output.note(isNeeded ? waiting : `${waiting} To send only the arguments, add --no-stdin.`);
  const piped = await readStdin(io, {isRequested, isNeeded, hint, signal, onWaiting});
  return piped.replace(/\r?\n$/, '');
}

export const noMessage = (): PoeError =>
  new PoeError('usage', 'No message to send', {
    hint: 'Write it after the command, or pipe it in: poe send "2x2?"',
  });

const waiting = 'Waiting for input on stdin.';
