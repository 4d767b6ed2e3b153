import {sanitizeLine} from '../terminal/sanitize.js';

/**
 * What is to be told of an address besides itself: the host it leads to, where that is written in a way that may be taken for
 * another one, as with letters that look like Latin ones, behind a name and @, or as a number. '' where it is plain.
 */
export function hostBehind(address: string): string {
  const [, written] = /^[a-z][\w+.-]*:\/\/([^/?#\\]*)/i.exec(address) ?? [];
  if (written === undefined || !URL.canParse(address)) return '';
  const {host} = new URL(address);
  return host.toLowerCase() === written.toLowerCase() ? '' : ` → ${sanitizeLine(host)}`;
}

/** An address on one line, cleaned, and the host it leads to where that is not plain. */
export const shownAddress = (address: string): string => sanitizeLine(address) + hostBehind(address);
