import {graphemes} from '../../format/graphemes.js';
import {isSingleWidth, widthOf} from '../../format/width.js';
import {OpenStyles} from '../styles.js';

/** One row of the screen. */
export interface Row {
  text: string;
  /** False if the line continues in the next row. */
  endsLine: boolean;
}

/** Breaks rendered lines into rows like a terminal of that width. Tabs become spaces. */
export function toRows(lines: readonly string[], columns: number): Row[] {
  return lines.flatMap((line) => {
    const rows = breakLine(line, columns);
    return rows.map((text, index) => ({text, endsLine: index === rows.length - 1}));
  });
}

/** The last rows of the lines, at most `max`; `isCut` if there are more. */
export function lastRows(lines: readonly string[], columns: number, max: number): {rows: Row[]; isCut: boolean} {
  const parts: Row[][] = [];
  let count = 0;
  let first = lines.length;
  while (first > 0 && count < max) {
    first -= 1;
    const rows = toRows([lines[first] ?? ''], columns);
    parts.push(rows);
    count += rows.length;
  }
  const rows = parts.toReversed().flat();
  const excess = Math.max(0, rows.length - max);
  return {rows: rows.slice(excess), isCut: first > 0 || excess > 0};
}

/** A rendered text without its styles. */
export const unstyled = (text: string): string => text.replaceAll(style, '');

/** The characters of a rendered text that are not blank. They stay the same when it is wrapped at another width. */
export const solid = (text: string): string => unstyled(text).replaceAll(/\s/g, '');

/** The length of the start of a text with `count` solid characters, and of the blanks and the line end after it. */
export function solidLength(text: string, count: number): number {
  let left = count;
  let at = 0;
  while (left > 0 && at < text.length) {
    if (text.charAt(at).trim() !== '') left -= 1;
    at += 1;
  }
  return count === 0 ? 0 : at + (/^[ \t]*\n?/.exec(text.slice(at, at + 100))?.[0].length ?? 0);
}

/** A rendered text without its first `length` visible characters. The rest keeps its styles. */
export function withoutStart(text: string, length: number): string {
  let toSkip = length;
  let open = '';
  let rest = '';
  for (const [piece] of text.matchAll(pieces)) {
    if (rest !== '') rest += piece;
    else if (piece.startsWith('\u001b')) open += piece;
    else if (piece.length > toSkip) rest = open + piece.slice(toSkip);
    else {
      toSkip -= piece.length;
      if (piece.includes('\n')) open = '';
    }
  }
  return rest;
}

function breakLine(line: string, columns: number): string[] {
  if (line.length <= columns && isAscii(line)) return [line];
  const rows: string[] = [];
  const open = new OpenStyles();
  let row = '';
  let rowWidth = 0;
  for (const [piece] of line.matchAll(pieces)) {
    if (piece.startsWith('\u001b')) {
      open.add(piece);
      row += piece;
      continue;
    }
    for (const character of characters(piece)) {
      const width = character === '\t' ? 8 - (rowWidth % 8) : isAscii(character) ? 1 : widthOf(character);
      if (rowWidth + width > columns && rowWidth > 0) {
        rows.push(row + open.ends);
        row = open.starts;
        rowWidth = 0;
      }
      row += character === '\t' ? ' '.repeat(Math.min(width, columns)) : character;
      rowWidth += width;
    }
  }
  return [...rows, row];
}

export const isAscii = (text: string): boolean => /^[ -~]*$/.test(text);

/** The characters of a text as users count them: an emoji or an accented letter is one. */
export function* characters(text: string): Generator<string> {
  if (isSingleWidth(text)) yield* text;
  else yield* graphemes(text);
}

const style = /\u001b\[\d*m/g;
const pieces = /\u001b\[\d*m|\n|[^\u001b\n]+/g;
