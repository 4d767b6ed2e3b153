import {isSingleWidth} from '../../format/width.js';
import {eraseRows} from './erase-rows.js';
import {lastRows, type Row, solid, solidLength, toRows, unstyled, withoutStart} from './rows.js';

/** The members of a terminal's stdout that are used. */
export interface LiveTerminal {
  write(text: string): unknown;
  columns?: number;
  rows?: number;
}

/**
 * Rows at the bottom of a terminal that can be drawn again, below committed lines. The rows are broken here rather than
 * by the terminal, so that their number is known even if the terminal draws an emoji wider. The terminal breaks
 * committed lines. The cursor stays on an empty row below, so that no cleanup is needed if the program is killed. The
 * rows and the cursor take at most one row less than the screen has.
 */
export class LiveRows {
  readonly #terminal: LiveTerminal;
  #drawn: Row[] = [];
  /** Whether only the last of the pending rows fit on the screen. */
  #isCut = false;
  #columns = 0;
  /** The solid text that scrolled off the screen when the terminal became narrower, and cannot be erased. */
  #scrolledOff = '';

  constructor(terminal: LiveTerminal) {
    this.#terminal = terminal;
  }

  /** In columns. */
  get width(): number {
    return this.#terminal.columns || 80;
  }

  /** Writes committed lines and, below them, pending lines that replace those of the last call. */
  draw(committed: string, pending: string): void {
    const columns = this.width;
    const height = this.#terminal.rows || 24;
    const mayHaveMoved = this.#followResize(columns, height);
    const [lines, rest] = this.#withoutScrolledOff(committed, pending);
    const {rows, isCut} = lastRows(rest, columns, Math.max(0, height - 2));
    const wanted = [...lines.map((text) => ({text, endsLine: true})), ...rows];
    const unchanged = mayHaveMoved ? 0 : unchangedRows(this.#drawn, wanted, lines.length);
    const erased = this.#drawn.length - unchanged;
    if (erased > 0 || wanted.length > unchanged || (rows.length === 0 && this.#drawn.length > 0))
      this.#terminal.write(
        frame({
          // Also erases ^C, which the terminal shows at the cursor.
          erase: this.#drawn.length === 0 ? '' : eraseRows(erased),
          committed: joinLines(lines.slice(unchanged)),
          pending: joinLines(rows.slice(Math.max(0, unchanged - lines.length)).map(({text}) => text)),
        }),
      );
    this.#drawn = rows;
    this.#isCut = isCut;
    this.#columns = columns;
  }

  /**
   * A terminal that became narrower has broken the rows again, and those that no longer fit have scrolled off the screen.
   * @returns whether the rows may have moved
   */
  #followResize(columns: number, height: number): boolean {
    const rows = columns < this.#columns ? this.#drawn.flatMap((row) => breakAgain(row, columns)) : this.#drawn;
    const lost = Math.max(0, rows.length - (height - 1));
    if (lost > 0) {
      const text = rows.slice(0, lost).map((row) => solid(row.text));
      this.#scrolledOff = this.#isCut ? '' : this.#scrolledOff + text.join('');
    }
    this.#drawn = rows.slice(lost);
    return lost > 0 || columns !== this.#columns;
  }

  /** The lines to draw: without those that scrolled off, or all of them if these have changed. */
  #withoutScrolledOff(committed: string, pending: string): [committed: string[], pending: string[]] {
    const scrolledOff = this.#scrolledOff;
    if (scrolledOff === '') return [splitLines(committed), splitLines(pending)];
    const solidCommitted = solid(committed);
    if (!(solidCommitted + solid(pending)).startsWith(scrolledOff)) {
      this.#scrolledOff = '';
      return [splitLines(committed), splitLines(pending)];
    }
    this.#scrolledOff = scrolledOff.slice(solidCommitted.length);
    return [
      splitLines(withoutSolid(committed, Math.min(scrolledOff.length, solidCommitted.length))),
      splitLines(withoutSolid(pending, this.#scrolledOff.length)),
    ];
  }
}

/** A rendered text without its first `count` solid characters. */
const withoutSolid = (text: string, count: number): string => withoutStart(text, solidLength(unstyled(text), count));

interface Frame {
  erase: string;
  committed: string;
  pending: string;
}

/** One frame. The terminal shows it at once (synchronized output) and does not break the pending rows again. */
function frame({erase, committed, pending}: Frame): string {
  if (erase === '' && pending === '') return committed;
  const rows = pending === '' ? '' : `\u001b[?7l${pending}\u001b[?7h`;
  return `\u001b[?2026h${erase}${committed}${rows}\u001b[?2026l`;
}

/**
 * The number of rows at the top that need not be drawn again. A pending row is cut off if the terminal draws an emoji wider, so
 * that it must be drawn again once it is committed.
 */
function unchangedRows(drawn: readonly Row[], wanted: readonly Row[], committedCount: number): number {
  const different = drawn.findIndex(
    ({text}, index) => text !== wanted[index]?.text || (index < committedCount && !isSingleWidth(unstyled(text))),
  );
  return different === -1 ? drawn.length : different;
}

const breakAgain = ({text, endsLine}: Row, columns: number): Row[] =>
  toRows([text], columns).map((row) => ({text: row.text, endsLine: row.endsLine && endsLine}));

const splitLines = (text: string): string[] => (text === '' ? [] : text.split('\n').slice(0, -1));
const joinLines = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
