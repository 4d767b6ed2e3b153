import {openMark, reach, replaceHiddenMarks, replaceStrayMarks} from './direction-marks.js';
import {lazyPattern} from './lazy-pattern.js';

/**
 * Makes text from outside safe for a terminal: every character that could start a control sequence, change the writing
 * direction or hide text becomes a visible mark. Characters are replaced one by one, so no sequence can start in one text and
 * end in another, and sanitizing twice changes nothing. Line feeds and tabs stay; Windows line ends become line feeds.
 */
export function sanitize(text: string): string {
  return isPlain.test(text) ? text : replaceStrayMarks(sanitizeCharacters(text));
}

/** Replaces everything but direction marks, which depend on what is around them. */
const sanitizeCharacters = (text: string): string =>
  text
    .replace(/\r\n|[\u2028\u2029]/g, '\n')
    .replace(controls, picture)
    .replace(hidden(), (match) => (match.length > 2 ? match : '\uFFFD'))
    .replace(stacked(), '\uFFFD');

/** Sanitizes text for one line: line feeds and tabs become single spaces, and invisible letters are marked. For titles and names. */
export function sanitizeLine(text: string): string {
  if (isPlain.test(text)) return text.replace(/[\n\t]+/g, ' ');
  const line = sanitizeCharacters(text)
    .replace(/[\n\t]+/g, ' ')
    .replace(invisible(), '\uFFFD');
  return replaceHiddenMarks(replaceStrayMarks(line));
}

/** The part of a growing text whose sanitized form does not depend on what follows. */
export const untilOpenEnd = (text: string): string =>
  isPlain.test(text) ? text : text.replace(openEnd, '').replace(openMarkAtEnd(), '');

/** Sanitizes a text that arrives in pieces, with the same result as for the whole. It buffers only a few characters. */
export class Sanitizer {
  /** The end of the sanitized text, on which the rest depends. */
  #context = '';
  /** The end of the last piece, whose other half may follow. */
  #openEnd = '';

  /** @returns the text that can be shown now */
  more(piece: string): string {
    const text = this.#openEnd + piece;
    const complete = untilOpenEnd(text);
    this.#openEnd = text.slice(complete.length);
    return this.#sanitize(complete);
  }

  /** @returns the end of the text */
  end(): string {
    const openEnd = this.#openEnd;
    this.#openEnd = '';
    return this.#sanitize(openEnd);
  }

  #sanitize(text: string): string {
    const withContext = this.#context + text;
    const shownLength = sanitize(this.#context).length;
    this.#context = withContext.slice(-contextLength);
    return sanitize(withContext).slice(shownLength);
  }
}

/** Only printable ASCII, in lines. */
const isPlain = /^[\n\t -~]*$/;

const controls = /[\u0000-\u0008\u000B-\u001F\u007F]/g;

/** Unicode has a picture for each control character: U+241B shows ESC. */
const picture = (control: string): string =>
  control === '\u007F' ? '\u2421' : String.fromCharCode(0x2400 + control.charCodeAt(0));

/**
 * C1 controls, controls that change the writing direction of more than a word, other format controls, tag characters, the marks that ui/ink/join-rows.ts puts between rows,
 * and halves of surrogate pairs. Also matches the flags of England, Scotland and Wales, which contain tag characters and stay.
 */
const hidden = lazyPattern(
  String.raw`\u{1F3F4}\u{E0067}\u{E0062}(?:\u{E0065}\u{E006E}\u{E0067}|\u{E0073}\u{E0063}\u{E0074}|\u{E0077}\u{E006C}\u{E0073})\u{E007F}|[\u0080-\u009F\u202A-\u202E\u2066-\u206F\uFFF9-\uFFFB\u{1D173}-\u{1D17A}\u{E0000}-\u{E00FF}\u{E01F0}-\u{E0FFF}\u{10FFFC}\u{10FFFD}\p{Surrogate}]`,
  'gu',
);

/** No script stacks as many accents, joiners and direction marks on one letter. More would cover other lines, or carry hidden text. */
const maxStacked = 12;
const stackable = String.raw`[\p{M}\u00AD\u061C\u200B-\u200F\u2060-\u2065\uFEFF]`;
const stacked = lazyPattern(`${stackable}(?<=${stackable}{${maxStacked + 1}})`, 'gu');

/** How much of a text decides about what follows it. Each code unit of a sanitized text stands for at most two. */
const contextLength = 2 * Math.max(maxStacked + 1, reach + 1);

/** The first half of a line end, a surrogate pair or a flag. */
const openEnd = /(?:\r|\u{1F3F4}[\u{E0061}-\u{E007A}]{0,5}\uDB40?|[\uD800-\uDBFF])$/u;

const openMarkAtEnd = lazyPattern(`${openMark}$`, 'u');

/**
 * Characters that make a name look like another one: zero-width spaces and fillers, and joiners and variation selectors
 * without effect. They do have an effect after emoji and after letters of many scripts.
 */
const invisible = lazyPattern(
  String.raw`[\u00AD\u115F\u1160\u17B4\u17B5\u180E\u200B\u2060-\u2065\u3164\uFEFF\uFFA0]|(?<=^|[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Hangul}\p{Z}\p{Cf}])[\u034F\p{Join_Control}\p{Variation_Selector}]|(?<=\p{Nd})\p{Join_Control}`,
  'gu',
);
