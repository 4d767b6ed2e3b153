import {widthOf} from '../../format/width.js';
import {characters, isAscii} from './rows.js';

export type Align = 'left' | 'right' | 'center' | null;

/** Truncates a line with `…` so that it fits into a number of columns. It must be sanitized and without styles. */
export function truncate(line: string, columns: number): string {
  if (line.length <= columns && isAscii(line)) return line;
  let start = '';
  let width = 0;
  for (const character of characters(line)) {
    const characterWidth = widthOf(character);
    if (width + characterWidth > columns) return columns > 0 ? `${start.trimEnd()}…` : '';
    width += characterWidth;
    if (width < columns) start += character;
  }
  return line;
}

/** Fills a line up with spaces to a number of columns. */
export function pad(line: string, columns: number, align: Align = null): string {
  const space = Math.max(0, columns - widthOf(line));
  const before = align === 'right' ? space : align === 'center' ? Math.floor(space / 2) : 0;
  return ' '.repeat(before) + line + ' '.repeat(space - before);
}
