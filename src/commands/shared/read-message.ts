import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import {readStdin} from '../../context/stdin.js';

/**
 * The message to send: the words given, then, after a blank line, what comes in on stdin. The line break that ends it is not part
 * of it. `-` among the words names stdin.
 * @throws PoeError `usage` when there is neither
 */
export async function readMessage(words: readonly string[], {io, signal}: Context): Promise<string> {
  const said = words.filter((word) => word !== '-').join(' ');
  const isNamed = words.includes('-');
  const piped = await readStdin(io.stdin, {isNamed, isNeeded: said.trim() === ''}, signal);
  const message = [said, piped.replace(/\r?\n$/, '')].filter((part) => part.trim() !== '').join('\n\n');
  if (message !== '') return message;
  throw new PoeError('usage', 'There is no message to send', {
    hint: 'Write it after the command, or pipe it in: poe send "2x2?"',
  });
}
