import {widthOf} from '../../format/width.js';
import {breakable} from '../../terminal/rows/line-breaks.js';
import {unstyled} from '../../terminal/rows/rows.js';
import type {Align} from '../../terminal/rows/truncate.js';
import type {Wrap} from '../wrap.js';

export interface Table {
  /** Rendered cells of one or several lines. */
  header: readonly string[];
  rows: readonly (readonly string[])[];
  align: readonly Align[];
}

/** How a table is drawn: with lines between its cells, or, if these would be too narrow, each row as a list of its cells. */
export type TableLayout = {form: 'records'} | BoxLayout;

export interface BoxLayout {
  form: 'box';
  /** In columns, without the blanks at both sides. */
  widths: readonly number[];
  align: readonly Align[];
  /** Whether there is a line between two rows, because some cells have several lines. */
  isRuled: boolean;
}

export interface TableOptions {
  /** Of the terminal, in columns. */
  width: number;
  wrap: Wrap;
  /** Whether tables have lines between their cells, which screen readers would read. */
  hasBoxes: boolean;
}

/**
 * So many rows decide about the layout. Later ones are wrapped to the same widths, because what is printed cannot change: a
 * long table is printed while it arrives.
 */
export const sampleSize = 20;

/** Columns whose cells are wrapped are not narrower than this. */
const minWrappedWidth = 10;
/** Cells with more lines than this are hard to read next to others. */
const maxHeight = 15;
/** Longer cells are not measured, which takes a while: no terminal is as wide. */
const maxCellLength = 2000;
/** Additional width of the columns of a long table, for larger numbers and longer words in later rows. */
const spare = {number: 3, text: 4};

export function layOutTable(
  table: Table,
  {width, wrap, hasBoxes, isOpen}: TableOptions & {isOpen: boolean},
): TableLayout {
  const sample = table.rows.slice(0, sampleSize);
  const isLong = isOpen || table.rows.length > sampleSize;
  const columns = table.header.map((name, index) =>
    columnOf([name, ...sample.map((row) => row[index] ?? '')], table.align[index] ?? null),
  );
  const available = width - (3 * columns.length + 1);
  const widths = hasBoxes ? columnWidths(columns, available, wrap) : undefined;
  if (!widths) return {form: 'records'};
  const isWrapped = columns.some(({natural, isTall}, index) => isTall || natural > (widths[index] ?? 0));
  return {
    form: 'box',
    widths: isLong ? withSpare(columns, widths, available) : widths,
    align: columns.map(({align}) => align),
    isRuled: isWrapped,
  };
}

interface Column {
  /** The width of the widest line. */
  natural: number;
  /** The width of the widest word. */
  word: number;
  align: Align;
  isNumeric: boolean;
  /** Whether a cell has several lines. */
  isTall: boolean;
}

function columnOf([name = '', ...cells]: readonly string[], align: Align): Column {
  const isNumeric = isNumberColumn(cells);
  const lines = [name, ...cells].flatMap((cell) => cell.split('\n'));
  return {
    natural: Math.max(1, widest(lines, lineWidth)),
    word: Math.max(1, widest(lines, isNumeric ? lineWidth : wordWidth)),
    align: align ?? (isNumeric ? 'right' : null),
    isNumeric,
    isTall: lines.length > cells.length + 1,
  };
}

const widest = (lines: readonly string[], width: (line: string) => number): number =>
  lines.reduce((most, line) => Math.max(most, width(line)), 0);

const lineWidth = (line: string): number => (line.length > maxCellLength ? Infinity : widthOf(line));

function wordWidth(line: string): number {
  if (line.length > maxCellLength) return Infinity;
  let most = 0;
  for (const part of breakable(unstyled(line))) most = Math.max(most, widthOf(part.trim()));
  return most;
}

/** Whether there are numbers in a column, and nothing else: perhaps with a sign, a currency, a unit or a percent sign. */
function isNumberColumn(cells: readonly string[]): boolean {
  const texts = cells
    .map((cell) => (cell.length > 60 ? cell : unstyled(cell).trim()))
    .filter((text) => !isMissing.test(text));
  return texts.length > 0 && texts.every((text) => text.length <= 60 && isNumber.test(text));
}

const isMissing = /^(?:[-–—]?|n\/?a)$/i;
const isNumber =
  /^[-+−–~≈<>]?\s?\p{Sc}?\d[\d.,'’\u00A0\u202F ]*(?:e[-+]?\d+)?(?:\s?(?:[%‰°]\p{L}?|\p{Sc}|\p{L}{1,3}(?:\/\p{L}{1,2})?))?$/iu;

/** @returns undefined if the columns would be too narrow */
function columnWidths(columns: readonly Column[], available: number, wrap: Wrap): number[] | undefined {
  const natural = columns.map((column) => column.natural);
  if (sum(natural) <= available) return natural;
  const least = columns.map(({natural, word}) => Math.max(word, Math.min(natural, minWrappedWidth)));
  if (wrap === 'none' || sum(least) > available) return undefined;
  const widths = shareOut(least, natural, available);
  return widths.some((width, index) => (natural[index] ?? 0) > width * maxHeight) ? undefined : widths;
}

/** Widths between the least and the natural ones: all columns that are not as wide as they could be are about equally wide. */
function shareOut(least: readonly number[], natural: readonly number[], available: number): number[] {
  const at = (level: number) => least.map((width, index) => Math.max(width, Math.min(level, natural[index] ?? 0)));
  let level = 0;
  while (sum(at(level + 1)) <= available) level += 1;
  const widths = at(level);
  let left = available - sum(widths);
  for (const [index, width] of widths.entries()) {
    if (left === 0 || width !== level || width >= (natural[index] ?? 0)) continue;
    widths[index] = width + 1;
    left -= 1;
  }
  return widths;
}

function withSpare(columns: readonly Column[], widths: readonly number[], available: number): number[] {
  let left = available - sum(widths);
  return widths.map((width, index) => {
    const added = Math.min(left, columns[index]?.isNumeric ? spare.number : spare.text);
    left -= added;
    return width + added;
  });
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
