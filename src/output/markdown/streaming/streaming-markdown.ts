import {Chalk} from 'chalk';
import type {MarkdownOptions} from '../block-renderer.js';
import {type GrowingText, parseGrowing, splitText, type SplitText} from './blocks.js';
import {finishedRows, isParagraph} from './finished-rows.js';
import type {OpenBlock} from './open-block.js';
import {looksLikeProgress} from './progress-text.js';
import {paragraphRows, renderFinished, renderPart, renderUnfinished, type RenderedPart} from '../render-markdown.js';
import {parsing} from '../syntax/context.js';
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

/** Rows of a shorter paragraph are not committed before it ends. */
const minRows = 4;

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
  /** How many rows the rest must have before finished ones are looked for again. */
  #nextAttempt = 0;

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
    const mark = this.#take(text, isReplaced);
    const source = this.#source;
    const split = this.#attempt(
      () => this.#split(source),
      () => undefined,
    );
    if (!split) return {committed: mark, pending: this.#separated(this.#unformattedRest)};
    const committed = split.length > this.#head.length ? this.#commit(source.slice(0, split.length), split) : '';
    const pending = this.#pending(split.rest);
    const rows = this.#commitRows(split.rest, pending);
    return {committed: mark + committed + rows, pending: pending.slice(rows.length)};
  }

  /** @param text the whole text @returns all lines that are not committed */
  finish(text: string, {isReplaced}: UpdateOptions): string {
    const mark = this.#take(text, isReplaced);
    const source = this.#source;
    const lines = this.#attempt(
      () => renderPart(source, this.#options(), this.#place).lines,
      () => this.#unformattedRest,
    );
    return mark + this.#separated(lines);
  }

  /** @returns the mark above a text that replaces committed lines, or '' */
  #take(text: string, isReplaced: boolean): string {
    this.#text = text;
    return this.#mustRestart(isReplaced) ? this.#restart() : '';
  }

  /** The rest of the text, which is a Markdown text of its own. */
  get #source(): string {
    return this.#head + this.#text.slice(this.#committed.length);
  }

  #split(source: string): SplitText {
    if (looksLikeProgress(this.#text)) return {length: 0, finished: [], rest: parseGrowing(source), open: undefined};
    return splitText(source, {continues: this.#open?.type});
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
    this.#nextAttempt = 0;
    this.#isExtension = true;
    return this.#gap + rewrittenMark(this.#options().color);
  }

  /** @param source of the finished blocks @returns their lines */
  #commit(source: string, {finished, open}: SplitText): string {
    const {lines, diagrams, ...rendered} = this.#attempt<Partial<RenderedPart> & {lines: string}>(
      () => renderFinished(finished, source.length, this.#options(), {...this.#place, isOpen: open?.type === 'table'}),
      () => ({lines: unformatted(source.slice(this.#head.length))}),
    );
    this.#diagrams = diagrams ?? this.#diagrams;
    const separated = this.#separated(lines);
    this.#committed = this.#text.slice(0, this.#committed.length + source.length - this.#head.length);
    this.#open = open && openBlock(open.type, rendered);
    this.#head = this.#open && open ? open.head : '';
    this.#hasCommittedLines ||= lines !== '';
    this.#nextAttempt = 0;
    return separated;
  }

  /**
   * Commits the finished rows of a long paragraph, so that its start stays visible while it grows.
   * @param pending its lines @returns those of them that are finished
   */
  #commitRows(rest: GrowingText, pending: string): string {
    const options = this.#options();
    const [blankLines = ''] = /^(?:[ \t]*\r?\n)*/.exec(this.#source) ?? [];
    const source = this.#source.slice(blankLines.length);
    const gap = this.#gap;
    const rows = pending.slice(gap.length).split('\n').slice(0, -1);
    if (rows.length < Math.max(minRows, this.#nextAttempt) || options.wrap === 'none' || this.#hasFailed) return '';
    if (looksLikeProgress(this.#text) || !isParagraph(source, rest)) return '';
    const render = (text: string) => paragraphRows(text, options);
    const finished = this.#attempt(
      () => finishedRows({source, rows, render, parsing: () => parsing(source, options)}),
      () => undefined,
    );
    // Each attempt renders the paragraph several times.
    this.#nextAttempt = finished ? 0 : rows.length * 1.1;
    if (!finished) return '';
    this.#committed = this.#text.slice(0, this.#committed.length + blankLines.length + finished.length);
    this.#open = {type: 'paragraph'};
    this.#hasCommittedLines = true;
    return `${gap}${rows.slice(0, finished.rows).join('\n')}\n`;
  }

  #pending(rest: GrowingText): string {
    const lines = this.#attempt(
      () => renderUnfinished(rest, this.#options(), this.#place),
      () => this.#unformattedRest,
    );
    return this.#separated(lines);
  }

  /** Where the rest starts. */
  get #place(): {start: OpenBlock | undefined; diagrams: number} {
    return {start: this.#open, diagrams: this.#diagrams};
  }

  get #unformattedRest(): string {
    return unformatted(this.#text.slice(this.#committed.length));
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
    return this.#hasCommittedLines && isSeparated(this.#open) ? '\n' : '';
  }
}

/** Whether there is an empty line in the middle of a block. */
function isSeparated(block: OpenBlock | undefined): boolean {
  return block === undefined || (block.type === 'list' && (block.isLoose || block.endsWithCode));
}

function openBlock(
  type: 'code' | 'table' | 'list',
  {layout, code, list}: Partial<RenderedPart>,
): OpenBlock | undefined {
  switch (type) {
    case 'code':
      return code;
    case 'table':
      return layout && {type, layout};
    case 'list':
      return list;
  }
}
