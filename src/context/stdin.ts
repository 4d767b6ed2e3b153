import {fstatSync} from 'node:fs';
import {interruption} from '../core/errors.js';
import type {Io} from './io.js';

/** How long an open socket on stdin is given to say something, where there is a message without it. */
const graceMs = 1_000;

/**
 * The text on stdin, '' where there is none. A terminal is read only when asked for by name. A file or a pipe is read to its
 * end. A program that started us may have left a socket open that it never writes to: where stdin is not needed, that one is
 * given a second to begin.
 * @throws PoeError `interrupted` when the signal is aborted before the end
 */
export async function readStdin(
  stdin: Io['stdin'],
  {isNamed, isNeeded}: {isNamed: boolean; isNeeded: boolean},
  signal: AbortSignal,
) {
  if (!isNamed && (stdin.isTTY || isNothing(stdin.fd))) return '';
  const isPatient = isNamed || isNeeded || !isSocket(stdin.fd);
  const leave = new AbortController();
  const timer = isPatient ? undefined : setTimeout(() => leave.abort(), graceMs);
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of until(stdin, AbortSignal.any([signal, leave.signal]))) {
      clearTimeout(timer);
      chunks.push(chunk);
    }
  } finally {
    clearTimeout(timer);
  }
  if (signal.aborted) throw interruption(signal);
  return Buffer.concat(chunks).toString('utf8');
}

/** The first line of stdin, without its end, '' where there is none; it does not wait for more. */
export async function firstLine(stdin: Io['stdin'], signal: AbortSignal): Promise<string> {
  if (isNothing(stdin.fd)) return '';
  let text = '';
  for await (const chunk of until(stdin, signal)) {
    text += chunk.toString('utf8');
    if (text.trimStart().includes('\n')) break;
  }
  return text.trim().split('\n', 1)[0]?.trim() ?? '';
}

/** The chunks of a stream up to its end or the signal. */
async function* until(stdin: Io['stdin'], signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  const chunks = stdin[Symbol.asyncIterator]();
  const stopped = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), {once: true});
  });
  for (;;) {
    const next = await Promise.race([chunks.next(), stopped]);
    if (!next) {
      // The stream is left as it is, and must not keep the process.
      stdin.pause();
      if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
      return;
    }
    if (next.done) return;
    yield typeof next.value === 'string' ? Buffer.from(next.value) : next.value;
  }
}

const kind = (fd: number | undefined) => {
  try {
    return fd === undefined ? undefined : fstatSync(fd);
  } catch {
    return undefined;
  }
};

/** `/dev/null` and other devices, or a closed stdin. */
const isNothing = (fd: number | undefined) => fd !== undefined && (kind(fd)?.isCharacterDevice() ?? true);

const isSocket = (fd: number | undefined) => kind(fd)?.isSocket() ?? false;
