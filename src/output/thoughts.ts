import {Chalk} from 'chalk';
import {clean} from './clean.js';
import {foldLine} from './fold.js';

/** Where rows are written: a terminal, or what stands for one. */
interface Rows {
  columns?: number;
  write(text: string): unknown;
}

/** Writes what a bot thinks before it answers: dim, with a bar before each row, and an empty line after it. */
export class Thoughts {
  readonly #stdout: Rows;
  readonly #dim: (text: string) => string;
  /** The row that is not full yet. */
  #rest = '';
  #isOpen = false;

  constructor(stdout: Rows, {color}: {color: boolean}) {
    this.#stdout = stdout;
    this.#dim = new Chalk({level: color ? 1 : 0}).dim;
  }

  /** @param text what is new of them */
  more(text: string): void {
    this.#isOpen = true;
    const lines = (this.#rest + text).split('\n').map((line) => foldLine(clean(line), this.#columns));
    this.#rest = lines.at(-1)?.pop() ?? '';
    for (const row of lines.flat()) this.#write(row);
  }

  /** The answer begins, or nothing more comes. */
  end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#rest.trim() !== '') this.#write(this.#rest);
    this.#rest = '';
    this.#stdout.write('\n');
  }

  get #columns(): number {
    return Math.max(20, (this.#stdout.columns || 80) - 2);
  }

  #write(row: string): void {
    this.#stdout.write(`${this.#dim(`│ ${row.trimStart()}`.trimEnd())}\n`);
  }
}
