import {createReadStream, createWriteStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import {basename} from 'node:path';
import {pipeline} from 'node:stream/promises';
import {fileURLToPath} from 'node:url';
import {interruption, PoeError} from '../errors.js';
import type {Log} from '../log.js';
import {download} from './download.js';
import {fileError, type LocalFile, openFile, type OutgoingFile, readError} from './outgoing-file.js';
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
 * Opens local files and https URLs for sending. URLs are downloaded to a temporary folder, without Poe's cookies. Sends
 * nothing to Poe and holds no content in memory.
 * @throws PoeError `file`, `too_large`, `network`, `timeout`, `interrupted`
 */
export async function openAttachments(
  sources: readonly (string | URL)[],
  options: OpenOptions,
): Promise<OpenedAttachments> {
  const folder = new TemporaryFolder();
  try {
    const limit = new SizeLimit();
    // Local files first: if they are too large already, nothing needs to be downloaded.
    const located = await Promise.all(sources.map((source) => locate(String(source), limit)));
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
type Source = LocalFile | {url: URL} | {pipe: string};

async function locate(source: string, limit: SizeLimit): Promise<Source> {
  if (/^https?:\/\//i.test(source)) {
    if (!URL.canParse(source)) throw fileError(`Invalid URL: ${source}`);
    return {url: new URL(source)};
  }
  const path = /^file:\/\//i.test(source) ? fileURLToPath(source) : source;
  const stats = await stat(path).catch((error: unknown) => {
    throw readError(path, error);
  });
  if (stats.isDirectory()) throw fileError(`Not a file, but a folder: ${path}`);
  if (!stats.isFile()) return {pipe: path};
  limit.add(stats.size);
  return {path, name: basename(path), source: path};
}

async function copyToFolder(
  source: {url: URL} | {pipe: string},
  folder: TemporaryFolder,
  limit: SizeLimit,
  options: OpenOptions,
): Promise<LocalFile> {
  const path = await folder.newPath();
  const {signal} = options;
  const onBytes = (bytes: number) => limit.add(bytes);
  if ('url' in source) {
    const checkSize = (bytes: number) => limit.check(bytes);
    const name = await download(source.url, {...options, signal, path, onBytes, checkSize});
    return {path, name, source: source.url.origin + source.url.pathname};
  }
  const chunks = countBytes(createReadStream(source.pipe), onBytes);
  await pipeline(chunks, createWriteStream(path, {mode: 0o600}), {signal}).catch((error: unknown) => {
    if (signal?.aborted) throw interruption(signal);
    throw error instanceof PoeError ? error : readError(source.pipe, error);
  });
  return {path, name: basename(source.pipe), source: source.pipe};
}

async function* countBytes(chunks: AsyncIterable<Buffer>, onBytes: (bytes: number) => void) {
  for await (const chunk of chunks) {
    onBytes(chunk.byteLength);
    yield chunk;
  }
}
