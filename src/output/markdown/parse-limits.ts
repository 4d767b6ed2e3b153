/** The most signs of Markdown in one paragraph, heading or cell: two hundred and fifty bold words. */
const mostSigns = 500;
/** The longest of what could be the name in an e-mail address. */
const longestName = 1000;

/**
 * Whether the inside of a paragraph, a heading or a cell is such as is written, by people or bots. The time in which marked
 * reads it grows by the square of the number of signs, and of what stands before an @ without a blank: seconds for 30 KB.
 */
export const isWriting = (text: string): boolean => !hasMore(mostSigns, text.matchAll(sign)) && !hasLongName(text);

/** What may begin or end something: runs of one sign, and what may begin an image, a link, a tag or an address. */
const sign = /\*+|_+|~+|`+|[![<]|https?|ftp:/gi;

/** Characters that marked takes for those of the name in an e-mail address, and the @ where it follows. */
const name = /[a-z0-9.!#$%&'*+/=?_`{|}~-]+@?/gi;

function hasLongName(text: string): boolean {
  if (text.length <= longestName || !text.includes('@')) return false;
  for (const [found] of text.matchAll(name)) if (found.length > longestName && found.endsWith('@')) return true;
  return false;
}

function hasMore(most: number, found: Iterable<unknown>): boolean {
  let count = 0;
  for (const _one of found) if (++count > most) return true;
  return false;
}
