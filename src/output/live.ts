import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import {finishedLength} from './blocks.js';
import {renderMarkdown} from './markdown.js';

/** What a reply is drawn on. */
export interface LiveTerminal {
  write(text: string): unknown;
  columns?: number;
  rows?: number;
}

/** At most some thirty pictures a second. */
const frameMs = 33;
const rewritten = '— the reply was rewritten —';

/**
 * Shows a reply as it grows. Finished blocks are written once and for good; the open tail below them is drawn anew with each
 * update, and is never taller than the screen less one row.
 */
export class LiveMarkdown {
  readonly #terminal: LiveTerminal;
  readonly #color: boolean;
  /** The part of the text that stands for good. */
  #committed = '';
  /** Whether there is something above the tail to be parted from. */
  #hasBlocks = false;
  #text = '';
  /** The lines of the tail as they stand on the screen. */
  #drawn: string[] = [];
  #isRunning = true;
  #lastFrame = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(terminal: LiveTerminal, {color}: {color: boolean}) {
    this.#terminal = terminal;
    this.#color = color;
  }

  /** @param text the whole text so far */
  update(text: string): void {
    if (!this.#isRunning) return;
    this.#text = text;
    if (this.#timer) return;
    const wait = this.#lastFrame + frameMs - Date.now();
    if (wait <= 0) this.#frame();
    else this.#timer = setTimeout(() => this.#frame(), wait).unref();
  }

  /** The reply is whole: all of it is written for good. */
  finish(text: string): void {
    this.#text = text;
    this.stop();
  }

  /** The reply ends here: what came is written for good. */
  stop(): void {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    clearTimeout(this.#timer);
    const tail = this.#tail();
    this.#draw(this.#rendered(tail), []);
  }

  #frame(): void {
    this.#timer = undefined;
    this.#lastFrame = Date.now();
    const tail = this.#tail();
    const finished = finishedLength(tail);
    const settled = this.#rendered(tail.slice(0, finished));
    this.#committed += tail.slice(0, finished);
    this.#hasBlocks ||= settled !== '';
    this.#draw(settled, this.#visible(tail.slice(finished)));
  }

  /** What does not stand for good yet. Where the bot changed what did, all of it is told again below. */
  #tail(): string {
    if (!this.#text.startsWith(this.#committed)) {
      this.#committed = '';
      this.#hasBlocks = false;
      this.#draw(this.#color ? `\u001b[2m${rewritten}\u001b[22m\n` : `${rewritten}\n`, []);
    }
    return this.#text.slice(this.#committed.length);
  }

  /** Blocks as lines, parted by an empty one from what stands above. */
  #rendered(markdown: string): string {
    const lines = renderMarkdown(markdown, {color: this.#color, width: this.#columns});
    return lines !== '' && this.#hasBlocks ? `\n${lines}` : lines;
  }

  /** The last rows of the tail, as many as fit, each as wide as the screen at most. */
  #visible(rest: string): string[] {
    const lines = this.#rendered(rest).split('\n').slice(0, -1);
    const most = Math.max(1, this.#rows - 1);
    const rows = wrapAnsi(lines.slice(-most).join('\n'), this.#columns, {hard: true, trim: false, wordWrap: false});
    return rows === '' ? [] : rows.split('\n').slice(-most);
  }

  /** Writes lines for good, and below them the tail, in place of the tail that stands there. */
  #draw(settled: string, tail: string[]): void {
    const same = settled === '' ? this.#drawn.findIndex((line, row) => line !== tail[row]) : 0;
    // From here on the tail is another; above, it may stay as it is.
    const from = same === -1 ? this.#drawn.length : same;
    if (settled === '' && from === tail.length && from === this.#drawn.length) return;
    const rows = this.#drawn.slice(from).reduce((sum, line) => sum + this.#rowsOf(line), 0);
    const erase = rows > 0 ? `\r\u001b[${rows}A\u001b[J` : '';
    const added = tail.slice(settled === '' ? from : 0);
    this.#drawn = tail;
    this.#terminal.write(`\u001b[?2026h${erase}${settled}${added.map((line) => `${line}\n`).join('')}\u001b[?2026l`);
  }

  /** How many rows of the screen a drawn line takes at the screen's width of now. */
  #rowsOf(line: string): number {
    return Math.max(1, Math.ceil(stringWidth(line) / this.#columns));
  }

  get #columns(): number {
    return this.#terminal.columns || 80;
  }

  get #rows(): number {
    return this.#terminal.rows || 24;
  }
}
