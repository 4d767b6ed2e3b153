import {parsing} from './syntax/context.js';
import type {Block} from './syntax/model.js';
import {parseBlocks} from './syntax/parse-blocks.js';

/**
 * The length of the start of a growing Markdown text whose rendering no later text can change: all blocks but the last one.
 * That counts too if something closes it, and of an open code block all lines but the last ones
 * count. The rest of the text then
 * continues after `openCode` of that start.
 * @returns a number of UTF-16 code units, at the start of a line
 */
export function finishedLength(markdown: string): number {
  const lines = completeLines(markdown);
  return withLineEnds(normalizedFinishedLength(lines, parseBlocks(lines, parsing(lines, {isGrowing: true}))), markdown);
}

function normalizedFinishedLength(lines: string, blocks: readonly Block[]): number {
  const last = blocks.at(-1);
  if (!last) return 0;
  if (isClosed(last, lines)) return lines.length;
  // If a formula turns out to be none, it may continue the block before it.
  if (last.type === 'verbatim' && last.isOpen) return startOfLine(lines, blocks.at(-2)?.lines.start ?? 0);
  const start = startOfLine(lines, last.lines.start);
  return last.type === 'code' && last.fence ? start + finishedCodeLength(lines.slice(start)) : start;
}

/** The code block in which a text ends. */
export interface OpenCode {
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
export function openCode(markdown: string): OpenCode | undefined {
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
