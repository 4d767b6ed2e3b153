/**
 * Breaks a line between words so that none of its parts is wider than so many columns; further parts are indented. A word
 * that is too wide by itself stays whole, so that an address can be copied.
 */
export function wrapLine(line: string, columns: number, indent = ''): string[] {
  const lines: string[] = [];
  let at = '';
  let used = 0;
  for (const word of line.split(breaks)) {
    const width = mostWidth(word);
    if (lines.length + used > 0 && used + width > columns) {
      lines.push(at);
      at = indent + word.trimStart();
      used = mostWidth(at);
    } else {
      at += word;
      used += width;
    }
  }
  return [...lines, at];
}

/** Before a space, and between the letters of Chinese and Japanese, which have no spaces. */
const breaks =
  /(?<=\S)(?= )|(?<=[\p{Ideographic}\p{sc=Hiragana}\p{sc=Katakana}、。，！？])(?=[\p{Ideographic}\p{sc=Hiragana}\p{sc=Katakana}])/u;

/** A text is never wider than this. What knows the exact width takes long to load, and an emoji may well be folded early. */
export function mostWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += wide.test(character) ? 2 : none.test(character) ? 0 : 1;
  return width;
}

const wide =
  /[\p{Emoji_Presentation}\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Bopomofo}\p{sc=Yi}\u3000-\u303F\u30FB\u30FC\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6]/u;

/** Accents; U+FE0F is none of them here, for it makes a sign an emoji, which is wider by one. */
const none = /(?!\uFE0F)[\p{Mn}\p{Me}\p{Cf}]/u;
