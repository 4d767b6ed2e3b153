/** Letters that do not lose their marks by decomposition, and the sigma that ends words. */
const letters = new Map(Object.entries({ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ł: 'l', ı: 'i', þ: 'th', ς: 'σ'}));

const spaces = /\s/;
const unusual = /[^\0-\x7F]/;

/**
 * A text without differences of case, accents and width, so that a search for `strasse` finds `Straße`, and `cafe` finds `Café`. Vowel
 * signs are marks too.
 */
export function fold(text: string): string {
  if (!unusual.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[ßæœøđłıþς]/g, (letter) => letters.get(letter) ?? letter)
    .normalize('NFC');
}

/** Line breaks and several spaces as one space, so that a phrase is found on two lines. */
export const withPlainSpaces = (text: string): string => text.replaceAll(/\s+/g, ' ');

/**
 * Where the first of some folded words is in a text.
 * @returns the start and end in UTF-16 units of the text; undefined if none is found there
 */
export function findFolded(text: string, words: readonly string[]): {start: number; end: number} | undefined {
  const places: number[] = [];
  let folded = '';
  let position = 0;
  let isAfterSpace = false;
  // Each character by itself, so that each unit of the folded text has a place in the text.
  for (const character of text) {
    const isSpace = spaces.test(character);
    const part = isSpace ? (isAfterSpace ? '' : ' ') : fold(character);
    for (let unit = 0; unit < part.length; unit++) places.push(position);
    // Reading `folded` here would copy it for each space of a long text.
    folded += part;
    isAfterSpace = isSpace;
    position += character.length;
  }
  const found = words
    .map((word) => ({at: folded.indexOf(word), length: word.length}))
    .filter(({at}) => at !== -1)
    .toSorted((a, b) => a.at - b.at)[0];
  if (!found) return undefined;
  return {start: places[found.at] ?? 0, end: places[found.at + found.length] ?? text.length};
}
