import {sanitize} from '../terminal/sanitize.js';
import {BlockRenderer, type Line, type MarkdownOptions} from './block-renderer.js';
import type {GrowingText} from './streaming/blocks.js';
import type {OpenBlock, OpenCode, OpenList} from './streaming/open-block.js';
import {parsing} from './syntax/context.js';
import type {Block} from './syntax/model.js';
import {parseBlocks} from './syntax/parse-blocks.js';
import type {TableLayout} from './table/layout.js';
import {continueLastBlock, holdHeader, innermost, isSeparate} from './streaming/unfinished-line.js';

/**
 * Renders Markdown for a terminal, sanitized. Text is wrapped at words and code is not wrapped. Both start at the left edge, so
 * that a selection with the mouse contains nothing else. Links and images are followed by their URL; HTML tags are shown as they
 * are. Blocks are separated by one empty line: two texts that are cut by `splitText` and joined by an empty line look like
 * the whole.
 * @returns lines, each with complete styles and a newline, the last one not empty; '' if nothing is visible
 */
export const renderMarkdown = (markdown: string, options: MarkdownOptions): string =>
  renderPart(markdown, options).lines;

interface Place {
  /** The block in the middle of which a text starts. */
  start?: OpenBlock | undefined;
  /** The number of diagrams before it. */
  diagrams?: number;
}

/** A rendered part of a text. */
export interface RenderedPart {
  lines: string;
  /** The layout of the last table. */
  layout: TableLayout | undefined;
  /** The last code block at its end. */
  code: OpenCode | undefined;
  /** How the last list continues. */
  list: OpenList | undefined;
  /** The number of diagrams up to its end. */
  diagrams: number;
}

/** The rows of a paragraph. */
export const paragraphRows = (source: string, options: MarkdownOptions): string[] =>
  renderPart(source, options).lines.split('\n').slice(0, -1);

/** Renders a part of a text. */
export function renderPart(markdown: string, options: MarkdownOptions, place: Place = {}): RenderedPart {
  const safe = sanitize(markdown);
  const context = parsing(safe, options);
  const blocks = parseBlocks(safe, context);
  return rendered(blocks, new BlockRenderer(options, context, place));
}

/**
 * Renders the finished blocks of a growing text.
 * @param length of the text
 * @param place.isOpen whether it ends in the middle of its last block
 */
export function renderFinished(
  blocks: readonly Block[],
  length: number,
  options: MarkdownOptions,
  {isOpen, ...place}: Place & {isOpen: boolean},
): RenderedPart {
  const end = isOpen ? blocks.at(-1) : undefined;
  return rendered(blocks, new BlockRenderer(options, parsing(length, options), {...place, end}));
}

function rendered(blocks: readonly Block[], renderer: BlockRenderer): RenderedPart {
  const lines = renderer.render(blocks);
  const {layout, code, list, diagrams} = renderer;
  const open = list && ({type: 'list', ...list, endsWithCode: lines.at(-1)?.isCode ?? false} as const);
  return {lines: joinLines(lines), layout, code, list: open, diagrams};
}

/**
 * Renders a text whose last line is still arriving. That line never starts a block: `Title` above `-` is no heading yet. Only
 * bold words, links and so on are shown as such. Of a table, only the number of its rows is shown, because its columns would
 * become wider again and again.
 * @param text its blocks may change
 */
export function renderUnfinished(
  {lines, lastLine, blocks}: GrowingText,
  options: MarkdownOptions,
  place: Place = {},
): string {
  const context = parsing(lines.length + lastLine.length, options);
  const renderer = new BlockRenderer(options, context, {...place, end: innermost(blocks), isPending: true});
  const isHeader = holdHeader(blocks, lines, lastLine);
  const isComplete = lastLine === '' || isHeader || continueLastBlock(blocks, lines, lastLine);
  const above = renderer.render(blocks);
  if (above.length > 0 && (isHeader || (!isComplete && isSeparate(blocks, lines)))) above.push({text: ''});
  if (isHeader) above.push(renderer.growingTable(0));
  return joinLines(isComplete ? above : [...above, ...renderer.unfinished(lastLine)]);
}

const joinLines = (lines: readonly Line[]): string =>
  lines.length === 0 ? '' : `${lines.map(({text}) => text).join('\n')}\n`;
