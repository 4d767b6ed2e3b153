import {lazyPattern} from './lazy-pattern.js';

/*
 * U+200E, U+200F and U+061C are invisible letters of the direction left to right, or right to left. Arabic and Hebrew texts
 * need them next to punctuation and foreign words. Elsewhere they could change the order of numbers and symbols.
 */

/** How much text on either side of a mark decides about it, in UTF-16 code units. */
export const reach = 64;

/** The source of a pattern for a mark on which later text decides. */
export const openMark = String.raw`[\u061C\u200E\u200F][^\n\p{L}]{0,${reach}}`;

const marks = /[\u061C\u200E\u200F]/g;

/** Replaces the marks of a text that could reorder more than the word they are in. */
export const replaceStrayMarks = (text: string): string =>
  text.replace(marks, (mark, at: number) => (isHarmless(mark, text, at) ? mark : '\uFFFD'));

/** Replaces the marks of a name that has no Arabic or Hebrew letters: they only make it look like another name. */
export const replaceHiddenMarks = (name: string): string =>
  rightToLeft().test(name) ? name : name.replace(marks, '\uFFFD');

type Direction = 'left to right' | 'right to left';

/**
 * Whether a mark changes nothing, because the letter before it has the same direction, or at most the order within its word,
 * because there are only blanks between this word and the nearest letters.
 */
function isHarmless(mark: string, text: string, at: number): boolean {
  const direction: Direction = mark === '\u200E' ? 'left to right' : 'right to left';
  if (isAfterBlank(text, at) && isBeforeBlank(text, at)) return false;
  const before = surroundings(text, at, -1);
  const after = surroundings(text, at, 1);
  if (before.letter === direction) return true;
  if (!before.isContained || !after.isContained) return false;
  if (before.letter === undefined)
    return after.letter === undefined ? direction === 'left to right' : after.letter === direction;
  return direction === 'left to right' || after.letter === direction || hasRightToLeft(text, at);
}

const isAfterBlank = (text: string, at: number): boolean =>
  /(?:^|\s)[\u061C\u200E\u200F\uFFFD]*$/.test(text.slice(Math.max(0, at - maxAdjacent), at));
const isBeforeBlank = (text: string, at: number): boolean =>
  /^[\u061C\u200E\u200F\uFFFD]*(?:\s|$)/.test(text.slice(at + 1, at + 1 + maxAdjacent));

/** More marks than this never stand in a row. */
const maxAdjacent = 16;

interface Surroundings {
  /** The direction of the nearest letter on this line; undefined if there is none. */
  letter: Direction | undefined;
  /** Whether the text up to the nearest letter consists of one word at most. */
  isContained: boolean;
}

/** The text on one side of a mark. Other marks do not count, nor do accents and characters that were replaced. */
function surroundings(text: string, mark: number, step: 1 | -1): Surroundings {
  let hasEnded = false;
  for (let at = mark + step; Math.abs(at - mark) <= reach; at += step) {
    const character = characterAt(text, at, step);
    if (character === '' || character === '\n') return {letter: undefined, isContained: true};
    at += step * (character.length - 1);
    if (ignored().test(character)) continue;
    if (letter().test(character)) return {letter: directionOf(character), isContained: true};
    const isBlank = character.trim() === '';
    if (hasEnded && !isBlank) return {letter: undefined, isContained: false};
    hasEnded ||= isBlank;
  }
  return {letter: undefined, isContained: false};
}

/** The code point that starts at a position, or with a step of -1 ends there. */
function characterAt(text: string, at: number, step: 1 | -1): string {
  const [first, second] = step === 1 ? [at, at + 1] : [at - 1, at];
  const pair = text.slice(Math.max(0, first), second + 1);
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(pair) ? pair : text.charAt(at);
}

const directionOf = (character: string): Direction =>
  rightToLeft().test(character) ? 'right to left' : 'left to right';

const hasRightToLeft = (text: string, at: number): boolean =>
  rightToLeft().test(/[^\n]*$/.exec(text.slice(Math.max(0, at - reach), at))?.[0] ?? '');

const ignored = lazyPattern(String.raw`^[\p{M}\u061C\u200E\u200F\uFFFD]`, 'u');
const letter = lazyPattern(String.raw`^\p{L}`, 'u');
const rightToLeft = lazyPattern(
  String.raw`(?=\p{L})[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFE\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]`,
  'u',
);
