import type MarkdownIt from 'markdown-it';

/**
 * Lets a code span in a table contain `|`: the library ends the cell there. While it finds the blocks, such characters are
 * hidden. A text that contains the character that stands for them is left alone.
 */
export function addTableCode(md: MarkdownIt): void {
  md.core.ruler.before('block', 'hide_bars', (state) => {
    if (state.src.includes('|') && state.src.includes('`') && !state.src.includes(hidden))
      state.src = hideBars(state.src);
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
    columns = columnsIn(lines[index + 1] ?? '') || columnsIn(line) || columns;
    if (columns > 0 && line.includes('`')) lines[index] = hideBarsIn(line, columns);
  }
  return lines.join('\n');
}

/** The number of columns of the line between the header and the rows; 0 if it is no such line. */
const columnsIn = (line: string): number => (line.includes('-') && /^[\s>|:-]*$/.test(line) ? cellsIn(line) : 0);

/** Code spans bind more tightly than cells, except in a row that has the right number of cells without them. */
function hideBarsIn(line: string, columns: number): string {
  const changed = line.split('');
  for (const {start, end} of codeSpans(line)) {
    for (let at = start; at < end; at += 1) if (line[at] === '|' && line[at - 1] !== '\\') changed[at] = hidden;
  }
  const withCode = changed.join('');
  return cellsIn(withCode) !== columns && cellsIn(line) === columns ? line : withCode;
}

const cellsIn = (line: string): number =>
  line
    .replace(/^[\s>]*\|?/, '')
    .trimEnd()
    .replace(/(?<!\\)\|$/, '')
    .split(/(?<!\\)\|/).length;

/** The content of each code span of a line. */
function* codeSpans(line: string): Generator<{start: number; end: number}> {
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
