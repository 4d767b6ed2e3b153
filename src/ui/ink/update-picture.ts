import {isSingleWidth} from '../../output/format/width.js';
import {unstyled} from '../../output/terminal/rows/rows.js';
import {Pen} from '../screen/pen.js';
import type {Picture} from '../screen/reflow.js';

interface UpdateOptions {
  /** Complete lines to write above the picture, or ''. */
  printed: string;
  columns: number;
  /** The rows of the terminal. */
  height: number;
  /** Whether the rows above the caret are joined. Those below it always are. */
  isJoined: boolean;
}

/**
 * To print lines, the cursor moves up by fewer rows than this, so that a terminal that becomes smaller at the same moment, which
 * poe does not know yet, shows everything.
 */
const safeHeight = 13;

/** For more lines, the moves around them would take more than the whole picture does. */
const maxPrintedRows = 200;

/**
 * Turns one picture into another by writing only what differs. The terminal itself moves the rows below: it deletes and inserts
 * rows, so that they need not be written again.
 * @returns undefined if the whole picture must be drawn
 */
export function updatePicture(before: Picture, after: Picture, options: UpdateOptions): string | undefined {
  let lines = toLines(options.printed, options.columns);
  // The rows below the caret must stay as many.
  if (!lines || countRows(lines) > maxPrintedRows || countBelow(after) !== countBelow(before)) return undefined;
  const mostRows = Math.min(options.height, safeHeight) - 1;
  const pen = new Pen(before.caret.y);
  let picture = before;
  // The last lines are written together with the new rows, if there is room for both.
  while (lines.length > 0 && countRows(lines) > mostRows - Math.max(picture.rows.length, after.rows.length)) {
    const smallest = keptRows(before, after);
    const count = countFitting(lines, mostRows - smallest.rows.length);
    const part = lines.slice(0, count);
    if (count === 0 || !update(pen, picture, smallest, part, options)) return undefined;
    pen.startAt(countRows(part));
    picture = smallest;
    lines = lines.slice(count);
  }
  if (!update(pen, picture, after, lines, options)) return undefined;
  return pen.toRow(countRows(lines) + after.caret.y).toColumn(after.caret.x).text;
}

const countBelow = ({rows, caret}: Picture): number => rows.length - caret.y;

/** The rows of a picture that are the same in the next one, around the caret. */
function keptRows({rows, caret}: Picture, after: Picture): Picture {
  const count = countEqualEnd(rows.slice(0, caret.y), after.rows.slice(0, after.caret.y));
  return {rows: rows.slice(caret.y - count), caret: {x: caret.x, y: count}};
}

/** Writes lines above a picture and turns it into another one. @returns whether that is possible */
function update(pen: Pen, before: Picture, after: Picture, lines: readonly Line[], options: UpdateOptions): boolean {
  const change = findChange(before, after, lines, options);
  if (!change) return false;
  replaceRows(pen, before, change, options);
  const rewrite = (row: number, old: string | undefined, text: string | undefined) => {
    if (old !== text) rewriteRow(pen.toRow(row), old ?? '', text ?? '', options.columns);
  };
  for (const [row, text] of change.kept.entries()) rewrite(row, before.rows[row], text);
  const caretRow = countRows(lines) + after.caret.y;
  for (const [row, text] of after.rows.slice(after.caret.y).entries())
    rewrite(caretRow + row, before.rows[before.caret.y + row], text);
  return true;
}

/** What changes above the caret. */
interface Change {
  /** The rows at the top that stay, although their text may change. */
  kept: readonly string[];
  /** The rows below these that are deleted, and inserted in their place. */
  deleted: number;
  inserted: number;
  lines: readonly Line[];
  rows: readonly string[];
  /** The row below these, which stays. */
  next: string;
}

/** @returns undefined if that cannot be changed without drawing everything */
function findChange(
  before: Picture,
  after: Picture,
  lines: readonly Line[],
  {isJoined, height}: UpdateOptions,
): Change | undefined {
  const [old, rows] = [before.rows.slice(0, before.caret.y), after.rows.slice(0, after.caret.y)];
  const wanted: readonly Line[] = [...lines, ...rows.map((text) => ({text, rows: 1}))];
  const isInPlace = lines.length === 0 && rows.length === old.length;
  // A joined row cannot become a line of the scrollback.
  const keptCount = isInPlace ? old.length : isJoined && lines.length > 0 ? 0 : countExtended(old, wanted);
  const from = Math.max(0, keptCount - lines.length);
  const keptBelow = countEqualEnd(old.slice(keptCount), rows.slice(from));
  const to = rows.length - keptBelow;
  const newLines = lines.slice(keptCount);
  const deleted = old.length - keptCount - keptBelow;
  const inserted = countRows(newLines) + to - from;
  // Otherwise the first row would stay joined to one that was deleted. The newline of a line ends that.
  const isSeparate = !isJoined || deleted === 0 || keptCount > 0 || to > from || newLines.length > 0;
  const staysOnScreen = before.rows.length + Math.max(0, inserted - deleted) < height;
  if (!isSeparate || !staysOnScreen) return undefined;
  const kept = wanted.slice(0, keptCount).map(({text}) => text);
  return {kept, deleted, inserted, lines: newLines, rows: rows.slice(from, to), next: after.rows[to] ?? ''};
}

function replaceRows(pen: Pen, before: Picture, change: Change, {isJoined}: UpdateOptions): void {
  const {kept, deleted, inserted, lines, rows, next} = change;
  if (deleted + inserted === 0) return;
  // Makes room below the picture, at the bottom of the screen by scrolling.
  if (inserted > deleted) pen.toRow(before.rows.length - 1 + inserted - deleted);
  pen.toRow(kept.length);
  if (deleted > 0) pen.control(`\u001b[${deleted}M`);
  if (inserted > 0) pen.control(`\u001b[${inserted}L`);
  if (lines.length > 0) pen.writeLines(lines.map(({text}) => `${text}\n`).join(''), countRows(lines));
  if (isJoined && rows.length > 0 && kept.length > 0) pen.toRow(kept.length - 1).join();
  for (const [index, row] of rows.entries()) {
    if (index > 0 && !isJoined) pen.nextRow();
    pen.write(row);
    if (isJoined) pen.join();
  }
  // Joining has written a space to it.
  if (isJoined && rows.length > 0) pen.write(next);
}

/** Text is only added, if possible. Otherwise the row is erased, but not up to its end, where it may be joined to the next one. */
function rewriteRow(pen: Pen, before: string, after: string, columns: number): void {
  const old = unstyled(before);
  if (old !== '' && after.startsWith(before) && isSingleWidth(old))
    pen.toColumn(old.length).write(after.slice(before.length));
  else pen.control(`\u001b[${columns - 1}X`).write(after);
}

interface Line {
  text: string;
  /** How many rows it takes. */
  rows: number;
}

/** Printed lines; undefined if it is not certain how many rows the terminal makes of them. */
function toLines(printed: string, columns: number): Line[] | undefined {
  if (printed === '') return [];
  if (!printed.endsWith('\n')) return undefined;
  const lines = printed
    .slice(0, -1)
    .split('\n')
    .map((text) => ({text, rows: rowsOf(unstyled(text), columns)}));
  return lines.every((line): line is Line => line.rows !== undefined) ? lines : undefined;
}

function rowsOf(text: string, columns: number): number | undefined {
  if (isSingleWidth(text)) return Math.max(1, Math.ceil(text.length / columns));
  // Terminals draw some characters wider than others do, but none wider than two columns.
  return !/[\t\u001b]/.test(text) && text.length * 2 <= columns ? 1 : undefined;
}

/** How many lines at the start take so many rows at most. */
function countFitting(lines: readonly Line[], room: number): number {
  let rows = 0;
  const first = lines.findIndex((line) => (rows += line.rows) > room);
  return first === -1 ? lines.length : first;
}

const countRows = (lines: readonly Line[]): number => lines.reduce((sum, {rows}) => sum + rows, 0);

/** How many rows at the start stay, or only get longer. */
function countExtended(old: readonly string[], wanted: readonly Line[]): number {
  const different = old.findIndex((text, index) => {
    const line = wanted[index];
    return line?.rows !== 1 || !line.text.startsWith(text);
  });
  return different === -1 ? old.length : different;
}

/** How many rows at the end of two lists are equal. */
function countEqualEnd(one: readonly string[], other: readonly string[]): number {
  let count = 0;
  while (count < one.length && count < other.length && one.at(-1 - count) === other.at(-1 - count)) count += 1;
  return count;
}
