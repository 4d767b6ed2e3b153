import {sanitize} from '../terminal/sanitize.js';
import {BlockRenderer, type Line, type MarkdownOptions} from './block-renderer.js';
import type {Code} from './code/code.js';
import {parsing} from './syntax/context.js';
import {parseBlocks} from './syntax/parse-blocks.js';
import {continueLastBlock, isSeparate} from './unfinished-line.js';

/**
 * Renders Markdown for a terminal, sanitized. Text is wrapped at words and code is not wrapped. Both start at the left edge, so
 * that a selection with the mouse contains nothing else. Links and images are followed by their URL; HTML tags are shown as they are. Blocks
 * are separated by one empty line: two texts that are cut at `finishedLength` and joined by an empty line look like the whole.
 * @param code the state of the code block in which the text starts
 * @returns lines, each with complete styles and a newline, the last one not empty; '' if nothing is visible
 */
export function renderMarkdown(markdown: string, options: MarkdownOptions, code?: Code): string {
  const safe = sanitize(markdown);
  const context = parsing(safe, options);
  return joinLines(new BlockRenderer(options, context, code).render(parseBlocks(safe, context)));
}

/**
 * Renders a text whose last line is still arriving. That line never starts a block: `Title` above `-` is no heading yet. Only
 * bold words, links and so on are shown as such.
 */
export function renderUnfinished(markdown: string, options: MarkdownOptions, code?: Code): string {
  const safe = sanitize(markdown);
  const end = safe.lastIndexOf('\n') + 1;
  const [lines, lastLine] = [safe.slice(0, end), safe.slice(end).trimEnd()];
  const context = parsing(safe, {...options, isGrowing: true});
  const renderer = new BlockRenderer(options, context, code);
  const blocks = parseBlocks(lines, context);
  if (lastLine === '' || continueLastBlock(blocks, lines, lastLine)) return joinLines(renderer.render(blocks));
  const above = renderer.render(blocks);
  if (above.length > 0 && isSeparate(blocks, lines)) above.push({text: ''});
  return joinLines([...above, ...renderer.unfinished(lastLine)]);
}

const joinLines = (lines: readonly Line[]): string =>
  lines.length === 0 ? '' : `${lines.map(({text}) => text).join('\n')}\n`;
