import type {Block, CodeBlock, Fence} from '../syntax/model.js';

/**
 * Adds a line that is still arriving to the block that it continues: to open code, or to a paragraph if the line does not look
 * like the start of another block. What may become a fence is not shown yet.
 * @param lines the complete lines above
 * @returns false if it continues none
 */
export function continueLastBlock(blocks: readonly Block[], lines: string, lastLine: string): boolean {
  const block = innermost(blocks);
  if (block?.type === 'table' && !endsBlank(lines)) return true;
  if (isOpenCode(block)) {
    if (mayBeFence.test(lastLine)) return true;
    const line = withoutIndent(lastLine, lines, block.lines.start);
    block.text = block.text === '' ? line : `${block.text}\n${line}`;
    return true;
  }
  if (mayBeFence.test(lastLine)) return true;
  if (block?.type !== 'paragraph' || endsBlank(lines) || mayStartBlock.test(lastLine)) return false;
  block.source += `\n${lastLine.trim()}`;
  return true;
}

/**
 * Whether the text ends with what may be the first line of a table. If that line is complete, it is removed from the blocks.
 * @param lines the complete lines above the last one
 */
export function holdHeader(blocks: Block[], lines: string, lastLine: string): boolean {
  const last = blocks.at(-1);
  if (last?.type === 'table' && !endsBlank(lines)) return false;
  if (isOpenCode(innermost(blocks))) return false;
  const above = last?.type === 'paragraph' && !endsBlank(lines) ? last.source.split('\n') : [];
  if (last?.type !== 'paragraph' || !isRow(above.at(-1) ?? '') || !mayBeDelimiter.test(lastLine))
    return isRow(lastLine);
  last.source = above.slice(0, -1).join('\n');
  if (last.source === '') blocks.pop();
  return true;
}

const isRow = (line: string): boolean => /^ {0,3}\|/.test(line);
const mayBeDelimiter = /^[\s|:-]*$/;

export type OpenFencedCode = Block & CodeBlock & {fence: Fence};

export const isOpenCode = (block: Block | undefined): block is OpenFencedCode =>
  block?.type === 'code' && block.fence?.isClosed === false;

/** Whether an empty line belongs between the blocks and a line that continues none of them. */
export function isSeparate(blocks: readonly Block[], lines: string): boolean {
  const type = blocks.at(-1)?.type;
  return endsBlank(lines) || type === 'heading' || type === 'code' || type === 'rule';
}

/** The last block, or the last one in it. */
export function innermost(blocks: readonly Block[]): Block | undefined {
  const last = blocks.at(-1);
  if (last?.type === 'quote') return innermost(last.blocks) ?? last;
  if (last?.type === 'list') return innermost(last.items.at(-1)?.blocks ?? []) ?? last;
  return last;
}

/** A line of code without the indentation of its fence, which a list or a quote may cause. */
function withoutIndent(line: string, lines: string, fenceLine: number): string {
  const [indent = ''] = /^[\s>]*/.exec(lines.split('\n', fenceLine + 1)[fenceLine] ?? '') ?? [];
  const [own = ''] = /^[\s>]*/.exec(line) ?? [];
  return line.slice(Math.min(indent.length, own.length));
}

const endsBlank = (lines: string): boolean => /\n[ \t>]*\n$/.test(lines.slice(-200));
const mayBeFence = /^[\s>]*(?:`{3,}[^`]*|~{3,}.*|`{1,2}|~{1,2})$/;
const mayStartBlock = /^[\s>]*(?:[-+*](?:\s|$)|\d{1,9}[.)]?(?:\s|$)|#{1,6}(?:\s|$)|\||[-=]+$|>)/;
