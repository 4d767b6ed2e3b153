import {randomUUID} from 'node:crypto';
import {constants} from 'node:fs';
import {copyFile, lstat, rename, rm, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {PoeError} from '../../errors.js';
import type {Log} from '../../log/log.js';
import {isLoopback, parseUrl} from '../../http/url.js';
import {type Authorize, download, isAllowedUrl} from './download.js';
import {isHostedByPoe} from './hosted-by-poe.js';
import {isLocalUrl, type ReadStoredFile, readLocalUrl} from '../stored-file.js';

const maxBytes = 350_000_000;

export interface SaveOptions {
  /** The URLs of Poe's servers. Files may be on this machine only if one of these servers is. */
  homes: readonly string[];
  /** Whether an existing file is replaced. Default: an existing file is an error. */
  mayReplace?: boolean;
  /** Whether a redirect to a server that is not Poe's is an error. Default: false. */
  onlyFromPoe?: boolean;
  /** Give up after this many milliseconds without data. */
  timeoutMs: number;
  signal?: AbortSignal;
  log: Log;
  /** The headers that a URL of Poe's API needs; none for any other URL. Default: none. */
  authorize?: Authorize | undefined;
  /** Reads the files of chats on this machine. */
  readStored?: ReadStoredFile | undefined;
}

/**
 * Downloads a URL to a file, or copies one that a chat stores. A file that cannot be downloaded completely is not created. Sends no
 * cookie of Poe, and a key only to the URLs that need it.
 * @returns the size in bytes
 * @throws PoeError `file`, `too_large`, `network`, `timeout`, `interrupted`
 */
export async function saveFile(address: string, path: string, options: SaveOptions): Promise<number> {
  if (isLocalUrl(address)) return copyLocal(address, path, options);
  const url = parseUrl(address);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') throw saveError(`Invalid URL: ${address}`);
  if (isLoopback(url.hostname) && !options.homes.some((home) => isLoopback(parseUrl(home)?.hostname ?? ''))) {
    throw saveError(`Refusing to download from this machine: ${address}`);
  }
  let size = 0;
  const checkSize = (more: number) => {
    if (size + more > maxBytes) throw new PoeError('too_large', `The file is larger than ${maxBytes / 1e6} MB`);
  };
  const onBytes = (bytes: number) => {
    size += bytes;
    checkSize(0);
  };
  const isAllowed = (next: URL, from: URL) =>
    isAllowedUrl(next, from) && (!options.onlyFromPoe || isHostedByPoe(next, options.homes));
  await writeWhole(path, options, async (part) => {
    await download(url, {...options, signal: options.signal, path: part, target: path, onBytes, checkSize, isAllowed});
  });
  return size;
}

async function copyLocal(address: string, path: string, options: SaveOptions): Promise<number> {
  const bytes = await readLocalUrl(address, options.readStored);
  await writeWhole(path, options, (part) => writeFile(part, bytes, {mode: 0o600}));
  return bytes.byteLength;
}

/** @param write writes to a temporary file. @throws PoeError `file`; what `write` throws */
async function writeWhole(
  path: string,
  {mayReplace}: Pick<SaveOptions, 'mayReplace'>,
  write: (part: string) => Promise<void>,
): Promise<void> {
  const part = join(dirname(path), `.poe-${randomUUID()}.part`);
  try {
    if (mayReplace) await checkReplaceable(path);
    await write(part);
    if (mayReplace) await rename(part, path);
    else await copyFile(part, path, constants.COPYFILE_EXCL);
  } catch (error) {
    if (error instanceof PoeError) throw error.code === 'file' ? saveError(error.message, error) : error;
    throw saveError(`Could not write ${path} (${error instanceof Error ? error.message : String(error)})`, error);
  } finally {
    await rm(part, {force: true}).catch(() => {});
  }
}

/** Rejects folders, pipes and devices. A symbolic link is itself replaced. @throws PoeError `file` */
async function checkReplaceable(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats && !stats.isFile() && !stats.isSymbolicLink()) throw saveError(`Not a file that can be replaced: ${path}`);
}

const saveError = (message: string, cause?: unknown) =>
  new PoeError('file', message, {hint: 'Nothing was saved.', cause});
