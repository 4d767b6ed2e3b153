import type {ReplyEvent, ReplyResult} from '../../core/reply.js';
import type {Wrap} from '../markdown/wrap.js';
import {Highlighter} from '../markdown/highlighter.js';
import {referencesOf} from '../markdown/inline-files.js';
import {type RenderedParts, StreamingMarkdown} from '../markdown/streaming/streaming-markdown.js';
import {StreamingPlainText} from '../markdown/streaming/streaming-plain-text.js';
import {unformattedNote} from '../markdown/unformatted.js';
import {ReasoningRows} from './reasoning.js';

/** Where a reply is drawn: the terminal of `send`, or the chat. */
export interface ReplySink {
  /** The current width, in columns. */
  readonly width: number;
  /** Draws new lines that never change and, below them, lines that the next call replaces. */
  draw(committed: string, pending: string): void;
}

/** What decides how a reply is shown, besides its text. */
export type ReplyDetails = Partial<Pick<ReplyResult, 'attachments' | 'contentType'>>;

interface RendererOptions {
  color: boolean;
  /** Whether the terminal can strike out text. Default: true. */
  canStrike?: boolean;
  /** Whether text is wrapped at words. Default: `words`. */
  wrap?: Wrap | undefined;
  /** Whether tables have lines between their cells. Default: true. */
  hasBoxes?: boolean | undefined;
  /** The command that opens a diagram, which is written below it. */
  openCommand?: string | undefined;
  /** Whether an empty line follows the reply. */
  blankLineBelow?: boolean;
  highlighter?: Highlighter | undefined;
  /** Whether the reasoning is shown elsewhere. */
  hidesReasoning?: boolean;
  /** Called once if a part of the reply could not be formatted. By default, that is written below the reply. */
  note?: (text: string) => void;
}

/** The shortest time between two frames. Each of them parses the unfinished rest. */
const frameMs = 100;
/** The same while more lines arrive than anyone can read. */
const fastFrameMs = 200;
/** So many lines in one frame. */
const fastLines = 10;
/** Drawing takes at most a fifth of the time. */
const idlePerDrawing = 4;

/**
 * Renders one reply while it arrives: the reasoning, then the answer as Markdown. Finished blocks are drawn once; only the
 * unfinished rest is drawn again with each frame. If the bot replaces text that is already committed, a mark is drawn and the
 * new text follows completely.
 */
export class ReplyRenderer {
  readonly #sink: ReplySink;
  readonly #blankLine: string;
  readonly #highlighter: Highlighter | undefined;
  readonly #markdown: StreamingMarkdown;
  readonly #plainText: StreamingPlainText;
  readonly #reasoning: ReasoningRows;
  readonly #hidesReasoning: boolean;
  readonly #note: ((text: string) => void) | undefined;
  /** The text so far. */
  #text = '';
  #details: ReplyDetails = {};
  /** Whether the text was replaced since the last frame. */
  #isReplaced = false;
  #isAnswering = false;
  #isLoading = false;
  #isFinished = false;
  /** Rows of reasoning to draw with the next frame. */
  #reasoningRows = '';
  #nextFrameAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(sink: ReplySink, options: RendererOptions) {
    const {color, canStrike, wrap, hasBoxes, openCommand, blankLineBelow = false, highlighter, note} = options;
    this.#sink = sink;
    this.#note = note;
    this.#hidesReasoning = options.hidesReasoning ?? false;
    this.#blankLine = blankLineBelow ? '\n' : '';
    this.#highlighter = highlighter ?? (color ? new Highlighter() : undefined);
    this.#markdown = new StreamingMarkdown(() => ({
      color,
      canStrike,
      wrap,
      hasBoxes,
      openCommand,
      width: sink.width,
      highlighter: this.#highlighter,
      references: referencesOf(this.#details.attachments ?? []),
    }));
    this.#plainText = new StreamingPlainText({color});
    this.#reasoning = new ReasoningRows({color, width: () => sink.width});
  }

  /**
   * @param text the text after the event
   * @param details of the reply after the event
   */
  handle(event: ReplyEvent, text: string, details: ReplyDetails = this.#details): void {
    this.#details = details;
    if (event.type === 'title' || event.type === 'progress') return;
    if (event.type === 'reasoning') {
      // Reasoning that arrives after the answer started has no place above it.
      if (!this.#isAnswering) this.#addReasoning(this.#reasoning.append(event.text));
    } else {
      this.#text = text;
      this.#isReplaced ||= event.type === 'replace';
      if (!this.#isOnlyReasoning) this.#endReasoning();
    }
    this.refresh();
  }

  /** Draws a frame as soon as one is due. To be called when the width has changed. */
  readonly refresh = (): void => {
    if (this.#timer !== undefined || this.#isLoading || this.#isFinished) return;
    const wait = this.#nextFrameAt - performance.now();
    if (wait <= 0) this.#startFrame();
    else this.#timer = setTimeout(() => this.#startFrame(), wait).unref();
  };

  /** Draws everything that has not been drawn. The reply is complete, or has been cut off. */
  async finish(text = this.#text, details: ReplyDetails = this.#details): Promise<void> {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#details = details;
    clearTimeout(this.#timer);
    await this.#highlighter?.load(text);
    this.#text = text;
    this.#endReasoning();
    const answer = this.#isOnlyReasoning ? '' : this.#rest(text);
    const note = this.#markdown.hasFailed && !this.#note ? `\n${unformattedNote}\n` : '';
    const end = this.#isOnlyReasoning ? '' : note + this.#blankLine;
    this.#sink.draw(this.#reasoningRows + answer + end, '');
    if (this.#markdown.hasFailed) this.#note?.(unformattedNote);
  }

  #rest(text: string): string {
    if (this.#isPlainText) return this.#plainText.finish(text);
    return this.#markdown.finish(text, {isReplaced: this.#isReplaced});
  }

  #update(): RenderedParts {
    if (this.#isPlainText) return this.#plainText.update(this.#text);
    return this.#markdown.update(this.#text, {isReplaced: this.#isReplaced});
  }

  get #isPlainText(): boolean {
    return this.#details.contentType === 'text/plain';
  }

  /** Some bots repeat their reasoning as the answer. It is shown once. */
  get #isOnlyReasoning(): boolean {
    return this.#text !== '' && this.#text === this.#reasoning.text;
  }

  #endReasoning(): void {
    this.#isAnswering = true;
    this.#addReasoning(this.#reasoning.end());
  }

  #addReasoning(rows: string): void {
    if (!this.#hidesReasoning) this.#reasoningRows += rows;
  }

  /** The colors of a language are loaded before its code is drawn for the first time. */
  #startFrame(): void {
    this.#timer = undefined;
    const loading = this.#highlighter?.load(this.#text);
    this.#isLoading = loading !== undefined;
    if (loading) void loading.then(() => this.#startFrame());
    else if (!this.#isFinished) this.#drawFrame();
  }

  #drawFrame(): void {
    const startedAt = performance.now();
    const rows = this.#reasoningRows;
    this.#reasoningRows = '';
    const {committed, pending} = this.#isOnlyReasoning ? {committed: '', pending: ''} : this.#update();
    if (!this.#isOnlyReasoning) this.#isReplaced = false;
    const lines = rows + committed;
    const isFast = lines.split('\n').length > fastLines;
    this.#sink.draw(lines, isFast ? '' : pending);
    const endedAt = performance.now();
    const pauseMs = isFast ? fastFrameMs : frameMs;
    this.#nextFrameAt = Math.max(startedAt + pauseMs, endedAt + idlePerDrawing * (endedAt - startedAt));
    // Nobody reads the unfinished rest of a fast reply, but it must not stay hidden if nothing follows.
    if (isFast && pending !== '') this.refresh();
  }
}
