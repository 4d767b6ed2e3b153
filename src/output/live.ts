import {Chalk} from 'chalk';
import {finishedLength, openFence} from './blocks.js';
import {Frame, type LiveTerminal} from './frame.js';
import {renderMarkdown} from './markdown.js';
import {looksLikeProgress} from './progress.js';

export type {LiveTerminal};

/** At most thirty pictures a second, and at most a fifth of the time. */
const pictureMs = 1000 / 30;
const rest = 4;

/**
 * Shows a reply as it grows: finished blocks are written once and for good, the open rest below them is drawn again with each
 * update. Where a bot rewrites what stands for good, a mark says so and the new text follows whole. The terminal's cursor must
 * be at the start of a line; afterwards it is there again.
 */
export class LiveMarkdown {
  readonly #terminal: LiveTerminal;
  readonly #color: boolean;
  readonly #frame: Frame;
  #text = '';
  /** The part of the text that stands for good. */
  #settled = '';
  /** Reopens the code block in whose midst the rest begins. */
  #fence = '';
  /** Whether something stands for good. */
  #hasBegun = false;
  #isOver = false;
  #nextAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(terminal: LiveTerminal, {color}: {color: boolean}) {
    this.#terminal = terminal;
    this.#color = color;
    this.#frame = new Frame(terminal);
    terminal.on?.('resize', this.#plan);
  }

  /** @param text the whole text so far, which may be another one than before */
  update(text: string): void {
    if (this.#isOver || text === this.#text) return;
    this.#text = text;
    this.#plan();
  }

  /** The reply is whole: all of it is written for good. */
  finish(text: string): void {
    if (this.#isOver) return;
    this.#text = text;
    this.stop();
  }

  /** The reply ends here: what came is written for good. */
  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#terminal.off?.('resize', this.#plan);
    this.#show((source) => source.length);
  }

  readonly #plan = (): void => {
    if (this.#timer !== undefined) return;
    const wait = this.#nextAt - performance.now();
    if (wait <= 0) this.#picture();
    else this.#timer = setTimeout(() => this.#picture(), wait).unref();
  };

  #picture(): void {
    this.#timer = undefined;
    const startedAt = performance.now();
    this.#show((source) => (looksLikeProgress(this.#text) ? 0 : finishedLength(source)));
    const endedAt = performance.now();
    this.#nextAt = Math.max(startedAt + pictureMs, endedAt + rest * (endedAt - startedAt));
  }

  /** @param finished how much of what does not stand for good yet shall do so now */
  #show(finished: (source: string) => number): void {
    const mark = this.#isRewritten() ? this.#startAgain() : '';
    const source = this.#fence + this.#text.slice(this.#settled.length);
    const length = finished(source);
    const isMore = length > this.#fence.length;
    const settled = isMore ? this.#settle(source.slice(0, length)) : '';
    this.#frame.draw(mark + settled, this.#rendered(isMore ? this.#fence + source.slice(length) : source));
  }

  /** What was taken from the end of a text, blank lines apart, was never seen. */
  #isRewritten(): boolean {
    const [text, settled] = [this.#text, this.#settled];
    if (text.startsWith(settled)) return false;
    return !settled.startsWith(text) || settled.slice(text.length).trim() !== '';
  }

  #startAgain(): string {
    const mark = new Chalk({level: this.#color ? 1 : 0}).dim('— the reply was rewritten —');
    this.#fence = '';
    const lines = `${this.#gap}${mark}\n`;
    this.#settled = '';
    return lines;
  }

  /** @returns the lines that stand for good from now on */
  #settle(blocks: string): string {
    const lines = this.#rendered(blocks);
    const length = this.#settled.length + blocks.length - this.#fence.length;
    this.#settled = this.#text.slice(0, length);
    this.#fence = openFence(blocks);
    this.#hasBegun ||= lines !== '';
    return lines;
  }

  /** Blocks as lines, with an empty one between them and what stands above. */
  #rendered(source: string): string {
    const lines = renderMarkdown(source, {color: this.#color, width: this.#frame.columns});
    return lines === '' ? '' : this.#gap + lines;
  }

  get #gap(): string {
    return this.#hasBegun && this.#fence === '' ? '\n' : '';
  }
}
