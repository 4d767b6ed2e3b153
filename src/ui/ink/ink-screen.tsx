import {type Instance, render} from 'ink';
import {emptyRow, eraseRows} from '../../output/terminal/rows/erase-rows.js';
import {shortenStyles} from '../../output/terminal/shorten-styles.js';
import {ChatFrame} from '../components/chat-frame.js';
import {drawPicture} from '../screen/draw-picture.js';
import {emptyFrame, type Frame, frameParts, type FramePart, rowsOf} from '../screen/layout.js';
import {type Picture, rowsAbove} from '../screen/reflow.js';
import type {Screen, ScreenOptions} from '../screen/screen.js';
import {Canvas} from './canvas.js';
import {DrawnState} from './drawn-state.js';
import {ResizePause} from '../screen/resize-pause.js';
import {updatePicture} from './update-picture.js';

export {loadLayoutEngine} from './yoga.js';

/**
 * Draws the chat with Ink, which makes rows of it. They are written here, because Ink would erase as many rows as it wrote, but
 * after a resize the terminal has rewrapped them, and because Ink would write all of them for each word of a reply. Lines for the
 * scrollback are written as they are, and the terminal wraps them.
 */
export class InkScreen implements Screen {
  readonly #options: ScreenOptions;
  readonly #state: DrawnState;
  readonly #canvas: Canvas;
  readonly #ink: Instance;
  /** The frame that Ink drew last. */
  #frame: Frame = emptyFrame;
  /** What is on the terminal, and its size; undefined if nothing is. */
  #shown: {picture: Picture; columns: number; height: number} | undefined;
  /** What to print when the terminal is back; undefined while it is not lent. */
  #held: string | undefined;
  /** Whether another program may have left the cursor in the middle of a row. */
  #isCursorLost = false;
  readonly #pause: ResizePause;
  /** What to print after the pause. */
  #delayed = '';

  /** @param before the screen that drew the frame until now. It stays on the terminal until Ink has made its rows. */
  constructor(options: ScreenOptions, before: {release(): string}) {
    this.#options = options;
    const {terminal, store} = options;
    this.#state = new DrawnState(store);
    this.#canvas = new Canvas(terminal.stdout);
    this.#pause = new ResizePause(options.resizePauseMs, () => this.update(''));
    terminal.stdout.on('resize', this.#resized);
    this.#ink = render(this.#element(), {
      // Ink uses only the members of a terminal stream that a canvas has.
      stdout: this.#canvas as unknown as NodeJS.WriteStream,
      // Ink only passes stdin on to hooks that are not used here.
      stdin: terminal.stdin as NodeJS.ReadStream,
      debug: true,
      exitOnCtrlC: false,
      patchConsole: false,
      isScreenReaderEnabled: false,
    });
    this.#show(before.release());
  }

  update(printed: string): void {
    if (this.#held !== undefined) {
      this.#held += printed;
      return;
    }
    this.#delayed += printed;
    // May call `#resized`.
    this.#canvas.updateSize();
    if (!this.#pause.isOn) this.#show(this.#takeDelayed());
  }

  renew(): void {
    this.#shown = undefined;
    this.#isCursorLost = true;
    this.update('');
  }

  close(): void {
    this.#canvas.stdout.off('resize', this.#resized);
    this.#pause.stop();
    this.#canvas.stdout.write(this.#held ?? this.#eraser() + this.#takeDelayed());
    this.#ink.unmount();
  }

  async lend(work: () => Promise<void>): Promise<void> {
    this.#pause.stop();
    this.#canvas.stdout.write(this.#eraser() + this.#takeDelayed());
    this.#shown = undefined;
    this.#held = '';
    try {
      await work();
    } finally {
      const held = this.#held;
      this.#held = undefined;
      this.#isCursorLost = true;
      this.update(held);
    }
  }

  readonly #resized = (): void => {
    if (this.#held !== undefined) return;
    this.#pause.start();
    if (!this.#pause.isOn) this.#show(this.#takeDelayed());
  };

  #takeDelayed(): string {
    const delayed = this.#delayed;
    this.#delayed = '';
    return delayed;
  }

  /** Prints lines and draws the current state below them. */
  #show(printed: string): void {
    const {columns, rows: height, stdout} = this.#canvas;
    const isJoined = this.#options.reflow === 'others';
    const before = this.#isResized ? undefined : this.#shown?.picture;
    const picture = this.#draw();
    const update = before && updatePicture(before, picture, {printed, columns, height, isJoined});
    const isMoved = printed !== '' || before?.rows.length !== picture.rows.length;
    if (before && !isMoved && isEqual(before, picture)) return;
    const start = this.#isCursorLost ? emptyRow(columns) : this.#eraser();
    const text = shortenStyles(update ?? start + printed + drawPicture(picture, isJoined));
    this.#isCursorLost = false;
    this.#shown = {picture, columns, height};
    stdout.write(isMoved ? `\u001b[?2026h${text}\u001b[?2026l` : text);
  }

  get #isResized(): boolean {
    const {columns, rows} = this.#canvas;
    return this.#shown?.columns !== columns || this.#shown.height !== rows;
  }

  #eraser(): string {
    if (!this.#shown) return '';
    const {columns, rows: height} = this.#canvas;
    const up = Math.min(rowsAbove(this.#shown.picture, columns, this.#options.reflow), height - 1);
    return eraseRows(up);
  }

  /** While a reply arrives, mostly its unfinished end and its progress change. Then Ink need not lay out all rows again. */
  #draw(): Picture {
    const {store, compose} = this.#options;
    const {columns, rows: height} = this.#canvas;
    if (!this.#isResized) {
      const frame = compose(store.getSnapshot(), columns, height);
      const rows = withReply(frame, this.#frame, this.#canvas.drawn);
      if (rows) return {rows, caret: frame.caret};
    }
    this.#state.refresh();
    this.#ink.rerender(this.#element());
    return {rows: this.#canvas.drawn, caret: this.#frame.caret};
  }

  #element() {
    const {columns, rows} = this.#canvas;
    return (
      <ChatFrame
        state={this.#state}
        compose={this.#options.compose}
        columns={columns}
        rows={rows}
        onDraw={(frame) => void (this.#frame = frame)}
      />
    );
  }
}

const isEqual = (one: Picture, other: Picture): boolean =>
  one.caret.x === other.caret.x && one.caret.y === other.caret.y && isEqualRows(one.rows, other.rows);

/**
 * The rows of a frame that differs from the one that was drawn only in the reply and its progress.
 * @param rows what Ink made of that one
 * @returns undefined if it differs in more
 */
function withReply(frame: Frame, drawn: Frame, rows: readonly string[]): string[] | undefined {
  const isSame = frameParts.every((part) => isReply(part) || isEqualRows(frame[part], drawn[part]));
  if (!isSame || rowsOf(drawn).length !== rows.length) return undefined;
  const {header, tail, progress} = drawn;
  const below = rows.slice(header.length + tail.length + progress.length);
  return [...rows.slice(0, header.length), ...frame.tail, ...frame.progress, ...below];
}

const isReply = (part: FramePart): boolean => part === 'tail' || part === 'progress';

const isEqualRows = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((row, index) => row === other[index]);
