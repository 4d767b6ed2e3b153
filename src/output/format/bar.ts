/** A bar as long as its share of the largest value, in eighths of a cell: at least a sliver for what is more than nothing. */
export function bar(value: number, largest: number, cells: number): string {
  if (value <= 0 || largest <= 0) return '';
  const eighths = Math.max(1, Math.round((value / largest) * cells * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (parts[eighths % 8] ?? '');
}

const parts = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
