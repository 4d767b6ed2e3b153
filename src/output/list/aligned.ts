import {sanitizeLine} from '../terminal/sanitize.js';
import type {Column} from './columns.js';
import {Grid} from './grid.js';
import type {Look} from '../output.js';

/** How many items tell how wide the columns are to be. */
const sampled = 100;

/**
 * Items as lines for a terminal: cleaned, in aligned columns below their titles. No line comes before the first hundred items
 * have come, or the last one; where the items end in an error, those before it are shown first.
 */
export async function* alignedLines<T>(
  items: AsyncIterable<T>,
  columns: readonly Column<T>[],
  look: Look,
): AsyncGenerator<string> {
  const first: string[][] = [];
  let grid: Grid | undefined;
  try {
    for await (const item of items) {
      const cells = columns.map(({value, shown}) => sanitizeLine(shown ? shown(item) : String(value(item) ?? '')));
      if (grid) yield `${grid.line(cells)}\n`;
      else if (first.push(cells) === sampled) grid = yield* firstLines(first, columns, look);
    }
  } catch (error) {
    if (!grid) yield* firstLines(first, columns, look);
    throw error;
  }
  if (!grid) yield* firstLines(first, columns, look);
}

/** @returns the grid into which the rows to come are fitted */
function* firstLines(
  rows: readonly (readonly string[])[],
  columns: readonly Column<never>[],
  {paint, width}: Look,
): Generator<string, Grid> {
  const titles = columns.map(({title}) => title);
  const grid = new Grid(columns, [titles, ...rows], {width, isWhole: rows.length < sampled});
  if (rows.length > 0) yield `${paint.dim(grid.line(titles))}\n`;
  for (const row of rows) yield `${grid.line(row)}\n`;
  return grid;
}
