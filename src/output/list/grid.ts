import {widthOf} from '../format/width.js';
import {pad, truncate} from '../terminal/rows/truncate.js';

export interface GridColumn {
  align?: 'right';
  /** Whether the column takes the remaining width and is truncated first. Default: only the last column is. */
  flex?: boolean;
  /** Whether the column is omitted before others are truncated or omitted. */
  isOptional?: boolean;
  /** Whether the column is truncated, if need be, before another one that is not optional is omitted. */
  isShrinkable?: boolean;
}

const gap = '  ';
/** Flexible columns are not made narrower than this before other columns are omitted. */
const minFlexWidth = 10;
/** Shrinkable columns are not made narrower than this. */
const minShrunkWidth = 20;
/** Extra width of flexible columns, if there is room, for wider rows that may follow. */
const spareWidth = 8;

/**
 * Aligns rows of cells so that no line is wider than the terminal. If the columns are too wide, the flexible ones are
 * truncated; if that is not enough, columns are omitted from the right, but never the first one.
 */
export class Grid {
  readonly #width: number;
  readonly #columns: (GridColumn & {index: number; isFlex: boolean; isShrunk?: boolean; width: number})[];

  /**
   * @param sample rows of sanitized cells that determine the widths of the columns
   * @param options.isWhole whether the sample is all rows
   */
  constructor(
    columns: readonly GridColumn[],
    sample: readonly (readonly string[])[],
    {width, isWhole}: {width: number; isWhole: boolean},
  ) {
    this.#width = width;
    const hasFlex = columns.some(({flex}) => flex);
    this.#columns = columns.map(({flex, ...column}, index) => ({
      ...column,
      index,
      isFlex: hasFlex ? flex === true : index === columns.length - 1,
      width: sample.reduce((widest, row) => Math.max(widest, widthOf(row[index] ?? '')), 0),
    }));
    for (const column of this.#columns) if (!column.isFlex) column.width = Math.min(column.width, this.#maxFixedWidth);
    while (this.#minWidth() > width && this.#omit(this.#columns.findLastIndex(({isOptional}) => isOptional))) continue;
    this.#shrink(this.#minWidth() - width);
    while (this.#minWidth() > width && this.#omitColumn()) continue;
    this.#fit(width, isWhole ? 0 : spareWidth);
  }

  /** Aligns a row. If its cells are wider than the sample's, the flexible columns make room. */
  line(cells: readonly string[]): string {
    const last = this.#columns.at(-1);
    const widths = this.#widthsFor(cells);
    const line = this.#columns.map((column, at) => {
      const cell = cells[column.index] ?? '';
      // The last column may use the rest of the line.
      if (column === last && column.align !== 'right') return cell;
      return pad(truncate(cell, widths[at] ?? 0), widths[at] ?? 0, column.align);
    });
    return truncate(line.join(gap).trimEnd(), this.#width);
  }

  /** Fixed columns are truncated only beyond this, so that one long value does not take all the room. */
  get #maxFixedWidth(): number {
    return Math.max(32, Math.floor(this.#width / 3));
  }

  get #gapsWidth(): number {
    return gap.length * (this.#columns.length - 1);
  }

  #minWidth(): number {
    return (
      sum(this.#columns.map(({isFlex, width}) => (isFlex ? Math.min(width, minFlexWidth) : width))) + this.#gapsWidth
    );
  }

  /** @returns whether a column could be omitted */
  #omitColumn(): boolean {
    const fixed = this.#columns.findLastIndex(({isFlex}) => !isFlex);
    const flexes = this.#columns.filter(({isFlex}) => isFlex);
    return this.#omit(fixed > 0 ? fixed : flexes.length > 1 ? this.#columns.findLastIndex(({isFlex}) => isFlex) : 0);
  }

  /** @returns whether the column could be omitted */
  #omit(at: number): boolean {
    if (at > 0) this.#columns.splice(at, 1);
    return at > 0;
  }

  /** Truncates a column if that is enough. */
  #shrink(excess: number): void {
    const column = this.#columns.find(({isShrinkable}) => isShrinkable);
    if (column && excess > 0 && column.width - excess >= minShrunkWidth)
      Object.assign(column, {width: column.width - excess, isShrunk: true});
  }

  #fit(width: number, spareWidth: number): void {
    const flexes = this.#columns.filter(({isFlex}) => isFlex);
    const fixed = sum(this.#columns.map((column) => (column.isFlex ? 0 : column.width)));
    const shares = shareOut(
      flexes.map((column) => column.width + spareWidth),
      width - fixed - this.#gapsWidth,
    );
    for (const [at, column] of flexes.entries()) column.width = shares[at] ?? 0;
  }

  #widthsFor(cells: readonly string[]): number[] {
    const wanted = this.#columns.map(({index, isFlex, isShrunk, width}) =>
      isFlex || isShrunk ? width : Math.max(width, Math.min(widthOf(cells[index] ?? ''), this.#maxFixedWidth)),
    );
    const excess = sum(wanted) - sum(this.#columns.map(({width}) => width));
    if (excess === 0) return wanted;
    const flexes = this.#columns.filter(({isFlex}) => isFlex).map(({width}) => width);
    const shares = shareOut(flexes, sum(flexes) - excess);
    return this.#columns.map(({isFlex}, at) => (isFlex ? (shares.shift() ?? 0) : (wanted[at] ?? 0)));
  }
}

/** Distributes a width: small demands are met, and the others share the rest equally. */
function shareOut(wanted: readonly number[], available: number): number[] {
  const shares = wanted.map(() => 0);
  let left = Math.max(0, available);
  let remaining = wanted.length;
  for (const [at, demand] of [...wanted.entries()].toSorted(([, a], [, b]) => a - b)) {
    shares[at] = Math.min(demand, Math.floor(left / remaining));
    left -= shares[at];
    remaining -= 1;
  }
  return shares;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
