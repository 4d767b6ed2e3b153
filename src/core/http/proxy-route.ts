import type {LookupFunction} from 'node:net';
import {getProxyForUrl} from 'proxy-from-env';

/** Idle connections are closed after this time. Servers usually wait longer, so a request rarely meets a connection that is closing. */
export const keepAliveMs = 4_000;

export const isLocalName = (hostname: string): boolean => hostname.toLowerCase().endsWith('.localhost');

/** Resolves any name to 127.0.0.1: `.localhost` names never go to DNS (RFC 6761). */
export const loopbackLookup: LookupFunction = (_hostname, options, callback) => {
  if (options.all) callback(null, [{address: '127.0.0.1', family: 4}]);
  else callback(null, '127.0.0.1', 4);
};

/** The proxy that the environment sets for a URL, if any. `http:` and `ws:` are for this machine only and use no proxy. */
export function proxyFor(url: URL): string | undefined {
  if (url.protocol === 'http:' || url.protocol === 'ws:') return undefined;
  return getProxyForUrl(`https://${url.host}${url.pathname}`) || undefined;
}

/** The host and its proxy, for error messages. Omits the proxy's password. */
export function routeName(url: URL): string {
  const proxy = proxyFor(url);
  if (!proxy) return url.host;
  return `${url.host} (through ${URL.canParse(proxy) ? `the proxy ${new URL(proxy).host}` : 'a malformed proxy URL'})`;
}
