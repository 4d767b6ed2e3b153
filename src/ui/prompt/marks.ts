import type {PromptText, Range} from './prompt-text.js';

/*
 * While a text is edited, each typed `@`, a `!` typed at the start, and each long paste is one character: a mark. Marks are lone surrogates. UTF-8 has
 * none, so neither a terminal nor a file can forge one.
 */

/** Stands for an `@` that was typed. */
export const typedAt = '\uDC00';
/** Stands for a `!` that was typed at the start, so that the text is a command for the shell. */
const typedBang = '\uDFFF';
const firstFold = 0xdc01;
const maxFolds = 0xdffe - firstFold;

const marks = /\p{Surrogate}/gu;

/** The long pastes of a prompt. The mark of the paste at index n has the code `firstFold + n`. */
export type Pastes = readonly string[];

/** A text from outside, safe to insert. */
const withoutMarks = (text: string): string => text.replaceAll(marks, '\uFFFD');

/** Typed text. @param isAtStart whether it is inserted at the start of the draft */
export function markTyped(text: string, isAtStart: boolean): string {
  const marked = withoutMarks(text).replaceAll('@', typedAt);
  return isAtStart ? marked.replace(/^!/, typedBang) : marked;
}

export const isFold = (mark: string): boolean => mark >= String.fromCharCode(firstFold) && mark < typedBang;

/** Folds a pasted text if it is long. @returns what to insert into the draft */
export function fold(pastes: Pastes, pasted: string): {pastes: Pastes; inserted: string} {
  const text = withoutMarks(pasted);
  if ((text.length <= 400 && lineCount(text) <= 3) || pastes.length > maxFolds) return {pastes, inserted: text};
  return {pastes: [...pastes, text], inserted: String.fromCharCode(firstFold + pastes.length)};
}

/** The draft as it is shown. */
export const shorten = (draft: string, pastes: Pastes): string =>
  draft.replaceAll(marks, (mark) => {
    const text = pasteOf(mark, pastes);
    if (text === undefined) return characterOf(mark);
    const lines = lineCount(text);
    const [count, unit] = lines > 1 ? [lines, 'lines'] : [text.length, 'characters'];
    return `[pasted ${count.toLocaleString('en-US')} ${unit}]`;
  });

/** Turns a draft with marks into a text that stands on its own. */
export function decode(draft: string, pastes: Pastes): PromptText {
  const mentions: number[] = [];
  const folds: Range[] = [];
  let text = '';
  let done = 0;
  for (const {0: mark, index} of draft.matchAll(marks)) {
    text += draft.slice(done, index);
    const paste = pasteOf(mark, pastes);
    if (paste !== undefined) folds.push([text.length, text.length + paste.length]);
    else if (mark !== typedBang) mentions.push(text.length);
    text += paste ?? characterOf(mark);
    done = index + mark.length;
  }
  text += draft.slice(done);
  const isShellCommand = draft.startsWith(typedBang) && !markdownImage.test(text);
  return {text, mentions, folds, ...(isShellCommand && {isShellCommand})};
}

/** Turns a text into a draft with marks. */
export function encode(
  {text, mentions, folds, isShellCommand}: PromptText,
  pastes: Pastes,
): {pastes: Pastes; draft: string} {
  let known = pastes;
  let draft = isShellCommand && text.startsWith('!') ? typedBang : '';
  let done = draft.length;
  const special = [...mentions.map((at): Range => [at, at + 1]), ...folds].toSorted(([a], [b]) => a - b);
  for (const [start, end] of special) {
    if (start < done || end > text.length) continue;
    draft += withoutMarks(text.slice(done, start));
    if (mentions.includes(start)) draft += text[start] === '@' ? typedAt : withoutMarks(text.slice(start, end));
    else {
      const folded = fold(known, text.slice(start, end));
      known = folded.pastes;
      draft += folded.inserted;
    }
    done = end;
  }
  return {pastes: known, draft: draft + withoutMarks(text.slice(done))};
}

/** Also begins with a `!`. */
const markdownImage = /^!\[[^\]]*\]\(/;

/** What was typed, if a mark is no paste. */
const characterOf = (mark: string): string => (mark === typedBang ? '!' : '@');

/** @returns undefined for a typed character */
export const pasteOf = (mark: string, pastes: Pastes): string | undefined => pastes[mark.charCodeAt(0) - firstFold];

const lineCount = (text: string): number => text.replace(/\n$/, '').split('\n').length;
