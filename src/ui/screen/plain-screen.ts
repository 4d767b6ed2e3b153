import {widthOf} from '../../output/format/width.js';
import {eraseRows} from '../../output/terminal/rows/erase-rows.js';
import type {ChatTerminal} from '../chat-deps.js';
import {drawPicture} from './draw-picture.js';
import {type Frame, rowsOf} from './layout.js';
import {type Picture, rowsAbove} from './reflow.js';
import type {Screen, ScreenOptions} from './screen.js';

/**
 * Draws the chat until Ink is loaded, which is slow. For screen readers it stays, because it never writes the same text twice:
 * a key typed at the end of the prompt writes that character only.
 */
export class PlainScreen implements Screen {
  readonly #options: ScreenOptions;
  #frame: Frame | undefined;
  /** What to print when the terminal is back; undefined while it is not lent. */
  #held: string | undefined;

  constructor(options: ScreenOptions) {
    this.#options = options;
    this.update();
  }

  update(printed = ''): void {
    if (this.#held !== undefined) {
      this.#held += printed;
      return;
    }
    const {compose, store} = this.#options;
    const frame = compose(store.getSnapshot(), this.#columns, this.#stdout.rows || 24);
    const added = printed === '' && this.#frame ? appended(this.#frame, frame) : undefined;
    if (added !== undefined) {
      this.#stdout.write(added);
      this.#frame = frame;
      return;
    }
    const drawn = drawPicture(pictureOf(frame), this.#options.reflow === 'others');
    this.#stdout.write(`\u001b[?2026h${this.#eraser()}${printed}${drawn}\u001b[?2026l`);
    this.#frame = frame;
  }

  renew(): void {
    this.#frame = undefined;
    this.update();
  }

  close(): void {
    this.#stdout.write(this.release());
  }

  /** Leaves the frame to another screen. @returns what erases it */
  release(): string {
    const eraser = this.#eraser();
    this.#frame = undefined;
    return eraser;
  }

  async lend(work: () => Promise<void>): Promise<void> {
    this.close();
    this.#held = '';
    try {
      await work();
    } finally {
      const held = this.#held;
      this.#held = undefined;
      this.update(held);
    }
  }

  get #stdout(): ChatTerminal['stdout'] {
    return this.#options.terminal.stdout;
  }

  get #columns(): number {
    return this.#stdout.columns || 80;
  }

  #eraser(): string {
    if (!this.#frame) return '';
    const up = rowsAbove(pictureOf(this.#frame), this.#columns, this.#options.reflow);
    return eraseRows(up);
  }
}

/** The text that turns one frame into the other by writing at the caret. @returns undefined if that is not enough */
function appended(before: Frame, after: Frame): string | undefined {
  const [old, current] = [rowsOf(before).join('\n'), rowsOf(after).join('\n')];
  if (old === current && before.caret.x === after.caret.x && before.caret.y === after.caret.y) return '';
  const isAtEnd = [before, after].every((frame) => {
    const rows = rowsOf(frame);
    return frame.caret.y === rows.length - 1 && frame.caret.x === widthOf(rows.at(-1) ?? '');
  });
  return isAtEnd && current.startsWith(old) ? current.slice(old.length).replaceAll('\n', '\r\n') : undefined;
}

const pictureOf = (frame: Frame): Picture => ({rows: rowsOf(frame), caret: frame.caret});
