import {join, resolve} from 'node:path';

/** The file of a profile's archive. Other servers than poe.com have archives of their own. */
export function archivePath({dir, profile, siteUrl}: {dir: string; profile: string; siteUrl: string}): string {
  // A profile may be named `..`.
  const name = profile.replaceAll('.', '%2E');
  const {hostname, port} = new URL(siteUrl);
  const isPoe = /^(?:www\.)?poe\.com$/.test(hostname);
  const site = isPoe ? '' : `@${hostname.replaceAll(/[^\w.-]/g, '')}${port && `-${port}`}`;
  return join(resolve(dir), 'archive', `${name}${site}.db`);
}
