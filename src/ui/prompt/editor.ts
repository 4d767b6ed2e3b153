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

type Move = 'left' | 'right' | 'wordLeft' | 'wordRight' | 'lineStart' | 'lineEnd';

/** Where the caret gets to. Characters are what a reader counts as one. */
function moved({text, caret}: Draft, move: Move): number {
  switch (move) {
    case 'left':
      return caret - (lastCharacter(text.slice(0, caret))?.length ?? 0);
    case 'right':
      return caret + (firstCharacter(text.slice(caret))?.length ?? 0);
    case 'wordLeft':
      return text.slice(0, caret).replace(/[\p{L}\p{N}_]*[^\p{L}\p{N}_]*$/u, '').length;
    case 'wordRight':
      return caret + (/^[^\p{L}\p{N}_]*[\p{L}\p{N}_]*/u.exec(text.slice(caret))?.[0].length ?? 0);
    case 'lineStart':
      return text.lastIndexOf('\n', caret - 1) + 1;
    case 'lineEnd': {
      const end = text.indexOf('\n', caret);
      return end === -1 ? text.length : end;
    }
  }
}

export const go = (draft: Draft, move: Move): Draft => ({...draft, caret: moved(draft, move)});

/** Without what lies between the caret and where the move would take it. */
export function erase(draft: Draft, move: Move): Draft {
  const target = moved(draft, move);
  const [from, to] = [Math.min(target, draft.caret), Math.max(target, draft.caret)];
  return {text: draft.text.slice(0, from) + draft.text.slice(to), caret: from};
}

/** One line up or down. @returns undefined at the edge, where the same key leads through what was written before */
export function byLine(draft: Draft, by: -1 | 1): Draft | undefined {
  const {text, caret} = draft;
  const start = moved(draft, 'lineStart');
  const column = caret - start;
  const edge = by === -1 ? start - 1 : moved(draft, 'lineEnd');
  if (edge < 0 || edge >= text.length) return undefined;
  const at = by === -1 ? text.lastIndexOf('\n', edge - 1) + 1 : edge + 1;
  const end = moved({text, caret: at}, 'lineEnd');
  return {text, caret: Math.min(at + column, end)};
}

let segmenter: Intl.Segmenter | undefined;

/** Made when first needed, for that is dear. */
const segments = (text: string) => (segmenter ??= new Intl.Segmenter()).segment(text);

function lastCharacter(text: string): string | undefined {
  let last: string | undefined;
  // Some way back there is surely an end between two characters.
  for (const {segment} of segments(text.slice(-64))) last = segment;
  return last;
}

function firstCharacter(text: string): string | undefined {
  for (const {segment} of segments(text.slice(0, 64))) return segment;
  return undefined;
}

/** Long texts that were pasted: each stands in the draft as one character, and is sent as it came. */
export class Pastes {
  readonly #texts: string[] = [];

  /** @returns what to put into the draft */
  take(text: string): string {
    if (text.length <= 400 && lineCount(text) <= 3) return text;
    this.#texts.push(text);
    return String.fromCodePoint(firstMark + this.#texts.length - 1);
  }

  /** The draft as it is to be sent. */
  whole(draft: string): string {
    return this.#replaced(draft, (text) => text);
  }

  /** The draft as it is to be shown. */
  shown(draft: string): string {
    return this.#replaced(draft, (text) => `[pasted ${lineCount(text).toLocaleString('en-US')} lines]`);
  }

  #replaced(draft: string, by: (text: string) => string): string {
    if (this.#texts.length === 0) return draft;
    return draft.replaceAll(/[\u{F0000}-\u{FFFFD}]/gu, (mark) => {
      const text = this.#texts[(mark.codePointAt(0) ?? 0) - firstMark];
      return text === undefined ? mark : by(text);
    });
  }
}

/** Of characters that no writing uses. */
const firstMark = 0xf0000;

const lineCount = (text: string): number => text.replace(/\n$/, '').split('\n').length;
