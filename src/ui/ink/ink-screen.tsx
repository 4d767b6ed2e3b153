import {type Instance, render} from 'ink';
import {ChatFrame} from '../components/chat-frame.js';
import {emptyFrame, type Frame} from '../screen/layout.js';
import {rowsAbove} from '../screen/reflow.js';
import type {Screen, ScreenOptions} from '../screen/screen.js';
import {Canvas, unmute} from './canvas.js';
import {DrawnState} from './drawn-state.js';
import {markJoints} from './join-rows.js';

export {loadLayoutEngine} from './yoga.js';

/** Ink draws at once, but then delays what follows within a millisecond. */
const inkDelayMs = 1;

/**
 * Draws the chat with Ink. Lines for the scrollback are written as they are, and the terminal wraps them. Ink would count the
 * rows of the frame as it drew them, but after a resize the terminal has rewrapped them: so the frame is erased here.
 */
export class InkScreen implements Screen {
  readonly #options: ScreenOptions;
  readonly #state: DrawnState;
  readonly #canvas: Canvas;
  readonly #ink: Instance;
  /** The frame on the terminal. */
  #frame: Frame = emptyFrame;
  #writeAbove: (text: string) => void = () => {};
  /** What to print when the terminal is back; undefined while it is not lent. */
  #held: string | undefined;
  /** What to print with the next frame, if one is due. */
  #due: string | undefined;
  /** Whether the next frame is drawn completely. */
  #isStale = false;
  #delay: NodeJS.Timeout | undefined;

  constructor(options: ScreenOptions) {
    this.#options = options;
    const {terminal, store} = options;
    this.#state = new DrawnState(store);
    this.#canvas = new Canvas(terminal.stdout);
    terminal.stdout.on('resize', this.#resized);
    this.#ink = render(this.#element(), {
      // Ink uses only the members of a terminal stream that a canvas has.
      stdout: this.#canvas as unknown as NodeJS.WriteStream,
      // Ink only passes stdin on to hooks that are not used here.
      stdin: terminal.stdin as NodeJS.ReadStream,
      exitOnCtrlC: false,
      patchConsole: false,
      isScreenReaderEnabled: false,
      maxFps: 0,
    });
    this.#waitForInk();
  }

  update(printed: string): void {
    if (this.#held !== undefined) {
      this.#held += printed;
      return;
    }
    this.#due = (this.#due ?? '') + printed;
    if (this.#delay === undefined) this.#drawDue();
  }

  renew(): void {
    this.#frame = emptyFrame;
    this.#resized();
  }

  close(): void {
    clearTimeout(this.#delay);
    this.#canvas.stdout.off('resize', this.#resized);
    this.#canvas.stdout.write(this.#held ?? this.#eraser() + (this.#due ?? ''));
    this.#canvas.isMuted = true;
    this.#ink.unmount();
  }

  async lend(work: () => Promise<void>): Promise<void> {
    this.#canvas.stdout.write(`${this.#eraser()}${this.#due ?? ''}\u001b[?25h`);
    this.#frame = emptyFrame;
    this.#due = undefined;
    this.#held = '';
    this.#canvas.isMuted = true;
    try {
      await work();
    } finally {
      const held = this.#held;
      this.#held = undefined;
      this.#canvas.isMuted = false;
      this.#isStale = true;
      this.update(held);
    }
  }

  readonly #resized = (): void => {
    this.#isStale = true;
    this.update('');
  };

  #drawDue(): void {
    const printed = this.#due ?? '';
    this.#due = undefined;
    if (printed === '' && !this.#isStale) this.#draw();
    else this.#redraw(this.#eraser() + printed);
    this.#isStale = false;
    this.#waitForInk();
  }

  /** What Ink would delay, is drawn after it instead: `#frame` must be what is on the terminal. */
  #waitForInk(): void {
    this.#delay = setTimeout(() => {
      this.#delay = undefined;
      if (this.#due !== undefined) this.#drawDue();
    }, inkDelayMs);
  }

  /** Writes text in the place of the frame, and the frame below it. */
  #redraw(text: string): void {
    this.#canvas.together(() => {
      this.#canvas.write(text);
      // Ink must not erase the frame a second time: what it writes is dropped, until it draws the frame below this text.
      this.#canvas.isMuted = true;
      this.#draw();
      this.#writeAbove(unmute);
    });
  }

  #eraser(): string {
    if (this.#frame === emptyFrame) return '';
    const {columns, stdout} = this.#canvas;
    const up = Math.min(rowsAbove(this.#frame, columns, this.#options.reflow), (stdout.rows || 24) - 1);
    return `\r${up > 0 ? `\u001b[${up}A` : ''}\u001b[J`;
  }

  /** Has React render the current state now. */
  #draw(): void {
    this.#state.refresh();
    this.#ink.rerender(this.#element());
  }

  #element() {
    const {compose, reflow} = this.#options;
    const {columns, stdout} = this.#canvas;
    return (
      <ChatFrame
        state={this.#state}
        compose={compose}
        columns={columns}
        rows={stdout.rows || 24}
        prepare={(frame) => markJoints(frame, reflow === 'all' ? frame.caret.y : 0)}
        onDraw={(frame, write) => {
          this.#frame = frame;
          this.#writeAbove = write;
        }}
      />
    );
  }
}
