import type {LookupFunction} from 'node:net';
import {getProxyForUrl} from 'proxy-from-env';

/** Idle connections are given up before servers usually do, so that no request meets one that is being closed. */
export const idleMs = 4_000;

/** Connects a `.localhost` name to this machine without asking DNS (RFC 6761). */
export const loopbackLookup: LookupFunction = (_hostname, options, found) => {
  if (options.all) found(null, [{address: '127.0.0.1', family: 4}]);
  else found(null, '127.0.0.1', 4);
};

export const isLocalName = (hostname: string): boolean => hostname.toLowerCase().endsWith('.localhost');

/** The proxy of `HTTPS_PROXY` and `NO_PROXY` for this address. Plain `http:` stays on this machine and takes none. */
export function proxyFor(url: URL): string | undefined {
  if (url.protocol === 'http:' || url.protocol === 'ws:') return undefined;
  return getProxyForUrl(`https://${url.host}${url.pathname}`) || undefined;
}

/** Where a route leads, for error messages; a proxy's password is left out. */
export function routeName(url: URL): string {
  const proxy = proxyFor(url);
  if (!proxy) return url.host;
  return `${url.host} (through the proxy ${URL.canParse(proxy) ? new URL(proxy).host : 'of HTTPS_PROXY'})`;
}
