import {PoeError} from '../../errors.js';
import {parseUrl} from '../../http/url.js';
import type {Log} from '../../log/log.js';
import {type Authorize, followRedirects, isAllowedUrl} from './download.js';
import {isHostedByPoe} from './hosted-by-poe.js';
import {isLocalUrl, type ReadStoredFile, readLocalUrl} from '../stored-file.js';

/** The largest image that is shown, in bytes. */
const maxBytes = 20_000_000;
/** How long an image may take in all. */
const maxMs = 15_000;

export interface FetchImageOptions {
  /** The URLs of Poe's servers. */
  homes: readonly string[];
  /** Give up after this many milliseconds without data. */
  timeoutMs: number;
  signal: AbortSignal;
  log: Log;
  /** The headers that a URL of Poe's API needs; none for any other URL. Default: none. */
  authorize?: Authorize | undefined;
  /** Reads the files of chats on this machine. */
  readStored?: ReadStoredFile | undefined;
}

/**
 * Downloads an image that Poe serves into memory, without a cookie, or reads one that a chat stores.
 * @returns undefined if another server has it
 * @throws PoeError `file`, `too_large`, `network`, `timeout`, `interrupted`
 */
export async function fetchImage(address: string, options: FetchImageOptions): Promise<Uint8Array | undefined> {
  if (isLocalUrl(address)) return readLocalUrl(address, options.readStored);
  const url = parseUrl(address);
  const {homes, signal} = options;
  if (!url || !isHostedByPoe(url, homes)) return undefined;
  const isAllowed = (next: URL, from: URL) => isHostedByPoe(next, homes) && isAllowedUrl(next, from);
  const timeout = AbortSignal.timeout(maxMs);
  try {
    const limited = AbortSignal.any([signal, timeout]);
    const response = await followRedirects(url, {...options, signal: limited, isAllowed});
    return await readAll(response);
  } catch (error) {
    if (timeout.aborted && !signal.aborted) throw tooSlow();
    throw error;
  }
}

async function readAll({ok, status, headers, body}: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    if (!ok) throw new PoeError('file', `HTTP ${status}`);
    if (Number(headers.get('Content-Length') ?? 0) > maxBytes) throw tooLarge();
    for await (const part of body ?? []) {
      size += part.byteLength;
      if (size > maxBytes) throw tooLarge();
      parts.push(part);
    }
    return Buffer.concat(parts);
  } finally {
    await body?.cancel();
  }
}

const tooLarge = () => new PoeError('too_large', `it is larger than ${maxBytes / 1e6} MB`);
const tooSlow = () => new PoeError('timeout', `the download takes longer than ${maxMs / 1000} seconds`);
