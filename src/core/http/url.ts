import {PoeError} from '../errors.js';

/** Whether a host name is this machine's: a loopback address, or `localhost` and its subdomains (RFC 6761). */
export function isLoopback(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/** Parses a URL. @returns undefined if the text is not a URL */
export function parseUrl(text: string, base?: URL): URL | undefined {
  return URL.canParse(text, base?.href) ? new URL(text, base) : undefined;
}

/**
 * Parses the URL of a server that receives a secret: `https:` anywhere, `http:` only on this machine.
 * @param secret what is sent there, for the error message
 * @throws PoeError `usage`
 */
export function secureUrl(text: string, secret: string): URL {
  const url = parseUrl(text);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))) return url;
  throw new PoeError('usage', `${JSON.stringify(text)} is not a secure URL for ${secret}`, {
    hint: 'Use an https: URL, or http: on this machine.',
  });
}

/** Parses the URL of a site, without path and query. @throws PoeError `usage` */
export const parseSiteUrl = (text: string): URL => new URL(secureUrl(text, 'the session').origin);

/**
 * Whether a host may serve the site's scripts or its live channel: poe.com, its parent Quora and their content network; for a site
 * on this machine, any host on this machine.
 * @param host a host name, perhaps with a port
 */
export function belongsToSite(host: string, site: URL): boolean {
  const {hostname, href} = parseUrl(`https://${host}`) ?? {hostname: '', href: ''};
  // Nothing but a host and a port: a user name or a path would change where the URL leads.
  if (!/^https:\/\/[^/@?#]+\/$/.test(href)) return false;
  if (isLoopback(site.hostname)) return isLoopback(hostname);
  const domains = ['poe.com', 'quora.com', 'poecdn.net', site.hostname];
  return domains.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`));
}
