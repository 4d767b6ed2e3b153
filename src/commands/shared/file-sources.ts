import type {Context} from '../../context/context.js';
import {readStdinBytes} from '../../context/stdin.js';
import {PoeError} from '../../core/errors.js';
import type {FileSource} from '../../core/options.js';
import type {MessageFlags} from './read-message.js';

/** Names of stdin. As files they cannot be opened if stdin is a socket. */
const stdinNames: ReadonlySet<string> = new Set(['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']);

const isStdin = (file: string): boolean => stdinNames.has(file);

/**
 * The files to attach, of which one may be stdin. It is not part of the message then.
 * @param words the arguments of the message
 * @throws PoeError `usage` if stdin is requested twice
 */
export function fileSources(
  files: readonly string[],
  words: readonly string[],
  {stdin = true}: MessageFlags,
  context: Context,
): {files: FileSource[]; stdin: boolean} {
  const uses = files.filter(isStdin).length;
  if (uses === 0) return {files: [...files], stdin};
  if (uses > 1 || words.includes('-')) throw usage('stdin can be used only once', 'Use "-" only once.');
  if (!stdin) throw usage('-f - and --no-stdin cannot be combined', 'Use only one of them.');
  return {files: files.map((file) => (isStdin(file) ? stdinContent(context) : file)), stdin: false};
}

const usage = (message: string, hint: string) => new PoeError('usage', message, {hint});

function stdinContent({io, signal, output}: Context): FileSource {
  const end = io.stdin.isTTY ? ' End it with Ctrl-D.' : '';
  const onWaiting = () => output.note(`Waiting for input on stdin.${end}`);
  return {content: readStdinBytes(io.stdin, {signal, onWaiting}), label: 'stdin'};
}
