import type {Draft} from '../draft.js';
import {kindOf, lineEnd, lineStart} from './motions.js';
import type {Range} from './range.js';

/**
 * The text that vi's `i` or `a` and a key name: a word, or what is in quotes or brackets. `a` includes the blanks around it or the
 * quotes or brackets themselves.
 * @returns undefined if there is none at the caret
 */
export function textObject(draft: Draft, which: string, key: string): Range | undefined {
  const isInner = which === 'i';
  if (key === 'w' || key === 'W') return word(draft, key === 'W', isInner);
  if (/["'`]/.test(key)) return quoted(draft, key, isInner);
  const pair = pairs.find(({keys}) => keys.includes(key));
  return pair && bracketed(draft, pair, isInner);
}

function word({text, caret}: Draft, isBig: boolean, isInner: boolean): Range | undefined {
  const [from, to] = [lineStart({text, caret}), lineEnd({text, caret})];
  if (from === to) return undefined;
  const kindAt = (at: number) => kindOf(text[at] ?? ' ', isBig);
  const endAfter = (start: number) => {
    let end = start;
    while (end < to && kindAt(end) === kindAt(start)) end++;
    return end;
  };
  const startBefore = (last: number) => {
    let start = last;
    while (start > from && kindAt(start - 1) === kindAt(last)) start--;
    return start;
  };
  const [start, end] = [startBefore(caret), endAfter(caret)];
  if (isInner) return {start, end};
  const isBlank = kindAt(caret) === 'blank';
  if (end < to && (isBlank || kindAt(end) === 'blank')) return {start, end: endAfter(end)};
  return start > from && kindAt(start - 1) === 'blank' ? {start: startBefore(start - 1), end} : {start, end};
}

/** The quotes of a line are pairs, from its start. Before a pair, the next one is meant. */
function quoted({text, caret}: Draft, quote: string, isInner: boolean): Range | undefined {
  const [from, to] = [lineStart({text, caret}), lineEnd({text, caret})];
  const pair = [...text.slice(from, to).matchAll(quotations[quote] ?? /$^/g)]
    .map(({index, 0: all}) => ({start: from + index, end: from + index + all.length}))
    .find(({end}) => caret < end);
  if (!pair) return undefined;
  if (isInner) return {start: pair.start + 1, end: pair.end - 1};
  const blanks = /^[ \t]*/.exec(text.slice(pair.end, to))?.[0].length ?? 0;
  return {start: pair.start, end: pair.end + blanks};
}

const quotations: Readonly<Record<string, RegExp>> = {
  '"': /"(?:\\.|[^"\\])*"/g,
  "'": /'(?:\\.|[^'\\])*'/g,
  '`': /`(?:\\.|[^`\\])*`/g,
};

interface Pair {
  open: string;
  close: string;
  /** The keys that name it. */
  keys: string;
}

const pairs: readonly Pair[] = [
  {open: '(', close: ')', keys: '()b'},
  {open: '[', close: ']', keys: '[]'},
  {open: '{', close: '}', keys: '{}B'},
  {open: '<', close: '>', keys: '<>'},
];

function bracketed({text, caret}: Draft, {open, close}: Pair, isInner: boolean): Range | undefined {
  const isOnClose = text[caret] === close;
  const start = matching(text, isOnClose ? caret - 1 : caret, -1, {wanted: open, other: close});
  const end = start === undefined ? undefined : matching(text, start + 1, 1, {wanted: close, other: open});
  if (start === undefined || end === undefined) return undefined;
  return isInner ? {start: start + 1, end} : {start, end: end + 1};
}

/** Where the bracket is that the text between leaves unmatched. */
function matching(
  text: string,
  from: number,
  step: 1 | -1,
  {wanted, other}: {wanted: string; other: string},
): number | undefined {
  let depth = 0;
  for (let at = from; at >= 0 && at < text.length; at += step) {
    if (text[at] === wanted) {
      if (depth === 0) return at;
      depth--;
    } else if (text[at] === other) depth++;
  }
  return undefined;
}
