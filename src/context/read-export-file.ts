import type {ChatCopy} from '../core/chat-copy.js';
import {interruption, PoeError} from '../core/errors.js';
import type {Io} from './io.js';
import {readStdinBytes} from './stdin.js';

/**
 * Reads the chats in an exported file.
 * @param file a path, or `-` for stdin
 * @throws PoeError `file` if it cannot be read, or is no export
 */
export async function readExportFile(
  file: string,
  stdin: Io['stdin'],
  {signal, onWaiting}: {signal: AbortSignal; onWaiting: () => void},
): Promise<ChatCopy[]> {
  const {readExports} = await import('../core/api/chats/exports/read-exports.js');
  const text = file === '-' ? await readAll(readStdinBytes(stdin, {signal, onWaiting})) : await readText(file, signal);
  try {
    return readExports(text);
  } catch (error) {
    if (!(error instanceof PoeError)) throw error;
    throw new PoeError('file', `Could not import ${file === '-' ? 'stdin' : file}: ${error.message}`, {
      hint: error.hint,
      cause: error,
    });
  }
}

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString('utf8');
}

async function readText(path: string, signal: AbortSignal): Promise<string> {
  const {readFile} = await import('node:fs/promises');
  try {
    return await readFile(path, {encoding: 'utf8', signal});
  } catch (error) {
    if (signal.aborted) throw interruption(signal);
    throw new PoeError('file', readError(path, error), {
      hint: 'Name a file that poe, ChatGPT or Claude exported.',
      cause: error,
    });
  }
}

function readError(path: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // The longest string of V8.
  if (error instanceof RangeError || code === 'ERR_STRING_TOO_LONG') return `${path} is larger than 512 MB`;
  if (code === 'ENOENT') return `File not found: ${path}`;
  return code === 'EISDIR' ? `${path} is a folder` : `Could not read ${path} (${code})`;
}
