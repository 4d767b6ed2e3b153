import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import {readStdin} from '../../context/stdin.js';

/**
 * Reads the message to send: the arguments, a blank line, and stdin without its last line break. `-` among the arguments requests
 * stdin even from a terminal.
 * @throws PoeError `usage` if both are empty
 */
export async function readMessage(words: readonly string[], {io, signal}: Context): Promise<string> {
  const text = words.filter((word) => word !== '-').join(' ');
  const isRequested = words.includes('-');
  const piped = await readStdin(io.stdin, {isRequested, isNeeded: text.trim() === ''}, signal);
  const message = [text, piped.replace(/\r?\n$/, '')].filter((part) => part.trim() !== '').join('\n\n');
  if (message !== '') return message;
  throw new PoeError('usage', 'No message to send', {
    hint: 'Write it after the command, or pipe it in: poe send "2x2?"',
  });
}
