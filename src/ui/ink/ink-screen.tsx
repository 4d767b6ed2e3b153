import {type Instance, render} from 'ink';
import {ChatFrame} from '../components/chat-frame.js';
import {emptyFrame, type Frame} from '../screen/layout.js';
import {rowsAbove} from '../screen/reflow.js';
import type {Screen, ScreenOptions} from '../screen/screen.js';
import {Canvas, unmute} from './canvas.js';
import {markJoints} from './join-rows.js';

export {loadLayoutEngine} from './yoga.js';

/**
 * Draws the chat with Ink. Lines for the scrollback are written as they are, and the terminal wraps them. Ink would count the
 * rows of the frame as it drew them, but after a resize the terminal has rewrapped them: so the frame is erased here.
 */
export class InkScreen implements Screen {
  readonly #options: ScreenOptions;
  readonly #canvas: Canvas;
  readonly #ink: Instance;
  /** The frame on the terminal. */
  #frame: Frame = emptyFrame;
  #writeAbove: (text: string) => void = () => {};
  /** What to print when the terminal is back; undefined while it is not lent. */
  #held: string | undefined;

  constructor(options: ScreenOptions) {
    this.#options = options;
    const {terminal} = options;
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
  }

  update(printed: string): void {
    if (this.#held !== undefined) this.#held += printed;
    else if (printed === '') this.#draw();
    else this.#redraw(this.#eraser() + printed);
  }

  renew(): void {
    this.#frame = emptyFrame;
    this.#redraw('');
  }

  close(): void {
    this.#canvas.stdout.off('resize', this.#resized);
    this.#canvas.stdout.write(this.#held ?? this.#eraser());
    this.#canvas.isMuted = true;
    this.#ink.unmount();
  }

  async lend(work: () => Promise<void>): Promise<void> {
    this.#canvas.stdout.write(`${this.#eraser()}\u001b[?25h`);
    this.#canvas.isMuted = true;
    this.#held = '';
    try {
      await work();
    } finally {
      const held = this.#held;
      this.#held = undefined;
      this.#canvas.isMuted = false;
      this.#redraw(held);
    }
  }

  readonly #resized = (): void => {
    if (this.#held === undefined) this.#redraw(this.#eraser());
  };

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

  /** Has React render now what the store holds. */
  #draw(): void {
    this.#ink.rerender(this.#element());
  }

  #element() {
    const {store, compose, reflow} = this.#options;
    const {columns, stdout} = this.#canvas;
    return (
      <ChatFrame
        store={store}
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
