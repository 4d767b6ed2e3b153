import type {IncomingMessage} from 'node:http';
import {isIP} from 'node:net';
import {ServeError} from '../errors/serve-error.js';

/** From where requests may come. */
export interface Sources {
  /** Further names of this server in the header `Host`, in lower case. */
  hosts: ReadonlySet<string>;
  /** Whether it listens on other addresses than loopback. */
  isPublic: boolean;
  /** The origins of web pages that may use the server, such as `https://example.com`. */
  origins: ReadonlySet<string>;
}

/**
 * Refuses requests that a web page causes: a name that an attacker lets point to this machine (DNS rebinding), and pages of other
 * origins. An address of IP cannot be rebound.
 * @throws ServeError
 */
export function checkSource(request: IncomingMessage, {hosts, isPublic, origins}: Sources): void {
  const {rawHeaders, headers, url = ''} = request;
  const hostHeaders = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  if (hostHeaders.length !== 1 || !url.startsWith('/')) throw badRequest('The request has no single host.');
  const name = hostName(headers.host ?? '');
  const isKnown = isLoopbackName(name) || hosts.has(name) || (isPublic && isIP(name) !== 0);
  if (!isKnown) {
    throw new ServeError(421, 'This server does not answer for the host that the request names.', {kind: 'forbidden'});
  }
  const {origin} = headers;
  if (origin !== undefined && !origins.has(origin)) throw foreignPage();
  // A browser says so even if it sends no origin. Opening a link is allowed: only a person reads what it shows.
  const site = headers['sec-fetch-site'];
  const isForeign = site === 'cross-site' || site === 'same-site';
  if (origin === undefined && isForeign && headers['sec-fetch-mode'] !== 'navigate') throw foreignPage();
}

/** What packages read in pages, too: without them they repeat requests that they must not, and cannot speak MCP. */
const exposedHeaders = 'mcp-session-id, retry-after, x-poe-chat, x-poe-ignored, x-request-id, x-should-retry';

/** The headers that let a page of an allowed origin read a response. */
export const corsHeaders = (origin: string | undefined, {origins}: Sources): Record<string, string> =>
  origin !== undefined && origins.has(origin)
    ? {'Access-Control-Allow-Origin': origin, Vary: 'Origin', 'Access-Control-Expose-Headers': exposedHeaders}
    : {};

/** The answer to a browser that asks whether a page may send a request. */
export const preflightHeaders = ({headers}: IncomingMessage): Record<string, string> => ({
  'Access-Control-Allow-Methods': 'GET, POST, DELETE',
  'Access-Control-Allow-Headers': headers['access-control-request-headers'] ?? 'authorization, content-type',
  'Access-Control-Max-Age': '600',
  // The page may be on the internet, and this server is not.
  'Access-Control-Allow-Private-Network': 'true',
});

/** The name in a `Host` header, in lower case, without a port and the brackets of IPv6. */
const hostName = (host: string): string =>
  host
    .toLowerCase()
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');

/** RFC 6761: a browser resolves names that end with `.localhost` to this machine only. */
export const isLoopbackName = (name: string): boolean =>
  name === 'localhost' ||
  name.endsWith('.localhost') ||
  name === '::1' ||
  (isIP(name) === 4 && name.startsWith('127.'));

const badRequest = (message: string) => new ServeError(400, message, {kind: 'invalid_request'});

const foreignPage = () =>
  new ServeError(403, 'Pages of this origin may not use the server. To allow it, start the server with --origin.', {
    kind: 'forbidden',
    code: 'origin_not_allowed',
  });
