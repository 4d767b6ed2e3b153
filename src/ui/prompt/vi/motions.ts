import {byLine, type Draft, go} from '../draft.js';

/* Where vi's motions lead in a draft. A mark, which stands for a typed character or a paste, is a word of its own. */

/** The target of a motion, as an operator sees it. */
export interface Target {
  caret: number;
  /** Whether the character at the target belongs to what an operator changes. */
  isInclusive?: true;
  /** Whether an operator changes whole lines. */
  isLinewise?: true;
}

type Motion = (draft: Draft, count: number) => Target | undefined;

const repeated =
  (step: (draft: Draft) => number, options: Omit<Target, 'caret'> = {}): Motion =>
  (draft, count) => {
    let {caret} = draft;
    for (let times = 0; times < count; times++) {
      const next = step({...draft, caret});
      if (next === caret) break;
      caret = next;
    }
    return {caret, ...options};
  };

export const lineStart = ({text, caret}: Draft): number => text.lastIndexOf('\n', caret - 1) + 1;

export function lineEnd({text, caret}: Draft): number {
  const end = text.indexOf('\n', caret);
  return end === -1 ? text.length : end;
}

export const firstNonBlank = (draft: Draft): number => {
  const start = lineStart(draft);
  return start + (/^[ \t]*/.exec(draft.text.slice(start, lineEnd(draft)))?.[0].length ?? 0);
};

/** One character, within the line. */
const left = (draft: Draft) => Math.max(lineStart(draft), go(draft, 'left').caret);
const right = (draft: Draft) => Math.min(lineEnd(draft), go(draft, 'right').caret);

/** What a character is for motions over words. */
export const kindOf = (character: string, isBig: boolean): 'blank' | 'word' | 'other' => {
  if (/\s/.test(character)) return 'blank';
  return isBig || /[\p{L}\p{N}\p{M}_]/u.test(character) ? 'word' : 'other';
};

/** The characters of a text with their offsets. */
const charactersOf = (text: string, from: number): string[] => Array.from(text.slice(from, from + maxLooked));
/** Longer than any word. */
const maxLooked = 1000;

const nextWord =
  (isBig: boolean) =>
  ({text, caret}: Draft): number => {
    const characters = charactersOf(text, caret);
    const kind = kindOf(characters[0] ?? ' ', isBig);
    let at = caret;
    let isPast = false;
    for (const character of characters) {
      const each = kindOf(character, isBig);
      isPast ||= each !== kind;
      if (isPast && each !== 'blank') return at;
      at += character.length;
    }
    return at;
  };

const wordEnd =
  (isBig: boolean) =>
  ({text, caret}: Draft): number => {
    let at = caret;
    let kind: ReturnType<typeof kindOf> | undefined;
    let last = caret;
    for (const [index, character] of charactersOf(text, caret).entries()) {
      const each = kindOf(character, isBig);
      if (kind !== undefined && each !== kind) return last;
      if (index > 0 && each !== 'blank') kind = each;
      last = at;
      at += character.length;
    }
    return last;
  };

const previousWord =
  (isBig: boolean) =>
  ({text, caret}: Draft): number => {
    const before = Array.from(text.slice(Math.max(0, caret - maxLooked), caret)).toReversed();
    let at = caret;
    let kind: ReturnType<typeof kindOf> | undefined;
    for (const character of before) {
      const each = kindOf(character, isBig);
      if (kind !== undefined && each !== kind) break;
      if (each !== 'blank') kind = each;
      at -= character.length;
    }
    return at;
  };

const vertically =
  (by: -1 | 1): Motion =>
  (draft, count) => {
    let moved: Draft | undefined;
    for (let times = 0; times < count; times++) moved = byLine(moved ?? draft, by) ?? moved;
    return moved && {caret: moved.caret, isLinewise: true};
  };

/** The end of the word at the caret, or of a later one. */
export function endOfWordAt(draft: Draft, isBig: boolean, count: number): Target {
  const characters = charactersOf(draft.text, draft.caret);
  const kind = kindOf(characters[0] ?? ' ', isBig);
  const other = characters.findIndex((character) => kindOf(character, isBig) !== kind);
  const word = other === -1 ? characters : characters.slice(0, other);
  const caret = draft.caret + word.slice(0, -1).join('').length;
  return repeated(wordEnd(isBig), {isInclusive: true})({...draft, caret}, count - 1) ?? {caret, isInclusive: true};
}

/** The motions by key. Undefined results mean that there is nowhere to go. */
export const motions: Readonly<Record<string, Motion>> = {
  h: repeated(left),
  l: repeated(right),
  ' ': repeated(right),
  j: vertically(1),
  k: vertically(-1),
  w: repeated(nextWord(false)),
  W: repeated(nextWord(true)),
  b: repeated(previousWord(false)),
  B: repeated(previousWord(true)),
  e: repeated(wordEnd(false), {isInclusive: true}),
  E: repeated(wordEnd(true), {isInclusive: true}),
  0: (draft) => ({caret: lineStart(draft)}),
  '^': (draft) => ({caret: firstNonBlank(draft)}),
  $: (draft) => ({caret: lineEnd(draft)}),
  gg: ({text}, count) => ({caret: startOfLine(text, count), isLinewise: true}),
  G: ({text}, count) => ({caret: startOfLine(text, count === 1 ? Infinity : count), isLinewise: true}),
};

/** The start of a line by its number; the last line if there are fewer. */
function startOfLine(text: string, number: number): number {
  let start = 0;
  for (let line = 1; line < number; line++) {
    const end = text.indexOf('\n', start);
    if (end === -1) break;
    start = end + 1;
  }
  return start;
}

/** Where `f`, `F`, `t` and `T` with a character lead. */
export function find({text, caret}: Draft, key: string, character: string, count: number): Target | undefined {
  const isForward = key === 'f' || key === 't';
  const [start, end] = [lineStart({text, caret}), lineEnd({text, caret})];
  let at = caret;
  for (let times = 0; times < count; times++) {
    at = isForward ? text.indexOf(character, at + 1) : at === 0 ? -1 : text.lastIndexOf(character, at - 1);
    if (at < start || at >= end) return undefined;
  }
  if (key === 't') return {caret: at - 1, isInclusive: true};
  return key === 'T' ? {caret: at + character.length} : {caret: at, ...(isForward && {isInclusive: true as const})};
}
