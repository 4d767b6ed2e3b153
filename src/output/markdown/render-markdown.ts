import {sanitize} from '../terminal/sanitize.js';
import {BlockRenderer, type Line, type MarkdownOptions} from './block-renderer.js';
import type {OpenBlock} from './streaming/open-block.js';
import {parsing} from './syntax/context.js';
import {parseBlocks} from './syntax/parse-blocks.js';
import type {TableLayout} from './table/layout.js';
import {continueLastBlock, holdHeader, innermost, isSeparate} from './streaming/unfinished-line.js';

/**
 * Renders Markdown for a terminal, sanitized. Text is wrapped at words and code is not wrapped. Both start at the left edge, so
 * that a selection with the mouse contains nothing else. Links and images are followed by their URL; HTML tags are shown as they
 * are. Blocks are separated by one empty line: two texts that are cut at `finishedPart` and joined by an empty line look like
 * the whole.
 * @returns lines, each with complete styles and a newline, the last one not empty; '' if nothing is visible
 */
export const renderMarkdown = (markdown: string, options: MarkdownOptions): string =>
  renderPart(markdown, options).lines;

/**
 * Renders a part of a text.
 * @param part.start the block in the middle of which it starts
 * @param part.diagrams the number of diagrams before it
 * @param part.isOpen whether it ends in the middle of its last block
 * @returns the lines, the layout of the last table, and the number of diagrams up to its end
 */
export function renderPart(
  markdown: string,
  options: MarkdownOptions,
  {start, diagrams, isOpen = false}: {start?: OpenBlock | undefined; diagrams?: number; isOpen?: boolean} = {},
): {lines: string; layout: TableLayout | undefined; diagrams: number} {
  const safe = sanitize(markdown);
  const context = parsing(safe, options);
  const blocks = parseBlocks(safe, context);
  const renderer = new BlockRenderer(options, context, {start, diagrams, end: isOpen ? blocks.at(-1) : undefined});
  return {lines: joinLines(renderer.render(blocks)), layout: renderer.layout, diagrams: renderer.diagrams};
}

/**
 * Renders a text whose last line is still arriving. That line never starts a block: `Title` above `-` is no heading yet. Only
 * bold words, links and so on are shown as such. Of a table, only the number of its rows is shown, because its columns would
 * become wider again and again.
 * @param part.start the block in the middle of which the text starts
 * @param part.diagrams the number of diagrams before it
 */
export function renderUnfinished(
  markdown: string,
  options: MarkdownOptions,
  {start, diagrams}: {start?: OpenBlock | undefined; diagrams?: number} = {},
): string {
  const safe = sanitize(markdown);
  const end = safe.lastIndexOf('\n') + 1;
  const [lines, lastLine] = [safe.slice(0, end), safe.slice(end).trimEnd()];
  const context = parsing(safe, {...options, isGrowing: true});
  const blocks = parseBlocks(lines, context);
  const renderer = new BlockRenderer(options, context, {start, diagrams, end: innermost(blocks), isPending: true});
  const isHeader = holdHeader(blocks, lines, lastLine);
  const isComplete = lastLine === '' || isHeader || continueLastBlock(blocks, lines, lastLine);
  const above = renderer.render(blocks);
  if (above.length > 0 && (isHeader || (!isComplete && isSeparate(blocks, lines)))) above.push({text: ''});
  if (isHeader) above.push(renderer.growingTable(0));
  return joinLines(isComplete ? above : [...above, ...renderer.unfinished(lastLine)]);
}

const joinLines = (lines: readonly Line[]): string =>
  lines.length === 0 ? '' : `${lines.map(({text}) => text).join('\n')}\n`;
