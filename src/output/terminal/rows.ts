import {segmentsOf} from '../format/graphemes.js';
import {isPlain, widthOf} from '../format/width.js';

/** One row of the screen. */
export interface Row {
  text: string;
  /** False where the line goes on in the next row. */
  endsLine: boolean;
}

/** Lines as a terminal of so many columns breaks them, by the width of what is seen. Tabs become spaces. */
export function toRows(lines: readonly string[], columns: number): Row[] {
  return lines.flatMap((line) => {
    const rows = breakLine(line, columns);
    return rows.map((text, index) => ({text, endsLine: index === rows.length - 1}));
  });
}

/** The last rows of the lines; `isCut` if these are not all. */
export function lastRows(lines: readonly string[], columns: number, most: number): {rows: Row[]; isCut: boolean} {
  const rows: Row[] = [];
  let first = lines.length;
  while (first > 0 && rows.length < most) {
    first -= 1;
    rows.unshift(...toRows([lines[first] ?? ''], columns));
  }
  const excess = Math.max(0, rows.length - most);
  return {rows: rows.slice(excess), isCut: first > 0 || excess > 0};
}

/** A rendered text without its styles. */
export const unstyled = (text: string): string => text.replaceAll(style, '');

/** A rendered text without its first characters, so many of those that are seen; the rest keeps its styles. */
export function withoutStart(text: string, length: number): string {
  let left = length;
  let open = '';
  let rest = '';
  for (const [piece] of text.matchAll(pieces)) {
    if (rest !== '') rest += piece;
    else if (piece.startsWith('\u001b')) open += piece;
    else if (piece.length > left) rest = open + piece.slice(left);
    else {
      left -= piece.length;
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
  let used = 0;
  for (const [piece] of line.matchAll(pieces)) {
    if (piece.startsWith('\u001b')) {
      open.add(piece);
      row += piece;
      continue;
    }
    for (const character of characters(piece)) {
      const width = character === '\t' ? 8 - (used % 8) : isAscii(character) ? 1 : widthOf(character);
      if (used + width > columns && used > 0) {
        rows.push(row + open.ends);
        row = open.starts;
        used = 0;
      }
      row += character === '\t' ? ' '.repeat(Math.min(width, columns)) : character;
      used += width;
    }
  }
  return [...rows, row];
}

export const isAscii = (text: string): boolean => /^[ -~]*$/.test(text);

/** The characters of a text as a reader counts them: an emoji or an accented letter is one. */
export function* characters(text: string): Generator<string> {
  if (isPlain(text)) yield* text;
  else yield* segmentsOf(text);
}

const style = /\u001b\[\d*m/g;
const pieces = /\u001b\[\d*m|\n|[^\u001b\n]+/g;

/** Which styles are on, among those that chalk writes. */
class OpenStyles {
  readonly #open = new Map<string, string>();

  add(sequence: string): void {
    const code = sequence.slice(2, -1);
    if (closings.has(code)) this.#open.delete(code);
    else {
      const closing = [...closings].find(([, opening]) => opening.test(code))?.[0] ?? '0';
      this.#open.set(closing, (this.#open.get(closing) ?? '') + sequence);
    }
  }

  get starts(): string {
    return [...this.#open.values()].join('');
  }

  get ends(): string {
    return [...this.#open.keys()].map((code) => `\u001b[${code}m`).join('');
  }
}

/** What ends bold and dim, italic, underline, strikethrough, colour. */
const closings = new Map([
  ['22', /^[12]$/],
  ['23', /^3$/],
  ['24', /^4$/],
  ['29', /^9$/],
  ['39', /^(?:3|9)\d$/],
]);
