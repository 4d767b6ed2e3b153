import {unstyled} from '../../terminal/rows/rows.js';
import type {ParseContext} from '../syntax/context.js';
import type {Inline} from '../syntax/model.js';
import {parseInline} from '../syntax/parse-inline.js';
import type {GrowingText} from './blocks.js';

/** So many rows of a growing paragraph stay unfinished: the last word, and the one before it, may still move. */
const unfinishedRows = 2;
/** After a row at which the paragraph cannot be cut, the rows above it are tried. */
const attempts = 3;

interface ParagraphRows {
  /** The paragraph, from its start or from the last cut. */
  source: string;
  /** The rows in which it is shown now. */
  rows: readonly string[];
  /** The rows of a text. */
  render: (source: string) => string[];
  parsing: () => ParseContext;
}

/** The start of a growing paragraph that no later text can change. */
export interface FinishedRows {
  /** Of the start, in UTF-16 code units. */
  length: number;
  rows: number;
}

/** Whether a growing text is one paragraph, as far as it has arrived. */
export function isParagraph(source: string, {blocks}: GrowingText): boolean {
  const [block, ...more] = blocks;
  return more.length === 0 && (!block || block.type === 'paragraph') && startsText.test(source);
}

/**
 * Finds the rows of a growing paragraph that are finished: they end between two words, outside of all bold words, links and so on,
 * and the rest does not look like another block.
 */
export function finishedRows({source, rows, render, parsing}: ParagraphRows): FinishedRows | undefined {
  const gaps = [...source.matchAll(/\s+/g)].map((gap) => ({start: gap.index, end: gap.index + gap[0].length}));
  const endsAt = (gap: Gap, count: number) => {
    if (!startsText.test(source.slice(gap.end, gap.end + 20))) return false;
    const start = source.slice(0, gap.start);
    if (!isClosed(parseInline(start, parsing()))) return false;
    return render(start).join('\n') === rows.slice(0, count).join('\n');
  };
  const most = rows.length - unfinishedRows;
  for (let count = most; count > Math.max(0, most - attempts); count -= 1) {
    // As many words as there are in the rows, or more, because links have URLs.
    const words = unstyled(rows.slice(0, count).join(' ')).split(/\s+/).length;
    const gap = gaps[words - 1];
    if (gap && endsAt(gap, count)) return {length: gap.end, rows: count};
    const isPast = (index: number) => render(source.slice(0, gaps[index]?.start)).length > count;
    const other = gaps[firstWhere(Math.min(words, gaps.length), isPast) - 1];
    if (other && other !== gap && endsAt(other, count)) return {length: other.end, rows: count};
  }
  return undefined;
}

/** Blanks between two words. */
interface Gap {
  start: number;
  end: number;
}

/** Whether later text cannot change what these elements are. What may be the start of an element is text until its end arrives. */
function isClosed(inlines: readonly Inline[]): boolean {
  return inlines.every((inline) => {
    if (inline.type === 'text') return isPlain(inline.text);
    return inline.type === 'link' || !('children' in inline) || isClosed(inline.children);
  });
}

const isPlain = (text: string): boolean =>
  !mayOpen.test(text) && (text.match(/\[/g)?.length ?? 0) === (text.match(/\]/g)?.length ?? 0);

const mayOpen = /[`\\$|]|~~|\*(?!\s|$)|(?<!\s)\*|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|<(?![\s=\d]|$)|!\[|\]\[/u;
/** The start of a text that is no other block, whatever follows. */
const startsText = /^(?:[\p{L}"'“‘(]|\*{1,2}(?=[\p{L}\p{N}])|_{1,2}(?=\p{L})|`(?=[^`])|\[(?=[^^])|\d+\s)/u;

/** The first index below `length` for which a test is true, if it is true for all after that; otherwise `length`. */
function firstWhere(length: number, test: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
