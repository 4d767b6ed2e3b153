import type {Rows} from './frame.js';
import type {ChatTerminal} from './host.js';
import {type Reflow, rowsAbove} from './reflow.js';
import type {Bottom} from './terminal.js';

/** The bottom of the terminal until Ink draws it, which is dear to load: the same rows, written plainly. */
export class FirstFrame implements Pick<Bottom, 'update' | 'close'> {
  readonly #stdout: ChatTerminal['stdout'];
  readonly #compose: (columns: number, rows: number) => Rows;
  readonly #reflow: Reflow;
  #frame: Rows | undefined;

  constructor({stdout}: ChatTerminal, reflow: Reflow, compose: (columns: number, rows: number) => Rows) {
    this.#stdout = stdout;
    this.#reflow = reflow;
    this.#compose = compose;
    this.update();
  }

  update(settled = ''): void {
    const frame = this.#compose(this.#stdout.columns || 80, this.#stdout.rows || 24);
    const {rows, caret} = frame;
    const back = `\r${moved(rows.length - 1 - caret.y, 'A')}${moved(caret.x, 'C')}`;
    this.#stdout.write(`\u001b[?2026h${this.#eraser()}${settled}${rows.join('\r\n')}${back}\u001b[?2026l`);
    this.#frame = frame;
  }

  /** Takes the frame away. */
  close(): void {
    this.#stdout.write(this.#eraser());
    this.#frame = undefined;
  }

  #eraser(): string {
    if (!this.#frame) return '';
    return `\r${moved(rowsAbove(this.#frame, this.#stdout.columns || 80, this.#reflow), 'A')}\u001b[J`;
  }
}

/** Moves the cursor, by no row or column too. */
const moved = (by: number, way: 'A' | 'C'): string => (by > 0 ? `\u001b[${by}${way}` : '');
