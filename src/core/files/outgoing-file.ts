import type {FileHandle} from 'node:fs/promises';
import {fileError, readError} from './file-error.js';
import {mediaType} from './media-type.js';
import {type FileVersion, fileVersion, isSameVersion, openRegularFile} from './regular-file.js';
import {PoeError} from '../errors.js';

/** A file that is ready to be sent. */
export interface OutgoingFile {
  readonly name: string;
  readonly mimeType: string;
  /** Bytes. */
  readonly size: number;
  /** The content, from the beginning at each call. @throws PoeError `file` if the file has changed since it was opened */
  stream(): AsyncGenerator<Uint8Array, void, undefined>;
}

/** A file on this machine that is to be sent. */
export interface LocalFile {
  path: string;
  /** The file name to send. Default: `file` with the extension of its type. */
  name: string;
  /** The source as the user wrote it, for error messages. */
  source: string;
}

/** @throws PoeError `file` */
export async function openFile({path, name, source}: LocalFile): Promise<OutgoingFile> {
  const file = await open(path, source);
  try {
    const version = await fileVersion(file);
    const size = Number(version.size);
    if (size === 0) throw fileError(`The file is empty: ${source}`);
    const {type, extension} = await mediaType(file, size, name);
    return {
      name: toHeaderName(name) || `file.${extension}`,
      mimeType: type,
      size,
      stream: () => readContent(path, source, version),
    };
  } catch (error) {
    throw readError(source, error);
  } finally {
    await file.close();
  }
}

/** @param version that of the file when it was opened: the request has announced its size */
async function* readContent(
  path: string,
  source: string,
  version: FileVersion,
): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await open(path, source);
  try {
    await checkUnchanged(file, source, version);
    let left = Number(version.size);
    for await (const chunk of file.createReadStream({autoClose: false}) as AsyncIterable<Buffer>) {
      left -= chunk.byteLength;
      if (left < 0) throw changed(source);
      // The last bytes complete the request, so they are sent only if all bytes are of one version.
      if (left === 0) await checkUnchanged(file, source, version);
      yield chunk;
    }
    if (left !== 0) throw changed(source);
  } catch (error) {
    throw readError(source, error);
  } finally {
    await file.close();
  }
}

const open = (path: string, source: string): Promise<FileHandle> =>
  openRegularFile(path).catch((error: unknown) => {
    throw readError(source, error);
  });

async function checkUnchanged(file: FileHandle, source: string, version: FileVersion): Promise<void> {
  if (!isSameVersion(await fileVersion(file), version)) throw changed(source);
}

const changed = (source: string) =>
  new PoeError('file', `The file changed while it was being sent: ${source}`, {
    hint: 'The message was not sent. Send it again when nothing writes to the file.',
  });

/** A file name without slashes and control characters. */
const toHeaderName = (name: string): string =>
  name
    .replaceAll(/[/\\]/g, '_')
    .replaceAll(/\p{Cc}/gu, '')
    .trim();
