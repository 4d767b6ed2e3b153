import {Chalk} from 'chalk';
import {Sanitizer} from '../terminal/sanitize.js';
import {wrapLine} from '../terminal/rows/wrap.js';

interface ReasoningOptions {
  color: boolean;
  /** Whether there is a bar before each row. Default: true. */
  hasBar?: boolean;
  /** The current width of the terminal, in columns. */
  width: () => number;
}

/** Text without spaces is shown at this length, before the end of its row is known. */
const maxHeldLength = 4096;

/** Renders the reasoning of a bot: dim, usually with a bar before each row, and an empty line below it. */
export class ReasoningRows {
  readonly #dim: (text: string) => string;
  readonly #bar: string;
  readonly #width: () => number;
  readonly #sanitizer = new Sanitizer();
  /** The last row, which may still grow. */
  #lastRow = '';
  #isOpen = false;
  #text = '';

  constructor({color, width, hasBar = true}: ReasoningOptions) {
    this.#bar = hasBar ? '│ ' : '';
    this.#dim = new Chalk({level: color ? 1 : 0}).dim;
    this.#width = width;
  }

  /** All of the reasoning so far, as the bot wrote it. */
  get text(): string {
    return this.#text;
  }

  /** @returns the rows that are complete */
  append(text: string): string {
    this.#isOpen = true;
    this.#text += text;
    return this.#rows(this.#sanitizer.more(text));
  }

  /** @returns the last row, and an empty line; '' if there is no reasoning or it has ended already */
  end(): string {
    if (!this.#isOpen) return '';
    this.#isOpen = false;
    const rows = this.#rows(this.#sanitizer.end());
    const last = this.#lastRow.trim() === '' ? '' : this.#row(this.#lastRow);
    this.#lastRow = '';
    return `${rows}${last}\n`;
  }

  #rows(text: string): string {
    const columns = Math.max(20, this.#width() - this.#bar.length);
    const lines = (this.#lastRow + text).split('\n').map((line) => wrapLine(line, columns));
    const lastRow = lines.at(-1)?.pop() ?? '';
    const isTooLong = lastRow.length > maxHeldLength;
    this.#lastRow = isTooLong ? '' : lastRow;
    return [...lines.flat(), ...(isTooLong ? [lastRow] : [])].map((row) => this.#row(row)).join('');
  }

  #row(text: string): string {
    return `${this.#dim(`${this.#bar}${text.trimStart()}`.trimEnd())}\n`;
  }
}
