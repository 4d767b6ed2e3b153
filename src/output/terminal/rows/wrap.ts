import {lazyPattern} from '../lazy-pattern.js';

/**
 * Wraps a line at words so that no row is wider than a number of columns. Further rows are indented. A word that is too wide
 * stays whole, so that a URL can be copied.
 */
export function wrapLine(line: string, columns: number, indent = ''): string[] {
  const rows: string[] = [];
  let row = '';
  let width = 0;
  for (const word of line.split(breaks())) {
    const wordWidth = maxWidth(word);
    if (rows.length + width > 0 && width + wordWidth > columns) {
      rows.push(row);
      row = indent + word.trimStart();
      width = maxWidth(row);
    } else {
      row += word;
      width += wordWidth;
    }
  }
  return [...rows, row];
}

const cjkPunctuation = '、。，！？';

/** Before a space, and between Chinese and Japanese characters, which are written without spaces. */
const breaks = lazyPattern(
  String.raw`(?<=\S)(?= )|(?<=[\p{Ideographic}\p{sc=Hiragana}\p{sc=Katakana}${cjkPunctuation}])(?=[\p{Ideographic}\p{sc=Hiragana}\p{sc=Katakana}])`,
  'u',
);

/** An upper bound of a text's width. The exact tables take long to load, and wrapping an emoji early does no harm. */
export function maxWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += wide().test(character) ? 2 : zeroWidth().test(character) ? 0 : 1;
  return width;
}

const wide = lazyPattern(
  String.raw`[\p{Emoji_Presentation}\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Bopomofo}\p{sc=Yi}\u3000-\u303F\u30FB\u30FC\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6]`,
  'u',
);

/** Accents. U+FE0F does not count here: it makes a character an emoji, which is one column wider. */
const zeroWidth = lazyPattern(String.raw`(?!\uFE0F)[\p{Mn}\p{Me}\p{Cf}]`, 'u');
