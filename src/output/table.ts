import stringWidth from 'string-width';

interface Table {
  /** Cells, rendered. */
  header: readonly string[];
  rows: readonly (readonly string[])[];
  align: readonly ('left' | 'right' | 'center' | null)[];
  /** Columns of the terminal. */
  width: number;
  dim: (text: string) => string;
}

const gap = '  ';

/** A table with its columns aligned; where the terminal is too narrow for it, one line a cell. */
export function renderTable(table: Table): string {
  const {header, rows, align, width, dim} = table;
  const widths = header.map((cell, column) =>
    Math.max(stringWidth(cell), ...rows.map((row) => stringWidth(row[column] ?? ''))),
  );
  const total = widths.reduce((sum, each) => sum + each, 0) + gap.length * (widths.length - 1);
  if (total > width) return stacked(table);
  const line = (cells: readonly string[]) =>
    widths
      .map((space, column) => padded(cells[column] ?? '', space, align[column] ?? null))
      .join(gap)
      .trimEnd();
  return [line(header), dim(widths.map((space) => '─'.repeat(space)).join(gap)), ...rows.map(line)].join('\n');
}

function stacked({header, rows}: Table): string {
  return rows.map((row) => row.map((cell, column) => `${header[column] ?? ''}: ${cell}`).join('\n')).join('\n\n');
}

function padded(cell: string, width: number, align: Table['align'][number]): string {
  const space = Math.max(0, width - stringWidth(cell));
  const before = align === 'right' ? space : align === 'center' ? Math.floor(space / 2) : 0;
  return ' '.repeat(before) + cell + ' '.repeat(space - before);
}
