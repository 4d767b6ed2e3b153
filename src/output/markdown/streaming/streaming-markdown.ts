import {Chalk} from 'chalk';
import type {MarkdownOptions} from '../block-renderer.js';
import {type FinishedPart, finishedPart, openCode, tableHead} from './blocks.js';
import type {OpenBlock} from './open-block.js';
import {looksLikeProgress} from './progress-text.js';
import {renderPart, renderUnfinished} from '../render-markdown.js';
import type {TableLayout} from '../table/layout.js';
import {unformatted} from '../unformatted.js';

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
  /** The lines that reopen the block in the middle of which the rest starts, or ''. */
  #head = '';
  #open: OpenBlock | undefined;
  /** The number of diagrams that are committed. */
  #diagrams = 0;
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
        ? {length: 0}
        : this.#attempt(
            () => finishedPart(source, {continuesTable: this.#open?.type === 'table'}),
            () => ({length: 0}),
          ),
    );
  }

  /** @param text the whole text @returns all lines that are not committed */
  finish(text: string, {isReplaced}: UpdateOptions): string {
    const {committed, pending} = this.#split(text, isReplaced, (source) => ({length: source.length}));
    return committed + pending;
  }

  /** @param toCommit how much of the rest is to be committed */
  #split(text: string, isReplaced: boolean, toCommit: (source: string) => FinishedPart): RenderedParts {
    this.#text = text;
    const mark = this.#mustRestart(isReplaced) ? this.#restart() : '';
    const source = this.#head + text.slice(this.#committed.length);
    const part = toCommit(source);
    if (part.length <= this.#head.length) return {committed: mark, pending: this.#pending(source)};
    const committed = this.#commit(source.slice(0, part.length), part);
    return {committed: mark + committed, pending: this.#pending(this.#head + source.slice(part.length))};
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
    this.#head = '';
    this.#open = undefined;
    this.#diagrams = 0;
    this.#committed = '';
    this.#isExtension = true;
    return this.#gap + rewrittenMark(this.#options().color);
  }

  /** @returns the lines of the blocks */
  #commit(blocks: string, {openType}: FinishedPart): string {
    const {lines, layout, diagrams} = this.#attempt(
      () => renderPart(blocks, this.#options(), {...this.#place, isOpen: openType === 'table'}),
      () => ({lines: unformatted(blocks.slice(this.#head.length)), layout: undefined, diagrams: this.#diagrams}),
    );
    this.#diagrams = diagrams;
    const separated = this.#separated(lines);
    this.#committed = this.#text.slice(0, this.#committed.length + blocks.length - this.#head.length);
    const {head, open} = this.#attempt(
      () => this.#reopened(blocks, openType, layout),
      () => closed,
    );
    this.#head = head;
    this.#open = open;
    this.#hasCommittedLines ||= lines !== '';
    return separated;
  }

  /** What the rest continues. */
  #reopened(blocks: string, openType: FinishedPart['openType'], layout: TableLayout | undefined): Continuation {
    if (openType === 'table' && layout) return {head: tableHead(blocks), open: {type: 'table', layout}};
    const end = openType === 'code' ? openCode(blocks) : undefined;
    if (!end) return closed;
    const {highlighter} = this.#options();
    const before = end.isFirst && this.#open?.type === 'code' ? this.#open : undefined;
    const {info, code} = before ?? {info: end.info, code: highlighter?.start(end.info)};
    return {head: end.fence, open: {type: 'code', info, code: code?.read(end.lines, colorless).next}};
  }

  #pending(source: string): string {
    const lines = this.#attempt(
      () => renderUnfinished(source, this.#options(), this.#place),
      () => unformatted(source.slice(this.#head.length)),
    );
    return this.#separated(lines);
  }

  /** Where the rest starts. */
  get #place(): {start: OpenBlock | undefined; diagrams: number} {
    return {start: this.#open, diagrams: this.#diagrams};
  }

  /** Lines below an empty one, if they start another block. */
  #separated(lines: string): string {
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
    return this.#hasCommittedLines && this.#head === '' ? '\n' : '';
  }
}

/** The lines that reopen a block, and what is known of it. */
interface Continuation {
  head: string;
  open: OpenBlock | undefined;
}

const closed: Continuation = {head: '', open: undefined};
const colorless = new Chalk({level: 0});
