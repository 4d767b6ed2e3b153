import {sanitizeLine} from '../terminal/sanitize.js';

/**
 * The real host of a URL, " → host", if the URL is written in a way that may be mistaken for another host: with letters that
 * look like Latin ones, after a name and @, or as a number. Otherwise ''.
 */
export function hostNote(url: string): string {
  const [, written] = /^[a-z][\w+.-]*:\/\/([^/?#\\]*)/i.exec(url) ?? [];
  if (written === undefined || !URL.canParse(url)) return '';
  const {host} = new URL(url);
  return host.toLowerCase() === written.toLowerCase() ? '' : ` → ${sanitizeLine(host)}`;
}

/** A URL without the content inside it. */
export const withoutContent = (url: string): string => url.replace(/^(data:[^,]{0,60}).*$/is, '$1,…');

/** A URL on one line, sanitized, with its real host if that is not obvious. */
export const shownUrl = (url: string): string => sanitizeLine(withoutContent(url)) + hostNote(url);
