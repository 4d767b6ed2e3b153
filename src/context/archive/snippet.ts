import {findFolded} from '../../store/archive/fold.js';
import {foldedWords} from '../../store/archive/query.js';

/** UTF-16 units around a match. */
const unitsBefore = 40;
const unitsAfter = 120;

/** Whether there is anything to look for. A mark that belongs to no letter is not. */
export const hasWords = (words: readonly string[]): boolean => foldedWords(words).length > 0;

/** The place in a text where the first of some words is, or a match of a pattern, with the text around it on one line. */
export function snippetOf(
  text: string,
  words: readonly string[],
  pattern?: RegExp,
): {before: string; match: string; after: string} {
  const {start, end} = placeOf(text, words, pattern);
  const from = start <= unitsBefore ? 0 : nextWord(text, start - unitsBefore, start);
  const to = Math.min(text.length, end + unitsAfter);
  return {
    before: (from > 0 ? '…' : '') + oneLine(text.slice(from, start)),
    match: oneLine(text.slice(start, Math.min(end, to))),
    after: oneLine(text.slice(end, to)) + (to < text.length ? '…' : ''),
  };
}

/** Splits a text at all places where some words are. Every second part, from the second on, is such a place. */
export function splitAtWords(text: string, words: readonly string[]): string[] {
  const folded = foldedWords(words);
  const parts: string[] = [];
  let rest = text;
  for (;;) {
    const place = findFolded(rest, folded);
    if (!place || place.end === 0) return [...parts, rest];
    parts.push(rest.slice(0, place.start), rest.slice(place.start, place.end));
    rest = rest.slice(place.end);
  }
}

function placeOf(text: string, words: readonly string[], pattern: RegExp | undefined): {start: number; end: number} {
  const match = pattern?.exec(text);
  if (match) return {start: match.index, end: match.index + match[0].length};
  return findFolded(text, foldedWords(words)) ?? {start: 0, end: 0};
}

/** The start of a word, so that a snippet does not begin inside one. */
function nextWord(text: string, from: number, to: number): number {
  const space = /\s(?=\S)/.exec(text.slice(from, to));
  return space ? from + space.index + 1 : from;
}

/** Without halves of a character at its ends. */
const oneLine = (text: string): string =>
  text.replaceAll(/\s+/g, ' ').replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '');
