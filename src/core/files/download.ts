import {open} from 'node:fs/promises';
import {interruption, PoeError} from '../errors.js';
import type {Log} from '../log.js';
import {isLoopback} from '../http/address.js';
import {networkError} from '../http/network-error.js';
import {IdleTimeout, idleTimeoutError} from '../http/idle-timeout.js';
import {type AnswerHeaders, type Incoming, transport} from '../http/transport.js';

const mostRedirects = 10;

export interface DownloadOptions {
  /** Where it is to lie. */
  path: string;
  /** What that is called where it cannot be written. */
  target?: string;
  /** Is told how many bytes more there are, before they are kept; may throw. */
  take: (bytes: number) => void;
  /** May throw where so many bytes, in all, are too many. */
  check: (bytes: number) => void;
  timeoutMs: number;
  signal: AbortSignal | undefined;
  log: Log;
}

/**
 * Fetches what lies at an address into a file. No cookie and no header of Poe's goes there.
 * @returns the name it goes by; '' where it has none
 * @throws PoeError `file`, `network`, `timeout`, `interrupted`
 */
export async function download(url: URL, options: DownloadOptions): Promise<string> {
  const silence = new IdleTimeout(options.timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, silence.signal]) : silence.signal;
  const started = performance.now();
  const log = (status: number | string) =>
    options.log({what: `fetch ${url.host}`, status, ms: performance.now() - started});
  try {
    if (!isAllowedUrl(url, url)) throw unavailable(url, 'would be fetched without TLS', 'Use https:.');
    const {answer, at} = await follow(url, signal);
    const {status, headers, body} = answer;
    if (status < 200 || status > 299) throw unavailable(url, `answered HTTP ${status}`);
    options.check(Number(headers.get('Content-Length') ?? 0));
    await keep(counted(body, options.take, silence), options);
    log(status);
    return nameIn(headers) || nameOf(at);
  } catch (error) {
    log('failed');
    if (options.signal?.aborted) throw interruption(options.signal);
    if (silence.signal.aborted) throw idleTimeoutError(options.timeoutMs, url, error);
    throw error instanceof PoeError ? error : networkError(error, url);
  } finally {
    silence.end();
  }
}

async function follow(url: URL, signal: AbortSignal): Promise<{answer: Incoming; at: URL}> {
  let at = url;
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const answer = await transport(at, {method: 'GET', headers: {'User-Agent': 'poe-cli'}, signal});
    const location = answer.status >= 300 && answer.status < 400 ? answer.headers.get('Location') : null;
    if (location === null) return {answer, at};
    answer.body.destroy();
    const next = URL.canParse(location, at.href) ? new URL(location, at) : undefined;
    if (!next || !isAllowedUrl(next, at)) throw unavailable(url, 'sends on to an address that is not taken');
    at = next;
  }
  throw unavailable(url, `sends on more than ${mostRedirects} times`);
}

async function keep(chunks: AsyncIterable<Uint8Array>, {path, target = path}: DownloadOptions): Promise<void> {
  const refused = (error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new PoeError('file', `${target} could not be written (${code})`, {hint: 'Nothing was sent.', cause: error});
  };
  const file = await open(path, 'w', 0o600).catch(refused);
  try {
    for await (const chunk of chunks) await file.writeFile(chunk).catch(refused);
  } finally {
    await file.close();
  }
}

async function* counted(chunks: AsyncIterable<Uint8Array>, take: (bytes: number) => void, silence: IdleTimeout) {
  for await (const chunk of chunks) {
    silence.touch();
    take(chunk.byteLength);
    yield chunk;
  }
}

/** `https:`, and on this machine `http:`, but not behind `https:`; from elsewhere nobody is sent on to where others cannot look. */
export function isAllowedUrl({protocol, hostname}: URL, from: URL): boolean {
  if (!isLoopback(hostname)) return protocol === 'https:';
  return isLoopback(from.hostname) && (protocol === 'https:' || (protocol === 'http:' && from.protocol === 'http:'));
}

/** Query and password may be secrets. */
const unavailable = (url: URL, what: string, hint = 'Check the address.') =>
  new PoeError('file', `${url.origin}${url.pathname} ${what}`, {hint: `Nothing was sent. ${hint}`});

function nameIn(headers: AnswerHeaders): string {
  const disposition = headers.get('Content-Disposition') ?? '';
  const encoded = /filename\*\s*=\s*(?:UTF-8)?'[^']*'([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]+))/i.exec(disposition);
  return decoded(encoded?.trim() ?? '') || (plain?.[1]?.replaceAll(/\\(.)/g, '$1') ?? plain?.[2]?.trim() ?? '');
}

export const nameOf = ({pathname}: URL): string => decoded(pathname.split('/').at(-1) ?? '');

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
