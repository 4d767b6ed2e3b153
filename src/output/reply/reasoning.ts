import {Chalk} from 'chalk';
import {Sanitizer} from '../terminal/sanitize.js';
import {wrapLine} from '../terminal/wrap.js';

/** Where rows are written: a terminal, or what stands for one. */
interface Rows {
  columns?: number;
  write(text: string): unknown;
}

const longest = 4096;

/** Writes what a bot thinks before it answers: dim, with a bar before each row, and an empty line after it. */
export class Reasoning {
  readonly #stdout: Rows;
  readonly #dim: (text: string) => string;
  readonly #cleaner = new Sanitizer();
  /** The row that is not full yet. */
  #rest = '';
  #isOpen = false;
  #said = '';

  constructor(stdout: Rows, {color}: {color: boolean}) {
    this.#stdout = stdout;
    this.#dim = new Chalk({level: color ? 1 : 0}).dim;
  }

  /** @param text what is new of them */
  more(text: string): void {
    this.#isOpen = true;
    this.#said += text;
    this.#take(this.#cleaner.more(text));
  }

  /** Whether they are this text, which some bots give as their answer too; then it has been seen. */
  isOnlyReasoning(text: string): boolean {
    return text !== '' && text === this.#said;
  }

  /** The answer begins, or nothing more comes. */
  end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#take(this.#cleaner.end());
    if (this.#rest.trim() !== '') this.#write(this.#rest);
    this.#rest = '';
    this.#stdout.write('\n');
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n').map((line) => wrapLine(line, this.#columns));
    const rest = lines.at(-1)?.pop() ?? '';
    // No word is as long; it would be read anew with each piece.
    this.#rest = rest.length > longest ? '' : rest;
    for (const row of lines.flat()) this.#write(row);
    if (this.#rest !== rest) this.#write(rest);
  }

  get #columns(): number {
    return Math.max(20, (this.#stdout.columns || 80) - 2);
  }

  #write(row: string): void {
    this.#stdout.write(`${this.#dim(`│ ${row.trimStart()}`.trimEnd())}\n`);
  }
}
