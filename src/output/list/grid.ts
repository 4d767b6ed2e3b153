import {widthOf} from '../format/width.js';
import {cut, padded} from '../terminal/truncate.js';

export interface GridColumn {
  align?: 'right';
  /** Whether it is cut first. If no column says so, the last one is. */
  flex?: boolean;
}

const gap = '  ';
/** What a column that can be cut keeps before others are left out for it. */
const least = 10;
/** How much more such a column gets, if there is room, for rows to come that are wider. */
const spare = 8;

/**
 * Rows of cells as lines, their columns aligned, no line wider than the terminal. Where the columns are too wide, those that
 * can be cut are cut; where even that is not enough, those on the right are left out, the first one never.
 */
export class Grid {
  readonly #width: number;
  readonly #columns: {index: number; align?: 'right'; isFlex: boolean; width: number}[];

  /**
   * @param sample rows of cleaned cells from whose widths those of the columns are found
   * @param options.isWhole whether there will be no others
   */
  constructor(
    columns: readonly GridColumn[],
    sample: readonly (readonly string[])[],
    {width, isWhole}: {width: number; isWhole: boolean},
  ) {
    this.#width = width;
    const hasFlex = columns.some(({flex}) => flex);
    this.#columns = columns.map(({align, flex}, index) => ({
      index,
      align,
      isFlex: hasFlex ? flex === true : index === columns.length - 1,
      width: sample.reduce((widest, row) => Math.max(widest, widthOf(row[index] ?? '')), 0),
    }));
    for (const column of this.#columns) if (!column.isFlex) column.width = Math.min(column.width, this.#most);
    while (this.#leastWidth() > width && this.#drop()) continue;
    this.#fit(width, isWhole ? 0 : spare);
  }

  /** A row, which may be wider than those of the sample: then its cells that can be cut make room for the others. */
  line(cells: readonly string[]): string {
    const last = this.#columns.at(-1);
    const widths = this.#widthsFor(cells);
    const line = this.#columns.map((column, at) => {
      const cell = cells[column.index] ?? '';
      // What is to the right of the last column is free.
      if (column === last && column.align !== 'right') return cell;
      return padded(cut(cell, widths[at] ?? 0), widths[at] ?? 0, column.align);
    });
    return cut(line.join(gap).trimEnd(), this.#width);
  }

  /** A column that is not to be cut is, when one value would take the room of all others. */
  get #most(): number {
    return Math.max(32, Math.floor(this.#width / 3));
  }

  get #gaps(): number {
    return gap.length * (this.#columns.length - 1);
  }

  #leastWidth(): number {
    return sum(this.#columns.map(({isFlex, width}) => (isFlex ? Math.min(width, least) : width))) + this.#gaps;
  }

  /** @returns whether a column could be left out */
  #drop(): boolean {
    const fixed = this.#columns.findLastIndex(({isFlex}) => !isFlex);
    const flexes = this.#columns.filter(({isFlex}) => isFlex);
    const at = fixed > 0 ? fixed : flexes.length > 1 ? this.#columns.findLastIndex(({isFlex}) => isFlex) : 0;
    if (at > 0) this.#columns.splice(at, 1);
    return at > 0;
  }

  #fit(width: number, spare: number): void {
    const flexes = this.#columns.filter(({isFlex}) => isFlex);
    const fixed = sum(this.#columns.map((column) => (column.isFlex ? 0 : column.width)));
    const shares = shareOut(
      flexes.map((column) => column.width + spare),
      width - fixed - this.#gaps,
    );
    for (const [at, column] of flexes.entries()) column.width = shares[at] ?? 0;
  }

  #widthsFor(cells: readonly string[]): number[] {
    const wanted = this.#columns.map(({index, isFlex, width}) =>
      isFlex ? width : Math.max(width, Math.min(widthOf(cells[index] ?? ''), this.#most)),
    );
    const excess = sum(wanted) - sum(this.#columns.map(({width}) => width));
    if (excess === 0) return wanted;
    const flexes = this.#columns.filter(({isFlex}) => isFlex).map(({width}) => width);
    const shares = shareOut(flexes, sum(flexes) - excess);
    return this.#columns.map(({isFlex}, at) => (isFlex ? (shares.shift() ?? 0) : (wanted[at] ?? 0)));
  }
}

/** Gives each what it wants, and where that is more than there is, the greedy ones the same. */
function shareOut(wanted: readonly number[], available: number): number[] {
  const shares = wanted.map(() => 0);
  let left = Math.max(0, available);
  let waiting = wanted.length;
  for (const [at, wish] of [...wanted.entries()].toSorted(([, a], [, b]) => a - b)) {
    shares[at] = Math.min(wish, Math.floor(left / waiting));
    left -= shares[at];
    waiting -= 1;
  }
  return shares;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
