import {stripVTControlCharacters} from 'node:util';
import stringWidth from 'string-width';
import {pieces} from './graphemes.js';

/** The width of a text on a terminal, in columns. */
export function widthOf(text: string): number {
  if (isSingleWidth(text)) return text.length;
  if (isSimple.test(text)) return simpleWidth(text);
  if (text.length <= maxWordLength) return wordWidth(text);
  if (text.length < maxUnsplitLength) return stringWidth(text);
  let width = 0;
  for (const piece of pieces(stripVTControlCharacters(text)))
    width += isSingleWidth(piece) ? piece.length : stringWidth(piece);
  return width;
}

/**
 * The characters that most languages are usually written with, arrows, boxes, and the marks for control characters. Those from
 * U+3000 on are two columns wide, except U+FFFD, and the vowel signs of Hebrew, Arabic and Thai have no width.
 */
const isSimple =
  /^[ -~\u00A1-\u00AC\u00AE-\u02FF\u0384-\u0482\u048A-\u052F\u05B0-\u05BD\u05C1\u05C2\u05D0-\u05EA\u05F3\u05F4\u060C\u061B\u061F-\u066F\u0670-\u06D5\u06F0-\u06FC\u0E01-\u0E32\u0E34-\u0E3A\u0E40-\u0E5B\u2010-\u2027\u2030-\u205E\u20A0-\u20BF\u2190-\u22FF\u2400-\u2426\u2500-\u25FC\u2800-\u28FF\u3000-\u3029\u3041-\u3096\u30A1-\u30FA\u4E00-\u9FFF\uAC00-\uD7A3\uFF01-\uFF60\uFFFD]*$/;

/** The library is slow: it looks at each character as if it could be an emoji. */
function simpleWidth(text: string): number {
  let width = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x3000) width += code === 0xfffd ? 0 : 1;
    else if (code >= 0x5b0 && code <= 0xe4e && vowelSigns.test(text.charAt(at))) width -= 1;
  }
  return width;
}

const vowelSigns = /[\u05B0-\u05BD\u05C1\u05C2\u064B-\u065F\u0670\u0E31\u0E34-\u0E3A\u0E47-\u0E4E]/;

const maxUnsplitLength = 256;
const maxWordLength = 20;
const maxWords = 2000;

/** Texts repeat their words. */
const wordWidths = new Map<string, number>();

function wordWidth(word: string): number {
  const known = wordWidths.get(word);
  if (known !== undefined) return known;
  if (wordWidths.size >= maxWords) wordWidths.clear();
  const width = stringWidth(word);
  wordWidths.set(word, width);
  return width;
}

/** Whether each character of a text is one code unit and one column: printable ASCII, Latin letters, · – — … */
export const isSingleWidth = (text: string): boolean => /^[ -~\u00B7\u00C0-\u017F\u2013\u2014\u2026]*$/.test(text);
