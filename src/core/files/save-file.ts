import {randomUUID} from 'node:crypto';
import {constants} from 'node:fs';
import {copyFile, lstat, rename, rm} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {PoeError} from '../errors.js';
import type {Log} from '../log.js';
import {isLoopback, parseUrl} from '../http/url.js';
import {download} from './download.js';

const maxBytes = 350_000_000;

export interface SaveOptions {
  /** The URLs of Poe's servers. Files may be on this machine only if one of these servers is. */
  homes: readonly string[];
  /** Whether an existing file is replaced. Default: an existing file is an error. */
  mayReplace?: boolean;
  /** Give up after this many milliseconds without data. */
  timeoutMs: number;
  signal?: AbortSignal;
  log: Log;
}

/**
 * Downloads a URL to a file. A file that cannot be downloaded completely is not created. Sends no cookie or key of Poe.
 * @returns the size in bytes
 * @throws PoeError `file`, `too_large`, `network`, `timeout`, `interrupted`
 */
export async function saveFile(address: string, path: string, options: SaveOptions): Promise<number> {
  const url = parseUrl(address);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') throw saveError(`Invalid URL: ${address}`);
  if (isLoopback(url.hostname) && !options.homes.some((home) => isLoopback(parseUrl(home)?.hostname ?? ''))) {
    throw saveError(`Refusing to download from this machine: ${address}`);
  }
  const part = join(dirname(path), `.poe-${randomUUID()}.part`);
  let size = 0;
  const checkSize = (more: number) => {
    if (size + more > maxBytes) throw new PoeError('too_large', `The file is larger than ${maxBytes / 1e6} MB`);
  };
  const onBytes = (bytes: number) => {
    size += bytes;
    checkSize(0);
  };
  try {
    if (options.mayReplace) await checkReplaceable(path);
    await download(url, {...options, signal: options.signal, path: part, target: path, onBytes, checkSize});
    if (options.mayReplace) await rename(part, path);
    else await copyFile(part, path, constants.COPYFILE_EXCL);
    return size;
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
