import {Frame, type LiveTerminal} from '../terminal/live-rows.js';
import type {Highlighter} from '../markdown/highlighter.js';
import {type RenderedParts, StreamingMarkdown} from '../markdown/streaming-markdown.js';

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
  readonly #frame: Frame;
  readonly #settling: StreamingMarkdown;
  readonly #highlighter: Highlighter | undefined;
  #text = '';
  #isOver = false;
  /** What colours the code is on its way. */
  #isLoading = false;
  #nextAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(terminal: LiveTerminal, {color, highlighter}: {color: boolean; highlighter?: Highlighter | undefined}) {
    this.#terminal = terminal;
    this.#frame = new Frame(terminal);
    this.#highlighter = highlighter;
    this.#settling = new StreamingMarkdown(() => ({color, width: this.#frame.columns, highlighter}));
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
    this.#draw({settled: this.#settling.finish(this.#text), live: ''});
  }

  readonly #plan = (): void => {
    if (this.#timer !== undefined || this.#isLoading) return;
    const wait = this.#nextAt - performance.now();
    if (wait <= 0) this.#picture();
    else this.#timer = setTimeout(() => this.#picture(), wait).unref();
  };

  #picture(): void {
    this.#timer = undefined;
    const loading = this.#highlighter?.load(this.#text);
    this.#isLoading = loading !== undefined;
    if (loading) void loading.then(() => this.#picture());
    else if (!this.#isOver) this.#grow();
  }

  #grow(): void {
    const startedAt = performance.now();
    this.#draw(this.#settling.grow(this.#text));
    const endedAt = performance.now();
    this.#nextAt = Math.max(startedAt + pictureMs, endedAt + rest * (endedAt - startedAt));
  }

  #draw({settled, live}: RenderedParts): void {
    this.#frame.draw(settled, live);
  }
}
