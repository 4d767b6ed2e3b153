import type MarkdownIt from 'markdown-it';
import type {RuleBlock} from 'markdown-it/lib/parser_block.mjs';
import type StateBlock from 'markdown-it/lib/rules_block/state_block.mjs';
import {contextOf} from './context.js';

/** How deep lists and quotes may be nested. A block in which they are deeper is shown as it was written. */
const maxDepth = 24;
/** A block takes as much work as so many parts of a line, and a cell of a table as much as one. */
const stepsPerBlock = 7;

/** Makes a parser respect the limits. Must be added after all other rules, because it comes before them. */
export function addLimits(md: MarkdownIt): void {
  const [table] = md.block.ruler.getRules('');
  if (table) md.block.ruler.at('table', limitedTable(table), {alt: ['paragraph', 'reference']});
  md.block.ruler.before('table', 'limits', (state, startLine, endLine, silent) => {
    if (silent) return false;
    const limits = contextOf(state).limits;
    // A list adds two levels, and a quote one.
    if (state.level >= 2 * maxDepth) limits.deepLines.push(startLine);
    else if (limits.take(stepsPerBlock)) return false;
    return asVerbatim(state, startLine, endOfContainer(state, startLine, endLine));
  });
  md.inline.ruler.before('text', 'limits', (state, silent) => {
    if (contextOf(state).limits.take(1)) return false;
    if (!silent) state.pending += state.src.slice(state.pos, state.posMax);
    state.pos = state.posMax;
    return true;
  });
}

function asVerbatim(state: StateBlock, startLine: number, nextLine: number): true {
  const token = state.push('verbatim', '', 0);
  token.map = [startLine, nextLine];
  token.content = state.getLines(startLine, nextLine, state.blkIndent, false);
  state.line = nextLine;
  return true;
}

/** @param table the library's rule, which is the first one */
function limitedTable(table: RuleBlock): RuleBlock {
  return (state, startLine, endLine, silent) => {
    if (!table(state, startLine, endLine, true)) return false;
    if (silent) return true;
    const header = state.src.slice(state.bMarks[startLine], state.eMarks[startLine]);
    let nextLine = startLine + 1;
    while (nextLine < endLine && !state.isEmpty(nextLine)) nextLine += 1;
    const cells = header.split('|').length * (nextLine - startLine);
    if (contextOf(state).limits.take(cells)) return table(state, startLine, endLine, false);
    return asVerbatim(state, startLine, nextLine);
  };
}

/** The line after the list item or the quote in which a line is. */
function endOfContainer(state: StateBlock, startLine: number, endLine: number): number {
  let line = startLine + 1;
  while (line < endLine && (state.isEmpty(line) || (state.sCount[line] ?? 0) >= state.blkIndent)) line += 1;
  return line;
}
