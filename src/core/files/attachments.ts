import {createReadStream, createWriteStream} from 'node:fs';
import {open, stat} from 'node:fs/promises';
import {basename} from 'node:path';
import {pipeline} from 'node:stream/promises';
import {fileURLToPath} from 'node:url';
import mime from 'mime';
import {interruption, PoeError} from '../errors.js';
import type {Log} from '../log.js';
import {download} from './download.js';
import {headLength, mediaType} from './media-type.js';
import {TemporaryFolder} from './temporary-file.js';

/** A file that is ready to be sent: its size and type are known. */
export interface OutgoingFile {
  readonly name: string;
  readonly mimeType: string;
  /** Bytes. */
  readonly size: number;
  /** Its content, afresh at each call. @throws PoeError `file` when it has changed meanwhile */
  stream(): AsyncGenerator<Uint8Array, void, undefined>;
}

export interface OpenedAttachments {
  readonly files: readonly OutgoingFile[];
  /** Bytes in all. */
  readonly size: number;
  /** Removes what was fetched. Never fails. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Silence allowed, in milliseconds. */
  timeoutMs: number;
  signal?: AbortSignal;
  log: Log;
}

/** What poe-api-rust and poe-api-wrapper take at most, in bytes. */
const mostBytes = 350_000_000;

/** A file on this machine, and the name it is sent under. */
interface LocalFile {
  path: string;
  name: string;
  /** As the user named it. */
  source: string;
}

/**
 * Makes local files and https addresses ready to be sent. Addresses are fetched to a temporary folder, without any cookie of
 * Poe's; nothing is sent to Poe, and nothing is held in memory.
 * @throws PoeError `file`, `too_large`, `network`, `timeout`, `interrupted`
 */
export async function openAttachments(
  sources: readonly (string | URL)[],
  options: OpenOptions,
): Promise<OpenedAttachments> {
  const folder = new TemporaryFolder();
  try {
    const budget = new Budget();
    // What is on this machine is looked at first: why fetch anything if that is too large already?
    const found = await Promise.all(sources.map((source) => lookAt(String(source), budget)));
    const files: OutgoingFile[] = [];
    for (const file of found) {
      if (options.signal?.aborted) throw interruption(options.signal);
      files.push(await opened('path' in file ? file : await bring(file, folder, budget, options)));
    }
    return {files, size: budget.used, close: () => folder.remove()};
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** How many bytes may still come. */
class Budget {
  used = 0;

  /** @throws PoeError `too_large` */
  take(bytes: number): void {
    this.used += bytes;
    this.check(0);
  }

  /** Whether so many more would be too many. @throws PoeError `too_large` */
  check(more: number): void {
    if (this.used + more <= mostBytes) return;
    throw new PoeError('too_large', `The files have more than the ${mostBytes / 1e6} MB that Poe takes at once`, {
      hint: 'Send fewer of them, or smaller ones.',
    });
  }
}

/** What a source turned out to be: a file, or something whose size nobody knows before it has been brought here. */
type Found = LocalFile | {url: URL} | {pipe: string};

async function lookAt(source: string, budget: Budget): Promise<Found> {
  if (/^https?:\/\//i.test(source)) {
    if (!URL.canParse(source)) throw unreadable(source, 'is not an address');
    return {url: new URL(source)};
  }
  const path = /^file:\/\//i.test(source) ? fileURLToPath(source) : source;
  const found = await stat(path).catch((error: unknown) => {
    throw unreadable(path, reason(error), error);
  });
  if (found.isDirectory()) throw unreadable(path, 'is a folder');
  if (!found.isFile()) return {pipe: path};
  budget.take(found.size);
  return {path, name: basename(path), source: path};
}

/** Brings something here whose size is not known. */
async function bring(
  found: {url: URL} | {pipe: string},
  folder: TemporaryFolder,
  budget: Budget,
  options: OpenOptions,
): Promise<LocalFile> {
  const path = await folder.newPath();
  const {signal} = options;
  const take = (bytes: number) => budget.take(bytes);
  if ('url' in found) {
    const check = (bytes: number) => budget.check(bytes);
    const name = await download(found.url, {...options, signal, path, take, check});
    return {path, name, source: found.url.origin + found.url.pathname};
  }
  await pipeline(counted(createReadStream(found.pipe), take), createWriteStream(path, {mode: 0o600}), {signal}).catch(
    (error: unknown) => {
      if (signal?.aborted) throw interruption(signal);
      throw error instanceof PoeError ? error : unreadable(found.pipe, reason(error), error);
    },
  );
  return {path, name: basename(found.pipe), source: found.pipe};
}

async function* counted(chunks: AsyncIterable<Buffer>, take: (bytes: number) => void) {
  for await (const chunk of chunks) {
    take(chunk.byteLength);
    yield chunk;
  }
}

async function opened({path, name, source}: LocalFile): Promise<OutgoingFile> {
  const {head, size} = await beginning(path, source);
  if (size === 0) throw unreadable(source, 'is empty');
  const mimeType = await mediaType(head, name);
  return {
    name: plainName(name) || `file.${mime.getExtension(mimeType) ?? 'bin'}`,
    mimeType,
    size,
    stream: () => contentOf(path, source, size),
  };
}

async function beginning(path: string, source: string): Promise<{head: Uint8Array; size: number}> {
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
    throw unreadable(source, reason(error), error);
  }
}

/** The form that holds it has told its size already. */
async function* contentOf(path: string, source: string, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  let left = size;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      left -= chunk.byteLength;
      if (left < 0) break;
      yield chunk;
    }
  } catch (error) {
    throw unreadable(source, reason(error), error);
  }
  if (left !== 0) throw unreadable(source, 'has changed while it was being sent');
}

/** A name for a header: no folders, nothing that does not show. */
const plainName = (name: string): string =>
  name
    .replaceAll(/[/\\]/g, '_')
    .replaceAll(/\p{Cc}/gu, '')
    .trim();

const unreadable = (source: string, what: string, cause?: unknown) =>
  new PoeError('file', `${source} ${what}`, {hint: 'Nothing was sent. Check what -f names.', cause});

function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return reasons[code] ?? `could not be read${code && ` (${code})`}`;
}

const reasons: Record<string, string> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is not there',
  EACCES: 'may not be read by you',
  EPERM: 'may not be read by you',
};
