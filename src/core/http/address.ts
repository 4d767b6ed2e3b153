import {PoeError} from '../errors.js';

/** Whether a host name means this machine (RFC 6761 for `localhost` and what ends in it). */
export function isLoopback(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/** An address, or undefined where the text is none. */
export function parseUrl(text: string, base?: URL): URL | undefined {
  return URL.canParse(text, base?.href) ? new URL(text, base) : undefined;
}

/**
 * Reads the address of the site. `https:` anywhere, `http:` on loopback only, for the session cookies go there.
 * @throws PoeError `usage`
 */
export function siteAddress(text: string): URL {
  const url = parseUrl(text);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))) return new URL(url.origin);
  throw new PoeError('usage', `${JSON.stringify(text)} is not an address the session may be sent to`, {
    hint: 'Use https:, or http: with a host on this machine.',
  });
}

/**
 * Whether `host` (of the live channel, of a script) may belong to the site: poe.com itself, its parent Quora, their
 * content network; for a site on this machine, any host on this machine.
 */
export function belongsToSite(host: string, site: URL): boolean {
  const {hostname, href} = parseUrl(`https://${host}`) ?? {hostname: '', href: ''};
  // A host and perhaps a port: no user, and no path that takes in what is put behind it.
  if (!/^https:\/\/[^/@?#]+\/$/.test(href)) return false;
  if (isLoopback(site.hostname)) return isLoopback(hostname);
  const homes = ['poe.com', 'quora.com', 'poecdn.net', site.hostname];
  return homes.some((home) => hostname === home || hostname.endsWith(`.${home}`));
}
