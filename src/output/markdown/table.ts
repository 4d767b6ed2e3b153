import {widthOf} from '../format/width.js';
import {type Align, pad} from '../terminal/truncate.js';

export interface Table {
  /** Rendered cells, each of one line. */
  header: readonly string[];
  rows: readonly (readonly string[])[];
  align: readonly Align[];
}

/**
 * The lines of a table with aligned columns, which are still Markdown when they are copied. A table that is wider than the
 * terminal gets one line per cell, with an empty line between the rows.
 */
export function renderTable(table: Table, width: number): string[] {
  const {header, rows, align} = table;
  const widths = header.map((cell, column) =>
    rows.reduce((widest, row) => Math.max(widest, widthOf(row[column] ?? '')), Math.max(3, widthOf(cell))),
  );
  if (widths.reduce((sum, each) => sum + each + 3, -3) > width) return stacked(table);
  const line = (cells: readonly string[]) =>
    widths
      .map((cellWidth, column) => pad(cells[column] ?? '', cellWidth, align[column]))
      .join(' | ')
      .trimEnd();
  return [line(header), widths.map((cellWidth) => '-'.repeat(cellWidth)).join('-|-'), ...rows.map(line)];
}

function stacked({header, rows}: Table): string[] {
  if (rows.length === 0) return [...header];
  return rows.flatMap((row, index) => [
    ...(index === 0 ? [] : ['']),
    ...row.map((cell, column) => (header[column] ? `${header[column]}: ${cell}` : cell)),
  ]);
}
