import {closeSync, constants, openSync} from 'node:fs';
import {Socket} from 'node:net';
import {addAbortSignal} from 'node:stream';
import {fileError, readError} from './file-error.js';
import {nonBlocking} from './non-blocking.js';

/**
 * Reads a named pipe to its end. It waits for a program that writes to the pipe without blocking a thread, which would keep the
 * process from ending.
 * @throws PoeError `file`, also after `timeoutMs` without data; the signal's error
 */
export async function* readPipe(
  path: string,
  {timeoutMs, signal}: {timeoutMs: number; signal?: AbortSignal},
): AsyncGenerator<Buffer, void, undefined> {
  const pipe = openPipe(path);
  pipe.setTimeout(timeoutMs, () => pipe.destroy(noData(path, timeoutMs)));
  if (signal) addAbortSignal(signal, pipe);
  try {
    yield* pipe as AsyncIterable<Buffer>;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw readError(path, error);
  } finally {
    pipe.destroy();
  }
}

function openPipe(path: string): Socket {
  try {
    const fd = openSync(path, constants.O_RDONLY | nonBlocking);
    try {
      return new Socket({fd, readable: true, writable: false});
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  } catch (error) {
    throw readError(path, error);
  }
}

const noData = (path: string, timeoutMs: number) =>
  fileError(`No program wrote to the pipe for ${timeoutMs / 1000} seconds: ${path}`);
