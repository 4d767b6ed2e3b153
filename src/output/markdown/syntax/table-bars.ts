import type MarkdownIt from 'markdown-it';

/**
 * Keeps in a table what the library takes for the border of a cell: `|` in code and formulas, and what follows the last column.
 * While the blocks are found, such characters are hidden. A text that contains the character that stands for them is left alone.
 */
export function addTableBars(md: MarkdownIt): void {
  md.core.ruler.before('block', 'hide_bars', (state) => {
    if (state.src.includes('|') && !state.src.includes(hidden)) state.src = hideBars(state.src);
  });
  md.core.ruler.after('block', 'show_bars', (state) => {
    if (!state.src.includes(hidden)) return;
    for (const token of state.tokens) {
      token.content = token.content.replaceAll(hidden, '|');
      token.info = token.info.replaceAll(hidden, '|');
    }
  });
}

/** The library replaces it in the source before it finds the blocks, so that it has no other meaning. */
const hidden = '\0';

function hideBars(source: string): string {
  const lines = source.split('\n');
  let columns = 0;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') columns = 0;
    const columnsBelow = columnsIn(lines[index + 1] ?? '');
    const row = columnsBelow + columns > 0 ? withoutInnerBars(line, columnsBelow || columns) : line;
    // A header with too many cells does not start a table.
    lines[index] = columnsBelow > 0 || columns === 0 ? row : withoutMoreBars(row, columns);
    columns = columnsIn(line) || columns;
  }
  return lines.join('\n');
}

/** The number of columns of the line between the header and the rows; 0 if it is no such line. */
const columnsIn = (line: string): number => (line.includes('-') && /^[\s>|:-]*$/.test(line) ? cellsIn(line) : 0);

/** Code and formulas bind more tightly than cells, except in a row that has the right number of cells without them. */
function withoutInnerBars(line: string, columns: number): string {
  const withFormulas = line.replaceAll(formula, (text) => text.replaceAll('\\|', `\\${hidden}`));
  const withCode = hideIn(withFormulas, codeSpans(withFormulas));
  if (cellsIn(withCode) === columns) return withCode;
  const withBoth = hideIn(withCode, formulaSpans(withCode));
  if (cellsIn(withBoth) === columns) return withBoth;
  return cellsIn(withFormulas) === columns ? withFormulas : withCode;
}

function hideIn(line: string, spans: Iterable<Span>): string {
  const changed = line.split('');
  for (const {start, end} of spans)
    for (let at = start; at < end; at += 1) if (line[at] === '|' && line[at - 1] !== '\\') changed[at] = hidden;
  return changed.join('');
}

/** The library drops further cells. They become part of the last one. */
function withoutMoreBars(line: string, columns: number): string {
  if (cellsIn(line) <= columns) return line;
  const {start, end} = rowIn(line);
  let borders = 0;
  const hideMore = (bar: string) => (++borders < columns ? bar : hidden);
  return line.slice(0, start) + line.slice(start, end).replace(border, hideMore) + line.slice(end);
}

const cellsIn = (line: string): number => {
  const {start, end} = rowIn(line);
  return line.slice(start, end).split(border).length;
};

/** Where the cells of a row are, without the bars around them. */
function rowIn(line: string): {start: number; end: number} {
  const start = /^[\s>]*\|?/.exec(line)?.[0].length ?? 0;
  const trimmed = line.trimEnd();
  const hasEnd = trimmed.endsWith('|') && !trimmed.endsWith('\\|') && trimmed.length > start;
  return {start, end: trimmed.length - (hasEnd ? 1 : 0)};
}

const border = /(?<!\\)\|/g;

interface Span {
  start: number;
  end: number;
}

/** Formulas on one line: `$$…$$`, `$…$`, `\(…\)` and `\[…\]`. */
const formula =
  /\$\$[^$]+\$\$|\$(?![\s$])[^$]*(?<![\s\\$])\$(?!\d)|\\\((?:(?!\\[()]).)+\\\)|\\\[(?:(?!\\[[\]]).)+\\\]/g;

const formulaSpans = (line: string): Span[] =>
  [...line.matchAll(formula)].map(({0: {length}, index}) => ({start: index, end: index + length}));

/** The content of each code span of a line. */
function* codeSpans(line: string): Generator<Span> {
  const runs = [...line.matchAll(/(?<!\\)`+/g)].map(({0: {length}, index}) => ({
    start: index,
    end: index + length,
    length,
  }));
  for (let opening = 0; opening < runs.length; opening += 1) {
    const first = runs[opening];
    let closing = opening + 1;
    while (closing < runs.length && runs[closing]?.length !== first?.length) closing += 1;
    const last = runs[closing];
    if (!first || !last) continue;
    yield {start: first.end, end: last.start};
    opening = closing;
  }
}
