import {widthOf} from '../format/width.js';
import {type Align, pad} from '../terminal/truncate.js';

export interface Table {
  /** Rendered cells of one or several lines. */
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
  const widths = header.map((_name, column) =>
    [header, ...rows].reduce((widest, row) => Math.max(widest, cellWidth(row[column] ?? '')), 3),
  );
  if (widths.reduce((sum, each) => sum + each + 3, -3) > width) return stacked(table);
  const line = (cells: readonly string[]) =>
    widths
      .map((cellWidth, column) => pad(cells[column] ?? '', cellWidth, align[column]))
      .join(' | ')
      .trimEnd();
  const lines = (row: readonly string[]) => rowLines(row).map(line);
  return [...lines(header), widths.map((cellWidth) => '-'.repeat(cellWidth)).join('-|-'), ...rows.flatMap(lines)];
}

/** Longer cells are not measured, which takes a while: no terminal is as wide. */
const maxCellLength = 2000;

const cellWidth = (cell: string): number =>
  cell.length > maxCellLength
    ? Infinity
    : cell.split('\n').reduce((widest, line) => Math.max(widest, widthOf(line)), 0);

/** Cells of several lines stand next to each other. */
function rowLines(row: readonly string[]): string[][] {
  if (!row.some((cell) => cell.includes('\n'))) return [[...row]];
  const cells = row.map((cell) => cell.split('\n'));
  const height = cells.reduce((highest, {length}) => Math.max(highest, length), 0);
  return Array.from({length: height}, (_, line) => cells.map((lines) => lines[line] ?? ''));
}

function stacked({header, rows}: Table): string[] {
  const oneLine = (cell: string) => cell.replaceAll('\n', ' ');
  if (rows.length === 0) return header.map(oneLine);
  return rows.flatMap((row, index) => [
    ...(index === 0 ? [] : ['']),
    ...row.flatMap((cell, column) => (header[column] ? `${oneLine(header[column])}: ${cell}` : cell).split('\n')),
  ]);
}
