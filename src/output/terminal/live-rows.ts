import {type Row, lastRows, toRows, unstyled, withoutStart} from './rows.js';

/** What a reply is drawn on. */
export interface LiveTerminal {
  write(text: string): unknown;
  columns?: number;
  rows?: number;
  on?(event: 'resize', listener: () => void): unknown;
  off?(event: 'resize', listener: () => void): unknown;
}

/**
 * A few lines at the bottom of a terminal that can be drawn again, below lines that stand for good. Each of its rows is broken
 * by itself, so that the number of rows is known whatever the terminal takes for the width of an emoji; lines that stand for
 * good are left for the terminal to break. The cursor waits on an empty row below, so that nothing is to be tidied up when the
 * program dies, and frame and cursor together are one row lower than the screen at least.
 */
export class Frame {
  readonly #terminal: LiveTerminal;
  #drawn: Row[] = [];
  /** Whether the frame did not fit and shows its end only. */
  #isCut = false;
  #columns = 0;
  /** What a narrowing of the terminal pushed out of reach, of the text that was to be drawn again. */
  #gone = '';

  constructor(terminal: LiveTerminal) {
    this.#terminal = terminal;
  }

  get columns(): number {
    return this.#terminal.columns || 80;
  }

  /** Puts lines for good and, below them, lines that can be drawn again in the place of those that could. */
  draw(settled: string, live: string): void {
    const {columns} = this;
    const height = this.#terminal.rows || 24;
    const hasMoved = this.#followResize(columns, height);
    const [lines, rest] = this.#withoutGone(settled, live);
    const {rows, isCut} = lastRows(rest, columns, Math.max(0, height - 2));
    const wanted = [...lines.map((text) => ({text, endsLine: true})), ...rows];
    const kept = hasMoved ? 0 : sameRows(this.#drawn, wanted);
    const erased = this.#drawn.length - kept;
    if (erased > 0 || wanted.length > kept || (rows.length === 0 && this.#drawn.length > 0))
      this.#terminal.write(
        painted({
          // The terminal shows ^C where the cursor is: the last time, that goes too.
          erase: this.#drawn.length === 0 ? '' : `\r${erased > 0 ? `\u001b[${erased}A` : ''}\u001b[J`,
          settled: linesOf(lines.slice(kept)),
          live: linesOf(rows.slice(Math.max(0, kept - lines.length)).map(({text}) => text)),
        }),
      );
    this.#drawn = rows;
    this.#isCut = isCut;
    this.#columns = columns;
  }

  /**
   * A terminal that was made narrower has broken the rows anew. Those that no longer fit on the screen are out of reach.
   * @returns whether the rows may have moved
   */
  #followResize(columns: number, height: number): boolean {
    const rows = columns < this.#columns ? this.#drawn.flatMap((row) => brokenAgain(row, columns)) : this.#drawn;
    const lost = Math.max(0, rows.length - (height - 1));
    if (lost > 0) {
      const text = rows.slice(0, lost).map(({text, endsLine}) => unstyled(text) + (endsLine ? '\n' : ''));
      this.#gone = this.#isCut ? '' : this.#gone + text.join('');
    }
    this.#drawn = rows.slice(lost);
    return lost > 0 || columns !== this.#columns;
  }

  /** The lines to draw, without those that are out of reach already; all of them if these have changed since. */
  #withoutGone(settled: string, live: string): [settled: string[], live: string[]] {
    const gone = this.#gone;
    if (gone === '') return [toLines(settled), toLines(live)];
    const seen = unstyled(settled);
    if (!(seen + unstyled(live)).startsWith(gone)) {
      this.#gone = '';
      return [toLines(settled), toLines(live)];
    }
    this.#gone = gone.slice(seen.length);
    return [toLines(withoutStart(settled, gone.length)), toLines(withoutStart(live, this.#gone.length))];
  }
}

interface Paint {
  erase: string;
  settled: string;
  live: string;
}

/** One picture: the terminal shows it as a whole, and does not break the live rows a second time. */
function painted({erase, settled, live}: Paint): string {
  if (erase === '' && live === '') return settled;
  const rows = live === '' ? '' : `\u001b[?7l${live}\u001b[?7h`;
  return `\u001b[?2026h${erase}${settled}${rows}\u001b[?2026l`;
}

/** How many of the rows that stand there can stay. */
function sameRows(drawn: readonly Row[], wanted: readonly Row[]): number {
  const different = drawn.findIndex(({text}, index) => text !== wanted[index]?.text);
  return different === -1 ? drawn.length : different;
}

const brokenAgain = ({text, endsLine}: Row, columns: number): Row[] =>
  toRows([text], columns).map((row) => ({text: row.text, endsLine: row.endsLine && endsLine}));

const toLines = (text: string): string[] => (text === '' ? [] : text.split('\n').slice(0, -1));
const linesOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
