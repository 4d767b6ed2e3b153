import {parsing} from '../syntax/context.js';
import type {Block} from '../syntax/model.js';
import {parseBlocks} from '../syntax/parse-blocks.js';
import {sampleSize} from '../table/layout.js';

/** The start of a text whose rendering no later text can change. */
export interface FinishedPart {
  /** A number of UTF-16 code units, at the start of a line. */
  length: number;
  /** The type of the block in the middle of which it ends. */
  openType?: 'code' | 'table' | undefined;
}

/**
 * The finished part of a growing Markdown text: all blocks but the last one. That counts too if something closes it. Of an open
 * code block all lines but the last ones count; the rest of the text then continues after `openCode` of that start. Of an open
 * table all rows but the last one count, once there are enough of them to lay it out; the rest continues after its `tableHead`.
 * @param options.continuesTable whether the text starts with a table that is already laid out
 */
export function finishedPart(
  markdown: string,
  {continuesTable = false}: {continuesTable?: boolean} = {},
): FinishedPart {
  const lines = completeLines(markdown);
  const blocks = parseBlocks(lines, parsing(lines, {isGrowing: true}));
  const isLaidOut = continuesTable && blocks.length === 1;
  const {length, openType} = normalizedFinishedPart(lines, blocks, isLaidOut ? 1 : sampleSize);
  return {length: withLineEnds(length, markdown), openType};
}

/** @param minRows how many rows of a table must be finished */
function normalizedFinishedPart(lines: string, blocks: readonly Block[], minRows: number): FinishedPart {
  const last = blocks.at(-1);
  if (!last) return {length: 0};
  if (isClosed(last, lines)) return {length: lines.length};
  // If a formula turns out to be none, it may continue the block before it.
  if (last.type === 'verbatim' && last.isOpen) return {length: startOfLine(lines, blocks.at(-2)?.lines.start ?? 0)};
  if (last.type === 'table' && last.rows.length > minRows)
    return {length: startOfLine(lines, last.lines.end - 1), openType: 'table'};
  const start = startOfLine(lines, last.lines.start);
  const codeLength = last.type === 'code' && last.fence ? finishedCodeLength(lines.slice(start)) : 0;
  return {length: start + codeLength, openType: codeLength > 0 ? 'code' : undefined};
}

/**
 * The first two lines of the last block, a table. In front of further rows, they make these a table of its own.
 * @param markdown a finished part
 */
export function tableHead(markdown: string): string {
  const lines = completeLines(markdown);
  const start = parseBlocks(lines, parsing(lines)).at(-1)?.lines.start ?? 0;
  return `${lines
    .split('\n')
    .slice(start, start + 2)
    .join('\n')}\n`;
}

/** The code block in which a text ends. */
export interface CodeEnd {
  /** The line that reopens it. In front of the rest, it makes that a Markdown text of its own. */
  fence: string;
  /** The text after its fence. */
  info: string;
  /** Its lines so far. */
  lines: string[];
  /** Whether it is the first block of the text. */
  isFirst: boolean;
}

/** @returns undefined if the text does not end in a code block */
export function openCode(markdown: string): CodeEnd | undefined {
  const lines = completeLines(markdown);
  const blocks = parseBlocks(lines, parsing(lines));
  const last = blocks.at(-1);
  if (last?.type !== 'code' || !last.fence || last.fence.isClosed) return undefined;
  const [indent = ''] = /^ */.exec(lines.slice(startOfLine(lines, last.lines.start))) ?? [];
  return {
    fence: `${indent}${last.fence.marks}\n`,
    info: last.info,
    lines: last.text.split('\n'),
    isFirst: blocks.length === 1,
  };
}

/** The line that reopens the code block in which a text ends, or ''. */
export const openFence = (markdown: string): string => openCode(markdown)?.fence ?? '';

/**
 * The complete lines: the last one may still become something else. Line ends and blanks are as `sanitize` leaves them. Only
 * Windows line ends change the length.
 */
function completeLines(markdown: string): string {
  const text = markdown
    .replaceAll('\r\n', '\n')
    .replaceAll(/[\u2028\u2029]/g, '\n')
    .replaceAll(/[\r\v\f]/g, '\uFFFD');
  return text.slice(0, text.lastIndexOf('\n') + 1);
}

/** The length in the original text, given a length in the normalized text. */
function withLineEnds(length: number, markdown: string): number {
  let ends = 0;
  for (let at = markdown.indexOf('\r\n'); at !== -1 && at - ends < length; at = markdown.indexOf('\r\n', at + 2))
    ends += 1;
  return length + ends;
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

function startOfLine(text: string, line: number): number {
  let start = 0;
  for (let count = 0; count < line; count += 1) start = text.indexOf('\n', start) + 1;
  return start;
}

/**
 * The length of an open code block up to its last line but one. Blank lines do not count: at the end of a block they are not
 * shown, and the rest must have at least one line to show.
 * @param raw its complete lines, with the fence
 */
function finishedCodeLength(raw: string): number {
  let length = 0;
  let beforeLast = 0;
  let upToLast = 0;
  for (const [index, line] of raw.split('\n').entries()) {
    length += line.length + 1;
    if (index === 0 || line.trim() === '') continue;
    beforeLast = upToLast;
    upToLast = length;
  }
  return beforeLast;
}
