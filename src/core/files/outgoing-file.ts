import {createReadStream} from 'node:fs';
import {open} from 'node:fs/promises';
import mime from 'mime';
import {PoeError} from '../errors.js';
import {headLength, mediaType} from './media-type.js';

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
  /** The file name to send. */
  name: string;
  /** The path or URL that the user gave, for error messages. */
  source: string;
}

/** @throws PoeError `file` */
export async function openFile({path, name, source}: LocalFile): Promise<OutgoingFile> {
  const {head, size} = await readHead(path, source);
  if (size === 0) throw fileError(`The file is empty: ${source}`);
  const mimeType = await mediaType(head, name);
  return {
    name: toHeaderName(name) || `file.${mime.getExtension(mimeType) ?? 'bin'}`,
    mimeType,
    size,
    stream: () => readContent(path, source, size),
  };
}

async function readHead(path: string, source: string): Promise<{head: Uint8Array; size: number}> {
  try {
    const file = await open(path);
    try {
      const {size} = await file.stat();
      const {buffer, bytesRead} = await file.read(Buffer.alloc(headLength), 0, headLength, 0);
      return {head: buffer.subarray(0, bytesRead), size};
    } finally {
      await file.close();
    }
  } catch (error) {
    throw readError(source, error);
  }
}

/** @param size the length that the request has announced */
async function* readContent(path: string, source: string, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  let left = size;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      left -= chunk.byteLength;
      if (left < 0) break;
      yield chunk;
    }
  } catch (error) {
    throw readError(source, error);
  }
  if (left !== 0) throw fileError(`The file changed while it was sent: ${source}`);
}

/** A file name without slashes and control characters. */
const toHeaderName = (name: string): string =>
  name
    .replaceAll(/[/\\]/g, '_')
    .replaceAll(/\p{Cc}/gu, '')
    .trim();

export const fileError = (message: string, cause?: unknown) =>
  new PoeError('file', message, {hint: 'Nothing was sent.', remedy: 'check_files', cause});

export function readError(source: string, error: unknown): PoeError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return fileError(`${readErrors[code] ?? `Could not read the file${code && ` (${code})`}`}: ${source}`, error);
}

const readErrors: Readonly<Record<string, string>> = {
  ENOENT: 'File not found',
  ENOTDIR: 'File not found',
  EACCES: 'Permission denied',
  EPERM: 'Permission denied',
};
