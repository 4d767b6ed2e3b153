import {isKnown, parseBlocks, type Token} from './parse-markdown.js';

/**
 * The length of the start of a growing Markdown text whose rendering no later text can change. A paragraph, list, quote,
 * table or comment counts only when something closes it. Of an open code block, all lines but the last ones count; the rest
 * of the text then continues after `openFence` of that start.
 * @returns a number of UTF-16 code units, at the start of a line
 */
export function finishedLength(markdown: string): number {
  return withLineEnds(normalizedFinishedLength(completeBlocks(markdown)), markdown);
}

function normalizedFinishedLength({lines, blocks}: CompleteBlocks): number {
  const last = blocks.findLastIndex(isVisible);
  const block = blocks[last];
  if (!block || isClosed(block, lines)) return block ? lines.length : 0;
  const start = startOf(blocks, last, lines);
  return start === undefined ? 0 : start + (fenceOf(block) ? finishedCodeLength(block.raw) : 0);
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
  const blocks = completeBlocks(markdown).blocks.filter(isVisible);
  const block = blocks.at(-1);
  const fence = block && fenceOf(block);
  if (!fence || isFenceClosed(block, fence) || !isKnown(block) || block.type !== 'code') return undefined;
  return {
    fence: `${fence.indent}${fence.marks}\n`,
    info: block.lang ?? '',
    lines: block.text.split('\n'),
    isFirst: blocks.length === 1,
  };
}

/** The line that reopens the code block in which a text ends, or ''. */
export const openFence = (markdown: string): string => openCode(markdown)?.fence ?? '';

interface CompleteBlocks {
  lines: string;
  blocks: Token[];
}

/** The blocks of the complete lines. The last line may still become something else. */
function completeBlocks(markdown: string): CompleteBlocks {
  const text = normalize(markdown);
  const lines = text.slice(0, text.lastIndexOf('\n') + 1);
  try {
    return {lines, blocks: parseBlocks(lines)};
  } catch {
    // Thousands of nested quotes or lists exhaust the stack.
    return {lines, blocks: []};
  }
}

/** Line ends and blanks as `sanitize` leaves them. Only Windows line ends change the length. */
const normalize = (text: string) =>
  text
    .replaceAll('\r\n', '\n')
    .replaceAll(/[\u2028\u2029]/g, '\n')
    .replaceAll(/[\r\v\f]/g, '\uFFFD');

/** The length in the original text, given a length in the normalized text. */
function withLineEnds(length: number, markdown: string): number {
  let ends = 0;
  for (let at = markdown.indexOf('\r\n'); at !== -1 && at - ends < length; at = markdown.indexOf('\r\n', at + 2))
    ends += 1;
  return length + ends;
}

const isVisible = ({raw}: Token) => raw.trim() !== '';

/** Whether the last block of these complete lines cannot continue. */
function isClosed(block: Token, lines: string): boolean {
  if (block.type === 'heading' || block.type === 'hr') return true;
  if (block.type === 'paragraph' || block.type === 'table') return /\n[ \t]*\n$/.test(lines.slice(-200));
  const fence = fenceOf(block);
  return fence !== undefined && isFenceClosed(block, fence);
}

/**
 * Where a block starts. The parser drops blanks at the end of some blocks.
 * @returns undefined if the blocks do not make up the lines
 */
function startOf(blocks: readonly Token[], wanted: number, lines: string): number | undefined {
  let start = 0;
  let end = 0;
  for (const {raw} of blocks.slice(0, wanted + 1)) {
    start = lines.indexOf(raw, end);
    if (start === -1 || lines.slice(end, start).trim() !== '') return undefined;
    end = start + raw.length;
  }
  return start === 0 || lines[start - 1] === '\n' ? start : undefined;
}

interface Fence {
  indent: string;
  marks: string;
}

function fenceOf({type, raw}: Token): Fence | undefined {
  if (type !== 'code') return undefined;
  const [, indent, marks] = /^( {0,3})(`{3,}|~{3,})/.exec(raw) ?? [];
  return indent === undefined || marks === undefined ? undefined : {indent, marks};
}

function isFenceClosed({raw}: Token, {marks}: Fence): boolean {
  const last = raw
    .split('\n')
    .slice(1)
    .findLast((line) => line !== '');
  return last !== undefined && new RegExp(`^ {0,3}${marks}[~\`]* *$`).test(last);
}

/**
 * The length of an open code block up to its last line but one. Blank lines do not count: at the end of a block they are not
 * shown, and the rest must have at least one line to show.
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
