import {isLoopback, parseUrl} from '../../http/url.js';

/** Poe's content network, which serves the files of replies. */
const contentHost = 'poecdn.net';

/**
 * Whether Poe itself serves a file. Only such a file may be fetched without asking: any other server would learn who reads a
 * reply and when, and a bot could send it parts of the chat in a URL. If Poe is simulated on this machine, that is the only server.
 */
export function isHostedByPoe(address: URL | string, homes: readonly string[]): boolean {
  const url = typeof address === 'string' ? parseUrl(address) : address;
  if (!url) return false;
  const servers = homes.flatMap((home) => parseUrl(home) ?? []);
  if (isLoopback(url.hostname)) {
    // A simulated site has a second host name for its files.
    return url.protocol === 'http:' && servers.some(({hostname, port}) => isLoopback(hostname) && port === url.port);
  }
  if (url.protocol !== 'https:' || servers.every(({hostname}) => isLoopback(hostname))) return false;
  const isContent = url.port === '' && (url.hostname === contentHost || url.hostname.endsWith(`.${contentHost}`));
  return isContent || servers.some(({origin}) => origin === url.origin);
}

/** Whether a file is stored with its chat on this machine. */
export const isStoredFile = (url: string): boolean => /^file:/i.test(url);
