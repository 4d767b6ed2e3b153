import {graphemes} from '../../output/format/graphemes.js';
import {widthOf} from '../../output/format/width.js';
import {isFold} from './marks.js';

/** A text that is being written, with marks. */
export interface Draft {
  text: string;
  /** Where the caret is, in UTF-16 code units. */
  caret: number;
}

export const emptyDraft: Draft = {text: '', caret: 0};

/** A draft with the caret at its end. */
export const draftOf = (text: string): Draft => ({text, caret: text.length});

export const insert = ({text, caret}: Draft, added: string): Draft => ({
  text: text.slice(0, caret) + added + text.slice(caret),
  caret: caret + added.length,
});

export type Move = 'left' | 'right' | 'wordLeft' | 'wordRight' | 'lineStart' | 'lineEnd';

export const go = (draft: Draft, move: Move): Draft => ({...draft, caret: targets[move](draft)});

/** Deletes the text between the caret and where the move would take it. */
export function erase(draft: Draft, move: Move): {draft: Draft; erased: string} {
  const end = targets[move](draft);
  const [from, to] = [Math.min(end, draft.caret), Math.max(end, draft.caret)];
  const {text} = draft;
  return {draft: {text: text.slice(0, from) + text.slice(to), caret: from}, erased: text.slice(from, to)};
}

/**
 * Moves the caret one line up or down, to the character below or above.
 * @returns undefined on the first or last line, where the key recalls history
 */
export function byLine(draft: Draft, by: -1 | 1): Draft | undefined {
  const {text, caret} = draft;
  const start = targets.lineStart(draft);
  const edge = by === -1 ? start - 1 : targets.lineEnd(draft);
  if (edge < 0 || edge >= text.length) return undefined;
  const lineStart = by === -1 ? text.lastIndexOf('\n', edge - 1) + 1 : edge + 1;
  const line = text.slice(lineStart, targets.lineEnd({text, caret: lineStart}));
  return {text, caret: lineStart + offsetAt(line, widthOf(text.slice(start, caret)))};
}

/** The offset of the character in a column of a line. */
function offsetAt(line: string, column: number): number {
  let offset = 0;
  let width = 0;
  for (const character of graphemes(line)) {
    width += widthOf(character);
    if (width > column) break;
    offset += character.length;
  }
  return offset;
}

/** Where the caret goes. A step to the left or right is one grapheme. */
const targets: Record<Move, (draft: Draft) => number> = {
  left: ({text, caret}) =>
    caret - (segments('grapheme', text.slice(0, caret).slice(-maxSegmented)).at(-1)?.segment ?? '').length,
  right: ({text, caret}) =>
    caret + (segments('grapheme', text.slice(caret, caret + maxSegmented))[0]?.segment ?? '').length,
  wordLeft({text, caret}) {
    const before = segments('word', text.slice(0, caret).slice(-maxSegmented));
    const word = before.findLastIndex(isWord);
    return caret - lengthOf(before.slice(Math.max(0, word)));
  },
  wordRight({text, caret}) {
    const after = segments('word', text.slice(caret, caret + maxSegmented));
    const word = after.findIndex(isWord);
    return caret + lengthOf(word === -1 ? after : after.slice(0, word + 1));
  },
  lineStart: ({text, caret}) => text.lastIndexOf('\n', caret - 1) + 1,
  lineEnd({text, caret}) {
    const end = text.indexOf('\n', caret);
    return end === -1 ? text.length : end;
  },
};

const isWord = ({isWordLike, segment}: Intl.SegmentData): boolean => isWordLike === true || isFold(segment);

const lengthOf = (parts: readonly Intl.SegmentData[]): number =>
  parts.reduce((total, {segment}) => total + segment.length, 0);

/** Longer than any grapheme and word. Segmenting long texts is slow. */
const maxSegmented = 256;

const segmenters = new Map<string, Intl.Segmenter>();

/** Segmenters are created on first use, because that takes a while. They find the words of languages without spaces, too. */
function segments(granularity: 'grapheme' | 'word', text: string): Intl.SegmentData[] {
  const segmenter = segmenters.get(granularity) ?? new Intl.Segmenter(undefined, {granularity});
  segmenters.set(granularity, segmenter);
  return [...segmenter.segment(text)];
}
