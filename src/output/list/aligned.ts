import {sanitizeLine} from '../terminal/sanitize.js';
import type {Column, TerminalOptions} from './columns.js';
import {Grid} from './grid.js';

/** The number of items whose widths determine the widths of the columns. */
const sampleSize = 100;

/**
 * Items as lines for a terminal: sanitized, in aligned columns below their headings. The first line comes after 100 items or
 * at the end of the list. If the items end in an error, the items before it are shown first.
 */
export async function* alignedLines<T>(
  items: AsyncIterable<T>,
  columns: readonly Column<T>[],
  options: TerminalOptions,
): AsyncGenerator<string> {
  const sample: string[][] = [];
  let grid: Grid | undefined;
  try {
    for await (const item of items) {
      const cells = columns.map(({value, shown}) => sanitizeLine(shown ? shown(item) : String(value(item) ?? '')));
      if (grid) yield `${grid.line(cells)}\n`;
      else if (sample.push(cells) === sampleSize) grid = yield* firstLines(sample, columns, options);
    }
  } catch (error) {
    if (!grid) yield* firstLines(sample, columns, options);
    throw error;
  }
  if (!grid) yield* firstLines(sample, columns, options);
}

/** @returns the grid for the remaining rows */
function* firstLines(
  rows: readonly (readonly string[])[],
  columns: readonly Column<never>[],
  {paint, width}: TerminalOptions,
): Generator<string, Grid> {
  const titles = columns.map(({title}) => title);
  const grid = new Grid(columns, [titles, ...rows], {width, isWhole: rows.length < sampleSize});
  if (rows.length > 0) yield `${paint.dim(grid.line(titles))}\n`;
  for (const row of rows) yield `${grid.line(row)}\n`;
  return grid;
}
