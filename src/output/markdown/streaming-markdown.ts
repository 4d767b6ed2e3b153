import {Chalk} from 'chalk';
import {finishedLength, type OpenCode, openCode} from './blocks.js';
import type {Code} from './code/code.js';
import {looksLikeProgress} from './progress-text.js';
import type {MarkdownOptions} from './block-renderer.js';
import {renderMarkdown, renderUnfinished} from './render-markdown.js';
import {unformatted} from './unformatted.js';

/** New lines of a growing reply. */
export interface RenderedParts {
  /** Lines that never change, each with its newline. */
  committed: string;
  /** The unfinished rest below them. The next update replaces it. */
  pending: string;
}

interface UpdateOptions {
  /** Whether the text may not start with the text before. */
  isReplaced: boolean;
}

/** The line above a text that replaces committed lines. */
export const rewrittenMark = (color: boolean): string =>
  `${new Chalk({level: color ? 1 : 0}).dim('— the bot rewrote its reply —')}\n`;

/**
 * Splits a growing reply into finished blocks, which are returned once, and the unfinished rest. If the bot replaces text that
 * is already committed, a mark is returned and the new text follows completely.
 */
export class StreamingMarkdown {
  readonly #options: () => MarkdownOptions;
  #text = '';
  /** The start of the text, whose lines are committed. */
  #committed = '';
  /** Whether the text starts with the committed part. */
  #isExtension = true;
  /** The line that reopens the code block in which the rest starts, or ''. */
  #fence = '';
  /** The coloring of that code block, at the start of the rest. */
  #code: Code | undefined;
  #hasCommittedLines = false;
  #hasFailed = false;

  /** @param options called for each update, because the width of a terminal changes */
  constructor(options: () => MarkdownOptions) {
    this.#options = options;
  }

  /** Whether a part of the text could not be rendered. From there on, the text is shown as it was written. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** @param text the whole text so far */
  update(text: string, {isReplaced}: UpdateOptions): RenderedParts {
    return this.#split(text, isReplaced, (source) =>
      looksLikeProgress(text)
        ? 0
        : this.#attempt(
            () => finishedLength(source),
            () => 0,
          ),
    );
  }

  /** @param text the whole text @returns all lines that are not committed */
  finish(text: string, {isReplaced}: UpdateOptions): string {
    const {committed, pending} = this.#split(text, isReplaced, (source) => source.length);
    return committed + pending;
  }

  /** @param lengthToCommit how much of the rest is to be committed */
  #split(text: string, isReplaced: boolean, lengthToCommit: (source: string) => number): RenderedParts {
    this.#text = text;
    const mark = this.#mustRestart(isReplaced) ? this.#restart() : '';
    const source = this.#fence + text.slice(this.#committed.length);
    const length = lengthToCommit(source);
    if (length <= this.#fence.length) return {committed: mark, pending: this.#rendered(source, renderUnfinished)};
    const committed = this.#commit(source.slice(0, length));
    const rest = this.#fence + source.slice(length);
    return {committed: mark + committed, pending: this.#rendered(rest, renderUnfinished)};
  }

  /** If the text only lost blank lines from its end, nothing visible changed. */
  #mustRestart(isReplaced: boolean): boolean {
    if (isReplaced) this.#isExtension = false;
    if (this.#isExtension) return false;
    this.#isExtension = this.#text.startsWith(this.#committed);
    if (this.#isExtension) return false;
    return !this.#committed.startsWith(this.#text) || this.#committed.slice(this.#text.length).trim() !== '';
  }

  /** @returns the mark above the new text */
  #restart(): string {
    this.#fence = '';
    this.#code = undefined;
    this.#committed = '';
    this.#isExtension = true;
    return this.#gap + rewrittenMark(this.#options().color);
  }

  /** @returns the lines of the blocks */
  #commit(blocks: string): string {
    const lines = this.#rendered(blocks, renderMarkdown);
    const length = this.#committed.length + blocks.length - this.#fence.length;
    this.#committed = this.#text.slice(0, length);
    this.#attempt(
      () => this.#continueIn(openCode(blocks)),
      () => this.#continueIn(undefined),
    );
    this.#hasCommittedLines ||= lines !== '';
    return lines;
  }

  #continueIn(open: OpenCode | undefined): void {
    const {highlighter} = this.#options();
    const code = open?.isFirst && this.#fence !== '' ? this.#code : open && highlighter?.start(open.info);
    this.#fence = open?.fence ?? '';
    this.#code = open && code?.read(open.lines, colorless).next;
  }

  #rendered(source: string, render: typeof renderMarkdown): string {
    const lines = this.#attempt(
      () => render(source, this.#options(), this.#code),
      () => unformatted(source.slice(this.#fence.length)),
    );
    return lines === '' ? '' : this.#gap + lines;
  }

  #attempt<T>(action: () => T, otherwise: () => T): T {
    try {
      return this.#hasFailed ? otherwise() : action();
    } catch {
      this.#hasFailed = true;
      return otherwise();
    }
  }

  /** The empty line between blocks. */
  get #gap(): string {
    return this.#hasCommittedLines && this.#fence === '' ? '\n' : '';
  }
}

const colorless = new Chalk({level: 0});
