import {createWriteStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import {basename} from 'node:path';
import {pipeline} from 'node:stream/promises';
import {fileURLToPath} from 'node:url';
import {interruption, PoeError} from '../errors.js';
import type {Log} from '../log/log.js';
import type {FileSource} from '../options.js';
import {download} from './receive/download.js';
import {fileError, readError} from './file-error.js';
import {type LocalFile, openFile, type OutgoingFile} from './outgoing-file.js';
import {readPipe} from './pipe.js';
import {openRegularFile} from './regular-file.js';
import {TemporaryFolder} from './temporary-folder.js';

export interface OpenedAttachments {
  readonly files: readonly OutgoingFile[];
  /** Bytes in all. */
  readonly size: number;
  /** Removes downloaded files. Never fails. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Give up a download after this many milliseconds without data. */
  timeoutMs: number;
  signal?: AbortSignal;
  log: Log;
}

/** The limit that poe-api-rust and poe-api-wrapper use, in bytes. */
const maxBytes = 350_000_000;

/**
 * Opens files for sending. URLs and content of unknown size are copied to a temporary folder; downloads send no cookies of Poe.
 * Sends nothing to Poe and holds no content in memory.
 * @throws PoeError `file`, `usage`, `too_large`, `network`, `timeout`, `interrupted`
 */
export async function openAttachments(
  sources: readonly FileSource[],
  options: OpenOptions,
): Promise<OpenedAttachments> {
  const folder = new TemporaryFolder();
  try {
    const limit = new SizeLimit();
    // Local files first: if they are too large already, nothing needs to be downloaded.
    const located = await Promise.all(sources.map((source) => locate(source, limit, options)));
    const files: OutgoingFile[] = [];
    for (const source of located) {
      if (options.signal?.aborted) throw interruption(options.signal);
      files.push(await openFile('path' in source ? source : await copyToFolder(source, folder, limit, options)));
    }
    return {files, size: limit.used, close: () => folder.remove()};
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** Limits the size of all files together. */
class SizeLimit {
  /** Bytes. */
  used = 0;

  /** @throws PoeError `too_large` */
  add(bytes: number): void {
    this.used += bytes;
    this.check(0);
  }

  /** Whether there is room for this many more bytes. @throws PoeError `too_large` */
  check(bytes: number): void {
    if (this.used + bytes <= maxBytes) return;
    throw new PoeError('too_large', `The files are larger than the ${maxBytes / 1e6} MB that Poe accepts at once`, {
      hint: 'Send fewer or smaller files.',
    });
  }
}

/** A local file, or a source whose size is unknown until it has been copied. */
type Source = LocalFile | {url: URL} | Stream;

interface Stream {
  name: string;
  source: string;
  read: () => AsyncIterable<Uint8Array>;
}

async function locate(source: FileSource, limit: SizeLimit, options: OpenOptions): Promise<Source> {
  if (typeof source === 'object' && 'content' in source) {
    const {name = '', label = name || 'unnamed file', content} = source;
    return {name, source: label, read: () => content};
  }
  const text = String(source);
  if (/^https?:\/\//i.test(text)) {
    if (!URL.canParse(text)) throw fileError(`Invalid URL: ${text}`);
    return {url: new URL(text)};
  }
  const path = /^file:/i.test(text) ? filePath(text) : text;
  const stats = await stat(path).catch((error: unknown) => {
    throw readError(path, error);
  });
  // The number of a file descriptor, as for <(command) in a shell, is not a name.
  const names = {name: isDescriptor(path) ? '' : basename(path), source: path};
  if (stats.isDirectory()) throw fileError(`Not a file, but a folder: ${path}`);
  if (stats.isFIFO()) return {...names, read: () => readPipe(path, options)};
  if (!stats.isFile()) throw fileError(`Not a regular file: ${path}`);
  if (await hasUnknownSize(path, stats.size)) return {...names, read: () => readRegularFile(path)};
  limit.add(stats.size);
  return {path, ...names};
}

const isDescriptor = (path: string) => /^\/(?:dev|proc\/\w+)\/fd\/\d+$/.test(path);

/** @throws PoeError `usage` */
function filePath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw new PoeError('usage', `Invalid file URL: ${url}`, {
      hint: 'Nothing was sent. A file URL begins with file:/// and encodes special characters, such as a space as %20.',
      cause: error,
    });
  }
}

/** Whether the system computes the content only when it is read, as in /proc: the size is then 0 or that of a page. */
async function hasUnknownSize(path: string, size: number): Promise<boolean> {
  if (size > maxPageSize) return false;
  const file = await openRegularFile(path).catch((error: unknown) => {
    throw readError(path, error);
  });
  try {
    const {bytesRead} = await file.read(Buffer.alloc(size + 1), 0, size + 1, 0);
    return bytesRead !== size;
  } catch (error) {
    throw readError(path, error);
  } finally {
    await file.close();
  }
}

const maxPageSize = 65_536;

async function* readRegularFile(path: string): AsyncGenerator<Buffer, void, undefined> {
  const file = await openRegularFile(path);
  yield* file.createReadStream() as AsyncIterable<Buffer>;
}

async function copyToFolder(
  source: {url: URL} | Stream,
  folder: TemporaryFolder,
  limit: SizeLimit,
  options: OpenOptions,
): Promise<LocalFile> {
  const path = await folder.newPath();
  const onBytes = (bytes: number) => limit.add(bytes);
  if ('url' in source) {
    const checkSize = (bytes: number) => limit.check(bytes);
    const name = await download(source.url, {...options, signal: options.signal, path, onBytes, checkSize});
    return {path, name, source: source.url.origin + source.url.pathname};
  }
  await copyTo(path, source, onBytes, options);
  return {path, name: source.name, source: source.source};
}

async function copyTo(
  path: string,
  {source, read}: Stream,
  onBytes: (bytes: number) => void,
  {signal}: OpenOptions,
): Promise<void> {
  // Errors of reading become PoeErrors here; others are of writing.
  const chunks = async function* () {
    try {
      for await (const chunk of read()) {
        onBytes(chunk.byteLength);
        yield chunk;
      }
    } catch (error) {
      throw readError(source, error);
    }
  };
  await pipeline(chunks, createWriteStream(path, {mode: 0o600}), {signal}).catch((error: unknown) => {
    if (signal?.aborted) throw interruption(signal);
    if (error instanceof PoeError) throw error;
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new PoeError('file', `Could not copy ${source} to ${path}${code}`, {
      hint: 'Nothing was sent.',
      cause: error,
    });
  });
}
