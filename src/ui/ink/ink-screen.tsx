import {Box, type Instance, render, Text, useCursor, useStdout} from 'ink';
import {EventEmitter} from 'node:events';
import type {Rows} from '../screen/layout.js';
import type {ChatTerminal} from '../chat-deps.js';
import {joinRows, endMark, jointMark} from './join-rows.js';
import {type Reflow, rowsAbove} from '../screen/reflow.js';

/**
 * The stdout that Ink draws on. Ink erases the scrollback where it believes its frame to be higher than the screen; the frame
 * never is, and this screen has no end.
 */
class Canvas extends EventEmitter {
  readonly isTTY = true;
  readonly rows = 1_000_000;
  isMuted = false;
  #held: string | undefined;

  constructor(readonly stdout: ChatTerminal['stdout']) {
    super();
  }

  get columns(): number {
    return this.stdout.columns || 80;
  }

  readonly write = (text: string): boolean => {
    if (text === unmute) this.isMuted = false;
    if (this.isMuted || text === unmute) return true;
    const drawn = joinRows(text);
    if (this.#held === undefined) return this.stdout.write(drawn);
    this.#held += drawn;
    return true;
  };

  /** What is written meanwhile appears at once. */
  together(work: () => void): void {
    this.#held = '';
    try {
      work();
    } finally {
      const text = this.#held.replaceAll(/\u001b\[\?2026[hl]/g, '');
      this.#held = undefined;
      if (text !== '') this.write(`\u001b[?2026h${text}\u001b[?2026l`);
    }
  }
}

/** Written to a muted canvas, it gives it back its voice, and is not seen. */
const unmute = '\u0000unmute';

/** The bottom of the terminal, drawn by Ink, below lines that stand for good and are the terminal's to break. */
export class Bottom {
  readonly #canvas: Canvas;
  readonly #ink: Instance;
  #frame: Rows = {rows: [], caret: {x: 0, y: 0}};
  #print: (text: string) => void = () => {};
  /** What is to be written for good once the terminal is back; undefined while no other program has it. */
  #kept: string | undefined;

  constructor(
    terminal: ChatTerminal,
    readonly reflow: Reflow,
    readonly compose: (columns: number, rows: number) => Rows,
  ) {
    this.#canvas = new Canvas(terminal.stdout);
    this.#frame = this.#composed();
    terminal.stdout.on('resize', this.#resized);
    this.#ink = render(this.#screen(), {
      // Of a stream for terminals Ink uses these members alone.
      stdout: this.#canvas as unknown as NodeJS.WriteStream,
      stdin: terminal.stdin as NodeJS.ReadStream,
      exitOnCtrlC: false,
      patchConsole: false,
      isScreenReaderEnabled: false,
      maxFps: 0,
    });
  }

  /** Redraws the frame below lines that stay in the scrollback. */
  update(settled = ''): void {
    if (this.#kept !== undefined) this.#kept += settled;
    else if (settled === '') this.#draw();
    else this.#redraw(this.#eraser() + settled);
  }

  /** Takes the frame away, and is done. */
  close(): void {
    this.#canvas.stdout.off('resize', this.#resized);
    this.#canvas.stdout.write(this.#kept ?? this.#eraser());
    this.#canvas.isMuted = true;
    this.#ink.unmount();
  }

  /** Takes the frame away while another program has the terminal. */
  async without(work: () => Promise<void>): Promise<void> {
    this.#canvas.stdout.write(`${this.#eraser()}\u001b[?25h`);
    this.#kept = '';
    try {
      await work();
    } finally {
      const kept = this.#kept;
      this.#kept = undefined;
      this.#redraw(kept);
    }
  }

  /** A terminal that is made narrower may break the rows of the frame anew; they are counted as they stand now. */
  readonly #resized = (): void => {
    if (this.#kept === undefined) this.#redraw(this.#eraser());
  };

  /** Draws the frame below what is written in its place. */
  #redraw(text: string): void {
    this.#canvas.together(() => {
      this.#canvas.write(text);
      this.#drawAfresh();
    });
  }

  /** Draws the frame where the cursor is, after what Ink drew has gone, which it is not to erase a second time. */
  #drawAfresh(): void {
    this.#canvas.isMuted = true;
    this.#draw();
    // Ink erases its frame, writes this, and draws the frame again.
    this.#print(unmute);
  }

  #eraser(): string {
    if (this.#frame.rows.length === 0) return '';
    const {columns, stdout} = this.#canvas;
    const up = Math.min(rowsAbove(this.#frame, columns, this.reflow), (stdout.rows || 24) - 1);
    return `\r${up > 0 ? `\u001b[${up}A` : ''}\u001b[J`;
  }

  #draw(): void {
    this.#show(this.#composed());
  }

  #show(frame: Rows): void {
    this.#frame = frame;
    this.#ink.rerender(this.#screen());
  }

  #composed(): Rows {
    return this.compose(this.#canvas.columns, this.#canvas.stdout.rows || 24);
  }

  #screen() {
    const firstJoined = this.reflow === 'all' ? this.#frame.caret.y : 0;
    return <Screen {...this.#frame} firstJoined={firstJoined} takePrint={(print) => (this.#print = print)} />;
  }
}

interface ScreenProps extends Rows {
  firstJoined: number;
  takePrint: (print: (text: string) => void) => void;
}

function Screen({rows, caret, firstJoined, takePrint}: ScreenProps) {
  const {write} = useStdout();
  const {setCursorPosition} = useCursor();
  takePrint(write);
  setCursorPosition(caret);
  const last = rows.length - 1;
  const markOf = (index: number) => (index < firstJoined ? '' : index < last ? jointMark : endMark);
  return (
    <Box flexDirection="column">
      {rows.map((row, index) => (
        // Rows have no identity but their place.
        <Text key={index} wrap="truncate">
          {`${row}${markOf(index)}` || ' '}
        </Text>
      ))}
    </Box>
  );
}
