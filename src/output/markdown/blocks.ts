import {isKnown, parseBlocks, type Token} from './parse-markdown.js';

/**
 * How much of a growing Markdown text, from its start, is finished: blocks whose look no later text can change. A paragraph,
 * a list, a quote, a table, an open comment is held back whole until something closes it; of an open code block all is
 * finished but its last lines, and what follows goes on after `openFence` of what was taken.
 * @returns a number of UTF-16 code units, at the start of a line
 */
export function finishedLength(markdown: string): number {
  return withLineEnds(cleanedFinishedLength(completeBlocks(markdown)), markdown);
}

function cleanedFinishedLength({lines, blocks}: Complete): number {
  const last = blocks.findLastIndex(isSeen);
  const block = blocks[last];
  if (!block || isClosed(block, lines)) return block ? lines.length : 0;
  const start = startOf(blocks, last, lines);
  return start === undefined ? 0 : start + (fenceOf(block) ? settledCodeLength(block.raw) : 0);
}

/** A code block within which a text ends. */
export interface OpenCode {
  /** The line that reopens it: put in front of what follows, it makes a Markdown text of its own of that. */
  fence: string;
  /** What stands behind its fence. */
  info: string;
  /** Its lines so far. */
  lines: string[];
  /** Whether nothing stands above it. */
  isFirst: boolean;
}

/** @returns undefined where the text does not end within a code block */
export function openCode(markdown: string): OpenCode | undefined {
  const blocks = completeBlocks(markdown).blocks.filter(isSeen);
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

/** The line that reopens the code block within which a text ends, or ''. */
export const openFence = (markdown: string): string => openCode(markdown)?.fence ?? '';

interface Complete {
  lines: string;
  blocks: Token[];
}

/** The blocks of the complete lines; the last line may yet become something else. */
function completeBlocks(markdown: string): Complete {
  const text = likeCleaned(markdown);
  const lines = text.slice(0, text.lastIndexOf('\n') + 1);
  try {
    return {lines, blocks: parseBlocks(lines)};
  } catch {
    // Thousands of nested quotes or lists exhaust the stack.
    return {lines, blocks: []};
  }
}

/** The text with lines and blanks as they are after cleaning; of its length but for the Windows line ends. */
const likeCleaned = (text: string) =>
  text
    .replaceAll('\r\n', '\n')
    .replaceAll(/[\u2028\u2029]/g, '\n')
    .replaceAll(/[\r\v\f]/g, '\uFFFD');

/** How long a start of the text was before its Windows line ends became shorter. */
function withLineEnds(length: number, markdown: string): number {
  let ends = 0;
  for (let at = markdown.indexOf('\r\n'); at !== -1 && at - ends < length; at = markdown.indexOf('\r\n', at + 2))
    ends += 1;
  return length + ends;
}

const isSeen = ({raw}: Token) => raw.trim() !== '';

/** Whether the last block of these complete lines cannot go on. */
function isClosed(block: Token, lines: string): boolean {
  if (block.type === 'heading' || block.type === 'hr') return true;
  if (block.type === 'paragraph' || block.type === 'table') return /\n[ \t]*\n$/.test(lines.slice(-200));
  const fence = fenceOf(block);
  return fence !== undefined && isFenceClosed(block, fence);
}

/**
 * Where one of the blocks starts. The parser drops blanks at the end of some blocks.
 * @returns undefined when the blocks do not make up the lines
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
 * How much of an open code block may stand: up to its last line but one. Blank lines do not count, for those at its end are
 * not shown; and so the rest is never without a line to show.
 */
function settledCodeLength(raw: string): number {
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
