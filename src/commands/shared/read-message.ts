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
export async function readMessage(
  words: readonly string[],
  {stdin = true}: MessageFlags,
  {io, signal, output}: Context,
): Promise<string> {
  const text = words.filter((word) => word !== '-').join(' ');
  const isRequested = words.includes('-');
  const isNeeded = text.trim() === '';
  const hint = 'To attach it as a file instead: poe send -f - "…"';
  const onWaiting = () => output.note(isNeeded ? waiting : `${waiting} To send only the arguments, add --no-stdin.`);
  const piped = stdin ? await readStdin(io, {isRequested, isNeeded, hint, signal, onWaiting}) : '';
  const message = [text, piped.replace(/\r?\n$/, '')].filter((part) => part.trim() !== '').join('\n\n');
  if (message !== '') return message;
  throw new PoeError('usage', 'No message to send', {
    hint: 'Write it after the command, or pipe it in: poe send "2x2?"',
  });
}

const waiting = 'Waiting for input on stdin.';
