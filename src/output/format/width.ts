import {stripVTControlCharacters} from 'node:util';
import stringWidth from 'string-width';
import {pieces} from './graphemes.js';

/** The width of a text on a terminal, in columns. */
export function widthOf(text: string): number {
  if (isSingleWidth(text)) return text.length;
  if (text.length < maxUnsplitLength) return stringWidth(text);
  let width = 0;
  for (const piece of pieces(stripVTControlCharacters(text)))
    width += isSingleWidth(piece) ? piece.length : stringWidth(piece);
  return width;
}

const maxUnsplitLength = 256;

/** Whether each character of a text is one code unit and one column: printable ASCII, Latin letters, · – — … */
export const isSingleWidth = (text: string): boolean => /^[ -~\u00B7\u00C0-\u017F\u2013\u2014\u2026]*$/.test(text);
