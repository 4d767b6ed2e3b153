import {BlockList, isIP} from 'node:net';
import {PoeError} from '../../errors.js';
import {resolve} from '../../http/connect/connect-tcp.js';
import {safeRetryPolicy} from '../../http/retry.js';
import {isLoopback} from '../../http/url.js';
import type {Log} from '../../log/log.js';
import {nameInUrl} from './download.js';

/** The largest file, in bytes. */
const maxBytes = 20_000_000;
const maxRedirects = 5;
/** How long a file may take in all. */
const maxMs = 30_000;

export interface PublicFileOptions {
  /** Give up after this many milliseconds without data. */
  timeoutMs: number;
  signal: AbortSignal;
  log: Log;
  /** Whether a URL may be requested. Default: `isPublicUrl`. */
  isAllowed?: (url: URL) => Promise<boolean>;
}

/**
 * Downloads a file that somebody else has named, such as the sender of a request, into memory. It must be on a public server: no URL,
 * also after a redirect, may lead to this machine or a private network, where it could read what only this machine can.
 * @throws PoeError `file`, `too_large`, `network`, `timeout`, `interrupted`
 */
export async function downloadPublicFile(
  url: URL,
  {isAllowed = isPublicUrl, ...options}: PublicFileOptions,
): Promise<{name: string; content: Uint8Array}> {
  const timeout = AbortSignal.timeout(maxMs);
  const signal = AbortSignal.any([options.signal, timeout]);
  try {
    let current = url;
    for (let redirects = 0; redirects <= maxRedirects; redirects++) {
      if (!(await isAllowed(current))) throw failure(url, 'only https: URLs of public servers are downloaded');
      const response = await request(current, {...options, signal});
      const location = response.status >= 300 && response.status < 400 ? response.headers.get('Location') : null;
      if (location === null) return {name: nameInUrl(current), content: await readAll(response, url)};
      await response.body?.cancel();
      if (!URL.canParse(location, current.href)) throw failure(url, 'it redirects to an invalid URL');
      current = new URL(location, current);
    }
    throw failure(url, `it redirects more than ${maxRedirects} times`);
  } catch (error) {
    if (timeout.aborted && !options.signal.aborted) throw failure(url, `it takes longer than ${maxMs / 1000} seconds`);
    throw error;
  }
}

async function request(url: URL, {timeoutMs, signal, log}: Omit<PublicFileOptions, 'isAllowed'>): Promise<Response> {
  const {get} = await import('../../http/ky-client.js');
  const options = {name: `download from ${url.host}`, timeoutMs, log, signal, retry: safeRetryPolicy(timeoutMs)};
  return get(url, () => ({'User-Agent': 'poe-cli'}), options);
}

async function readAll({ok, status, headers, body}: Response, url: URL): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    if (!ok) throw failure(url, `HTTP ${status}`);
    if (Number(headers.get('Content-Length') ?? 0) > maxBytes) throw tooLarge(url);
    for await (const part of body ?? []) {
      size += part.byteLength;
      if (size > maxBytes) throw tooLarge(url);
      parts.push(part);
    }
    return Buffer.concat(parts);
  } finally {
    await body?.cancel();
  }
}

/**
 * Whether all addresses of a host are public. A host that changes its addresses after this check gains nothing: the server at the new
 * address has no certificate for its name.
 */
export async function isPublicUrl({protocol, hostname}: URL): Promise<boolean> {
  if (protocol !== 'https:' || isLoopback(hostname)) return false;
  const addresses = await resolve(hostname.replace(/^\[|\]$/g, '')).catch(() => []);
  return addresses.length > 0 && addresses.every(isPublicAddress);
}

export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  return family === 4
    ? !reserved.check(address, 'ipv4')
    : global.check(address, 'ipv6') && !reserved.check(address, 'ipv6');
}

/** IPv6 addresses that are assigned to the internet at all. */
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');

/** Addresses that are not public (IANA's registries of special-purpose addresses), or that stand for an IPv4 address. */
const reserved = new BlockList();
for (const network of (
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 ' +
  '192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 ' +
  '2001::/23 2001:db8::/32 2002::/16 3fff::/20'
).split(' ')) {
  const [address = '', bits] = network.split('/');
  reserved.addSubnet(address, Number(bits), address.includes(':') ? 'ipv6' : 'ipv4');
}

const failure = ({origin, pathname}: URL, reason: string) =>
  new PoeError('file', `Could not download ${origin}${pathname}: ${reason}`, {
    hint: 'Send the content of the file in the message.',
  });

const tooLarge = ({origin, pathname}: URL) =>
  new PoeError('too_large', `${origin}${pathname} is larger than ${maxBytes / 1e6} MB`);
