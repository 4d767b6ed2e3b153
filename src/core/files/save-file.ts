import {randomUUID} from 'node:crypto';
import {constants} from 'node:fs';
import {copyFile, lstat, rename, rm} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {PoeError} from '../errors.js';
import type {Log} from '../log.js';
import {isLoopback, parseUrl} from '../http/address.js';
import {download} from './download.js';

const mostBytes = 350_000_000;

export interface SaveOptions {
  /** Addresses of Poe. Where one is on this machine, files may be, too. */
  homes: readonly string[];
  /** Whether a file that is there is replaced. */
  mayReplace?: boolean;
  /** Silence allowed, in milliseconds. */
  timeoutMs: number;
  signal?: AbortSignal;
  log: Log;
}

/**
 * Fetches what lies at an address into a file, whole or not at all. No cookie and no key of Poe's goes there.
 * @returns how many bytes it has
 * @throws PoeError `file`, `too_large`, `network`, `timeout`, `interrupted`
 */
export async function saveFile(address: string, path: string, options: SaveOptions): Promise<number> {
  const url = parseUrl(address);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') throw unsaved(`${address} is no address to fetch from`);
  if (isLoopback(url.hostname) && !options.homes.some((home) => isLoopback(parseUrl(home)?.hostname ?? ''))) {
    throw unsaved(`${address} is on this machine, where bots have no files`);
  }
  const part = join(dirname(path), `.poe-${randomUUID()}.part`);
  let size = 0;
  const check = (more: number) => {
    if (size + more > mostBytes) throw new PoeError('too_large', `The file has more than ${mostBytes / 1e6} MB`);
  };
  const take = (bytes: number) => {
    size += bytes;
    check(0);
  };
  try {
    if (options.mayReplace) await checkReplaceable(path);
    await download(url, {...options, signal: options.signal, path: part, target: path, take, check});
    if (options.mayReplace) await rename(part, path);
    else await copyFile(part, path, constants.COPYFILE_EXCL);
    return size;
  } catch (error) {
    if (error instanceof PoeError) throw error.code === 'file' ? unsaved(error.message, error) : error;
    throw unsaved(`${path} could not be written (${error instanceof Error ? error.message : String(error)})`, error);
  } finally {
    await rm(part, {force: true}).catch(() => {});
  }
}

/** A folder, a pipe or a device is not what anybody means to replace; of a link, the link alone is. */
async function checkReplaceable(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found && !found.isFile() && !found.isSymbolicLink()) throw unsaved(`${path} is no file that could be replaced`);
}

const unsaved = (message: string, cause?: unknown) =>
  new PoeError('file', message, {hint: 'Nothing was saved.', cause});
