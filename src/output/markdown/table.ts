import {widthOf} from '../format/width.js';
import {type Align, padded} from '../terminal/truncate.js';

export interface Table {
  /** Rendered cells, of one line each. */
  header: readonly string[];
  rows: readonly (readonly string[])[];
  align: readonly Align[];
}

/**
 * The lines of a table, its columns aligned, in a form that is still Markdown when it is copied. Where it is wider than the
 * terminal: one line a cell, an empty line between the rows.
 */
export function renderTable(table: Table, width: number): string[] {
  const {header, rows, align} = table;
  const widths = header.map((cell, column) =>
    rows.reduce((widest, row) => Math.max(widest, widthOf(row[column] ?? '')), Math.max(3, widthOf(cell))),
  );
  if (widths.reduce((sum, each) => sum + each + 3, -3) > width) return stacked(table);
  const line = (cells: readonly string[]) =>
    widths
      .map((room, column) => padded(cells[column] ?? '', room, align[column]))
      .join(' | ')
      .trimEnd();
  return [line(header), widths.map((room) => '-'.repeat(room)).join('-|-'), ...rows.map(line)];
}

function stacked({header, rows}: Table): string[] {
  if (rows.length === 0) return [...header];
  return rows.flatMap((row, index) => [
    ...(index === 0 ? [] : ['']),
    ...row.map((cell, column) => (header[column] ? `${header[column]}: ${cell}` : cell)),
  ]);
}
