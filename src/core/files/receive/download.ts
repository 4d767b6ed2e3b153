import {open} from 'node:fs/promises';
import {PoeError} from '../../errors.js';
import type {Log} from '../../log/log.js';
import {isLoopback} from '../../http/url.js';
import {retryAfterS, retryHint, safeRetryPolicy} from '../../http/retry.js';

/** The headers that a URL needs. */
export type Authorize = (url: URL) => Readonly<Record<string, string>>;

const maxRedirects = 10;

export interface DownloadOptions {
  /** The file to write. */
  path: string;
  /** The name of that file in error messages. Default: `path`. */
  target?: string;
  /** Called with the size of each chunk before it is written. Throws if the total is too large. */
  onBytes: (bytes: number) => void;
  /** Throws if a download of this size is too large. */
  checkSize: (bytes: number) => void;
  timeoutMs: number;
  signal: AbortSignal | undefined;
  log: Log;
  /** Default: no URL needs any. */
  authorize?: Authorize | undefined;
  /** Whether a redirect may lead to a URL. Default: `isAllowedUrl`. */
  isAllowed?: (url: URL, from: URL) => boolean;
}

/**
 * Downloads a URL to a file. Sends no cookie of Poe, and a key only to the URLs that need it.
 * @returns the name of the remote file; '' if it has none
 * @throws PoeError `file`, `network`, `timeout`, `interrupted`; what `onBytes` and `checkSize` throw
 */
export async function download(url: URL, options: DownloadOptions): Promise<string> {
  if (!isAllowedUrl(url, url)) throw downloadError(url, 'http: is not secure', 'Use an https: URL.');
  const response = await followRedirects(url, {isAllowed: isAllowedUrl, ...options});
  try {
    if (!response.ok) throw statusError(url, response);
    options.checkSize(Number(response.headers.get('Content-Length') ?? 0));
    if (response.body) await writeTo(response.body, options);
  } finally {
    await response.body?.cancel();
  }
  return nameInHeaders(response.headers) || nameInUrl(new URL(response.url));
}

interface RequestOptions extends Pick<DownloadOptions, 'timeoutMs' | 'signal' | 'log' | 'authorize'> {
  /** Whether a redirect may lead to a URL. */
  isAllowed: (url: URL, from: URL) => boolean;
}

/** Requests a URL without a cookie of Poe. @throws PoeError `file`, `network`, `timeout`, `interrupted` */
export async function followRedirects(
  url: URL,
  {timeoutMs, log, signal, isAllowed, authorize}: RequestOptions,
): Promise<Response> {
  const {get} = await import('../../http/ky-client.js');
  const retry = safeRetryPolicy(timeoutMs);
  let current = url;
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const options = {name: `download from ${current.host}`, timeoutMs, log, signal, retry};
    const headers = {'User-Agent': 'poe-cli', ...authorize?.(current)};
    const response = await get(current, () => headers, options);
    const location = response.status >= 300 && response.status < 400 ? response.headers.get('Location') : null;
    if (location === null) return response;
    await response.body?.cancel();
    const next = URL.canParse(location, current.href) ? new URL(location, current) : undefined;
    if (!next || !isAllowed(next, current)) throw downloadError(url, 'it redirects to a URL that is not allowed');
    current = next;
  }
  throw downloadError(url, `it redirects more than ${maxRedirects} times`);
}

/**
 * Whether a download may go to a URL: `https:`; on this machine also `http:`, except after a redirect from `https:`. A remote
 * URL may not redirect to this machine.
 */
export function isAllowedUrl({protocol, hostname}: URL, from: URL): boolean {
  if (!isLoopback(hostname)) return protocol === 'https:';
  return isLoopback(from.hostname) && (protocol === 'https:' || (protocol === 'http:' && from.protocol === 'http:'));
}

async function writeTo(
  chunks: AsyncIterable<Uint8Array>,
  {path, target = path, onBytes}: DownloadOptions,
): Promise<void> {
  const fail = (error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new PoeError('file', `Could not write ${target} (${code})`, {hint: 'Nothing was sent.', cause: error});
  };
  const file = await open(path, 'w', 0o600).catch(fail);
  try {
    for await (const chunk of chunks) {
      onBytes(chunk.byteLength);
      await file.writeFile(chunk).catch(fail);
    }
  } finally {
    await file.close();
  }
}

/** The message omits the query and the password of the URL: they may be secrets. */
const downloadError = ({origin, pathname}: URL, reason: string, hint = 'Check the URL.') =>
  new PoeError('file', `Could not download ${origin}${pathname}: ${reason}`, {hint: `Nothing was sent. ${hint}`});

/** @returns an error whose cause is `rate_limited` if the server wants fewer requests */
function statusError(url: URL, {status, headers}: Response): PoeError {
  const error = downloadError(url, `HTTP ${status}`).with({status});
  if (status !== 429) return error;
  const cause = new PoeError('rate_limited', `Rate limited by ${url.host} (HTTP 429)`, {
    hint: retryHint(headers) ?? 'Try again in a minute.',
    retryAfterS: retryAfterS(headers),
  });
  return new PoeError(error.code, error.message, {...error.facts, hint: error.hint, cause});
}

function nameInHeaders(headers: Headers): string {
  const disposition = headers.get('Content-Disposition') ?? '';
  const encoded = /filename\*\s*=\s*(?:UTF-8)?'[^']*'([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]+))/i.exec(disposition);
  return decode(encoded?.trim() ?? '') || (plain?.[1]?.replaceAll(/\\(.)/g, '$1') ?? plain?.[2]?.trim() ?? '');
}

/** The last part of the path, decoded; '' if the path ends in a slash. */
export const nameInUrl = ({pathname}: URL): string => decode(pathname.split('/').at(-1) ?? '');

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
