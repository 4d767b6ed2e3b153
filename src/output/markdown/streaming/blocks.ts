import {sanitize} from '../../terminal/sanitize.js';
import {parsing} from '../syntax/context.js';
import type {Block} from '../syntax/model.js';
import {parseBlocks} from '../syntax/parse-blocks.js';
import {sampleSize} from '../table/layout.js';
import type {OpenBlock} from './open-block.js';
import {isOpenCode, type OpenFencedCode} from './unfinished-line.js';

/** A text whose last line is still arriving, sanitized. */
export interface GrowingText {
  /** The complete lines. */
  lines: string;
  /** '' if the last line is complete. */
  lastLine: string;
  /** The blocks of the complete lines. */
  blocks: Block[];
}

/** A growing text. Its start is finished: no later text can change how it is rendered. */
export interface SplitText {
  /** The length of the start before it was sanitized, in UTF-16 code units. It ends with a line. */
  length: number;
  /** The blocks of the start. */
  finished: Block[];
  /** The rest. Its blocks count their lines from the start of the text. */
  rest: GrowingText;
  /** The block in the middle of which the start ends. */
  open: SplitBlock | undefined;
}

interface SplitBlock {
  type: 'code' | 'table' | 'list';
  /** The lines that reopen it. In front of the rest, they make that a Markdown text of its own. '' for a list. */
  head: string;
}

/** Parses a growing text. Its last line may still become something else. */
export const parseGrowing = (text: string): GrowingText => parse(text).growing;

/**
 * Parses a growing text and splits it. All blocks but the last one are finished, and that one too if something closes it. Of an
 * open code block all lines but the last ones are finished. Of an open table all rows but the last one are finished, once there
 * are enough of them to lay it out. Of an open list all items but the last one are finished, once it is clear whether blank lines
 * separate them.
 * @param options.continues the type of the block in the middle of which the text starts
 */
export function splitText(text: string, {continues}: {continues?: OpenBlock['type'] | undefined} = {}): SplitText {
  const {growing, hasOpenFormula} = parse(text);
  const {lines, lastLine, blocks} = growing;
  const [only, ...others] = blocks;
  const isContinued = others.length === 0 && only?.type === continues;
  const {finished, rest, end, open} = splitBlocks(blocks, lines, isContinued);
  const length = startOfLine(text, end);
  return {
    length,
    // If its list or quote has ended, a formula without an end is none.
    finished: hasOpenFormula ? parseFinished(text.slice(0, length)) : finished,
    rest: {lines, lastLine, blocks: rest},
    open,
  };
}

/** The line that reopens the code block in which a text ends, or ''. */
export function openFence(markdown: string): string {
  const {lines, blocks} = parseGrowing(markdown);
  const last = blocks.at(-1);
  return last && isOpenCode(last) ? fenceOf(last, lines) : '';
}

function parse(text: string): {growing: GrowingText; hasOpenFormula: boolean} {
  const safe = sanitize(text);
  const end = safe.lastIndexOf('\n') + 1;
  const lines = safe.slice(0, end);
  const context = parsing(lines, {isGrowing: true});
  const blocks = parseBlocks(lines, context);
  return {growing: {lines, lastLine: safe.slice(end).trimEnd(), blocks}, hasOpenFormula: context.hasOpenFormula};
}

function parseFinished(text: string): Block[] {
  const lines = sanitize(text);
  return parseBlocks(lines, parsing(lines));
}

/** So many items show whether blank lines separate the items of a list, and whether their numbers are all the same. */
const minItems = 2;

interface SplitBlocks {
  finished: Block[];
  rest: Block[];
  /** The line at which the rest starts. */
  end: number;
  open: SplitBlock | undefined;
}

/** @param isContinued whether the start of the only block is already finished */
function splitBlocks(blocks: Block[], lines: string, isContinued: boolean): SplitBlocks {
  const last = blocks.at(-1);
  if (!last) return {finished: [], rest: [], end: 0, open: undefined};
  if (isClosed(last, lines)) return {finished: blocks, rest: [], end: Infinity, open: undefined};
  const count = blocks.length - 1;
  // If a formula turns out to be none, it may continue the block before it.
  if (last.type === 'verbatim' && last.isOpen) return splitBefore(Math.max(0, count - 1), blocks);
  if (last.type === 'table' && last.rows.length > (isContinued ? 1 : sampleSize)) {
    const {start} = last.lines;
    return {
      finished: [...blocks.slice(0, count), {...last, rows: last.rows.slice(0, -1)}],
      rest: [{...last, rows: last.rows.slice(-1)}],
      end: last.lines.end - 1,
      open: {type: 'table', head: `${lineAt(lines, start)}\n${lineAt(lines, start + 1)}\n`},
    };
  }
  const lastItem = last.type === 'list' ? last.items.at(-1) : undefined;
  if (last.type === 'list' && lastItem && last.items.length > (isContinued ? 1 : minItems)) {
    return {
      finished: [...blocks.slice(0, count), {...last, items: last.items.slice(0, -1)}],
      rest: [{...last, items: [lastItem]}],
      end: lastItem.line,
      open: {type: 'list', head: ''},
    };
  }
  if (isOpenCode(last)) {
    const code = last.text.split('\n');
    const codeLines = finishedLines(code);
    if (codeLines === 0) return splitBefore(count, blocks);
    return {
      finished: [...blocks.slice(0, count), {...last, text: code.slice(0, codeLines).join('\n')}],
      rest: [{...last, info: '', text: code.slice(codeLines).join('\n')}],
      end: last.lines.start + 1 + codeLines,
      open: {type: 'code', head: fenceOf(last, lines)},
    };
  }
  return splitBefore(count, blocks);
}

const splitBefore = (index: number, blocks: readonly Block[]): SplitBlocks => ({
  finished: blocks.slice(0, index),
  rest: blocks.slice(index),
  end: blocks[index]?.lines.start ?? 0,
  open: undefined,
});

/** The fence of a code block, as it was indented. */
function fenceOf({fence, lines: {start}}: OpenFencedCode, lines: string): string {
  const [indent = ''] = /^ */.exec(lineAt(lines, start)) ?? [];
  return `${indent}${fence.marks}\n`;
}

/** Whether the last block of these complete lines cannot continue. */
function isClosed(block: Block, lines: string): boolean {
  switch (block.type) {
    case 'heading':
    case 'rule':
      return true;
    case 'paragraph':
    case 'table':
      return /\n[ \t]*\n$/.test(lines.slice(-200));
    case 'code':
      return block.fence?.isClosed ?? false;
    default:
      return false;
  }
}

/**
 * How many lines of an open code block are finished: those up to the last one but one. Blank lines do not count: at the end of a
 * block they are not shown, and the rest must have at least one line to show.
 */
function finishedLines(code: readonly string[]): number {
  const isShown = (line: string) => line.trim() !== '';
  const last = code.findLastIndex(isShown);
  return last === -1 ? 0 : code.slice(0, last).findLastIndex(isShown) + 1;
}

function lineAt(text: string, line: number): string {
  const start = startOfLine(text, line);
  return text.slice(start, text.indexOf('\n', start));
}

/** Where a line starts, or the last line if there are not as many. Sanitizing leaves the number of lines as it is. */
function startOfLine(text: string, line: number): number {
  const ends = /\r\n|[\n\u2028\u2029]/g;
  let start = 0;
  for (let count = 0; count < line && ends.test(text); count += 1) start = ends.lastIndex;
  return start;
}
