import {widthOf} from '../format/width.js';
import {characters, isAscii} from './rows.js';

export type Align = 'left' | 'right' | 'center' | null;

/** A line cut so that it fits into so many columns; `…` stands for what is missing. It must be cleaned and without styles. */
export function cut(line: string, columns: number): string {
  if (line.length <= columns && isAscii(line)) return line;
  let kept = '';
  let used = 0;
  for (const character of characters(line)) {
    const width = widthOf(character);
    if (used + width > columns) return columns > 0 ? `${kept.trimEnd()}…` : '';
    used += width;
    if (used < columns) kept += character;
  }
  return line;
}

/** A line, no wider than so many columns, filled up with spaces. */
export function padded(line: string, columns: number, align: Align = null): string {
  const space = Math.max(0, columns - widthOf(line));
  const before = align === 'right' ? space : align === 'center' ? Math.floor(space / 2) : 0;
  return ' '.repeat(before) + line + ' '.repeat(space - before);
}
