/** A message that is being written. */
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

export const go = (draft: Draft, move: Move): Draft => ({...draft, caret: target(draft, move)});

/** Deletes the text between the caret and where the move would take it. */
export function erase(draft: Draft, move: Move): Draft {
  const end = target(draft, move);
  const [from, to] = [Math.min(end, draft.caret), Math.max(end, draft.caret)];
  return {text: draft.text.slice(0, from) + draft.text.slice(to), caret: from};
}

/** Moves the caret one line up or down. @returns undefined on the first or last line, where the key recalls history */
export function byLine(draft: Draft, by: -1 | 1): Draft | undefined {
  const {text, caret} = draft;
  const start = targets.lineStart(draft);
  const column = caret - start;
  const edge = by === -1 ? start - 1 : targets.lineEnd(draft);
  if (edge < 0 || edge >= text.length) return undefined;
  const at = by === -1 ? text.lastIndexOf('\n', edge - 1) + 1 : edge + 1;
  return {text, caret: Math.min(at + column, targets.lineEnd({text, caret: at}))};
}

const target = (draft: Draft, move: Move): number => targets[move](draft);

/** Where the caret goes. A step to the left or right is one grapheme. */
const targets: Record<Move, (draft: Draft) => number> = {
  left: ({text, caret}) => caret - (lastCharacter(text.slice(0, caret))?.length ?? 0),
  right: ({text, caret}) => caret + (firstCharacter(text.slice(caret))?.length ?? 0),
  wordLeft: ({text, caret}) => text.slice(0, caret).replace(/[\p{L}\p{N}_]*[^\p{L}\p{N}_]*$/u, '').length,
  wordRight: ({text, caret}) => caret + (/^[^\p{L}\p{N}_]*[\p{L}\p{N}_]*/u.exec(text.slice(caret))?.[0].length ?? 0),
  lineStart: ({text, caret}) => text.lastIndexOf('\n', caret - 1) + 1,
  lineEnd({text, caret}) {
    const end = text.indexOf('\n', caret);
    return end === -1 ? text.length : end;
  },
};

let segmenter: Intl.Segmenter | undefined;

// Created on first use: it takes a while.
const segments = (text: string) => (segmenter ??= new Intl.Segmenter()).segment(text);

function lastCharacter(text: string): string | undefined {
  let last: string | undefined;
  // A grapheme is shorter than this, so segmenting the end of the text is enough.
  for (const {segment} of segments(text.slice(-64))) last = segment;
  return last;
}

function firstCharacter(text: string): string | undefined {
  for (const {segment} of segments(text.slice(0, 64))) return segment;
  return undefined;
}
