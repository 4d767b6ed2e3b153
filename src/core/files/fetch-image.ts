import {PoeError} from '../errors.js';
import {isLoopback, parseUrl} from '../http/url.js';
import type {Log} from '../log.js';
import {type Authorize, followRedirects, isAllowedUrl} from './download.js';
import {isLocalUrl, type ReadStoredFile, readLocalUrl} from './stored-file.js';

/** The largest image that is shown, in bytes. */
const maxBytes = 20_000_000;
/** How long an image may take in all. */
const maxMs = 15_000;

/** Poe's content network, which serves the files of replies. */
const contentHost = 'poecdn.net';

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
 * Whether Poe itself serves a file. Only such a file may be fetched without asking: any other server would learn who reads a
 * reply and when, and a bot could send it parts of the chat in a URL. If Poe is simulated on this machine, that is the only server.
 */
export function isHostedByPoe(url: URL, homes: readonly string[]): boolean {
  const servers = homes.flatMap((home) => parseUrl(home) ?? []);
  if (isLoopback(url.hostname)) {
    // A simulated site has a second host name for its files.
    return url.protocol === 'http:' && servers.some(({hostname, port}) => isLoopback(hostname) && port === url.port);
  }
  if (url.protocol !== 'https:' || servers.every(({hostname}) => isLoopback(hostname))) return false;
  const isContent = url.port === '' && (url.hostname === contentHost || url.hostname.endsWith(`.${contentHost}`));
  return isContent || servers.some(({origin}) => origin === url.origin);
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
