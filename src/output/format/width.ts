import {stripVTControlCharacters} from 'node:util';
import stringWidth from 'string-width';
import {piecesOf} from './graphemes.js';

/** How many columns a text takes. Of letters that all are one wide it is their number, which is quickly told. */
export function widthOf(text: string): number {
  if (isPlain(text)) return text.length;
  if (text.length < long) return stringWidth(text);
  let width = 0;
  for (const piece of piecesOf(stripVTControlCharacters(text)))
    width += isPlain(piece) ? piece.length : stringWidth(piece);
  return width;
}

const long = 256;

/** Whether a text has only characters that are one code unit and one column each: printable ASCII, Latin letters, · – — … */
export const isPlain = (text: string): boolean => /^[ -~\u00B7\u00C0-\u017F\u2013\u2014\u2026]*$/.test(text);
