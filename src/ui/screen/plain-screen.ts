import {widthOf} from '../../output/format/width.js';
import type {Rows} from './layout.js';
import type {ChatTerminal} from '../chat-deps.js';
import {type Reflow, rowsAbove} from './reflow.js';
import type {Bottom} from '../ink/ink-screen.js';

/**
 * The bottom of the terminal until Ink draws it, which is dear to load: the same rows, written plainly. For a screen reader it
 * stays: what is typed at the end of the line is written and nothing else.
 */
export class PlainScreen implements Pick<Bottom, 'update' | 'close' | 'without'> {
  readonly #stdout: ChatTerminal['stdout'];
  readonly #compose: (columns: number, rows: number) => Rows;
  readonly #reflow: Reflow;
  #frame: Rows | undefined;
  /** What is to be written once the terminal is back; undefined while no other program has it. */
  #kept: string | undefined;

  constructor({stdout}: ChatTerminal, reflow: Reflow, compose: (columns: number, rows: number) => Rows) {
    this.#stdout = stdout;
    this.#reflow = reflow;
    this.#compose = compose;
    this.update();
  }

  update(settled = ''): void {
    if (this.#kept !== undefined) {
      this.#kept += settled;
      return;
    }
    const frame = this.#compose(this.#stdout.columns || 80, this.#stdout.rows || 24);
    const added = settled === '' && this.#frame ? addition(this.#frame, frame) : undefined;
    if (added !== undefined) {
      this.#stdout.write(added);
      this.#frame = frame;
      return;
    }
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

  async without(work: () => Promise<void>): Promise<void> {
    this.close();
    this.#kept = '';
    try {
      await work();
    } finally {
      const kept = this.#kept;
      this.#kept = undefined;
      this.update(kept);
    }
  }

  #eraser(): string {
    if (!this.#frame) return '';
    return `\r${moved(rowsAbove(this.#frame, this.#stdout.columns || 80, this.#reflow), 'A')}\u001b[J`;
  }
}

/** What makes one frame the other where the caret stands at the end of both. @returns undefined where that does not do */
function addition(before: Rows, after: Rows): string | undefined {
  const [old, now] = [before.rows.join('\n'), after.rows.join('\n')];
  if (old === now && before.caret.x === after.caret.x && before.caret.y === after.caret.y) return '';
  const areAtEnd = [before, after].every(
    ({rows, caret}) => caret.y === rows.length - 1 && caret.x === widthOf(rows.at(-1) ?? ''),
  );
  return areAtEnd && now.startsWith(old) ? now.slice(old.length).replaceAll('\n', '\r\n') : undefined;
}

/** Moves the cursor, by no row or column too. */
const moved = (by: number, way: 'A' | 'C'): string => (by > 0 ? `\u001b[${by}${way}` : '');
