/** Builds what is written to the terminal, and knows in which row the cursor then is. */
export class Pen {
  #text = '';
  #row: number;
  #isWrapping = true;
  /** Whether the cursor is certainly in the first column. */
  #isAtStart = false;

  /** @param row where the cursor is */
  constructor(row: number) {
    this.#row = row;
  }

  /** All that was written. The terminal wraps long lines again. */
  get text(): string {
    return this.#isWrapping ? this.#text : this.#text + wrapOn;
  }

  /**
   * Moves to the start of a row. A row below the screen scrolls it. That is certain even if the terminal has just become smaller, and
   * leaves rows joined, unlike a newline.
   */
  toRow(row: number): this {
    const up = this.#row - row;
    if (!this.#isAtStart || up < 0) this.#text += '\r';
    this.#text += up > 0 ? `\u001b[${up === 1 ? '' : up}A` : '\u001bD'.repeat(-up);
    this.#isAtStart = true;
    this.#row = row;
    return this;
  }

  /** Goes to the start of the next row, which is not joined to this one. */
  nextRow(): this {
    this.#text += '\n';
    this.#isAtStart = true;
    this.#row += 1;
    return this;
  }

  toColumn(column: number): this {
    this.#isAtStart = false;
    this.#text += `\u001b[${column + 1}G`;
    return this;
  }

  /** Writes text that stays in its row: the terminal cuts off what does not fit. It may just have become narrower. */
  write(text: string): this {
    if (text === '') return this;
    this.#wrap(false);
    this.#text += text;
    this.#isAtStart = false;
    return this;
  }

  /** Writes lines, each with its newline, that take so many rows. */
  writeLines(lines: string, rows: number): this {
    this.#wrap(true);
    this.#text += lines;
    this.#isAtStart = true;
    this.#row += rows;
    return this;
  }

  /** From now on, rows are counted from this one. */
  startAt(row: number): this {
    this.#row -= row;
    return this;
  }

  /** Writes a sequence that does not move the cursor. */
  control(sequence: string): this {
    this.#text += sequence;
    return this;
  }

  /** Goes to the start of the next row and joins it to this one, as if the terminal had wrapped a long line. */
  join(): this {
    this.#wrap(true);
    // A column beyond the last one means the last one. The second space goes to the next row.
    this.#text += '\u001b[9999G  \r';
    this.#isAtStart = true;
    this.#row += 1;
    return this;
  }

  #wrap(isOn: boolean): void {
    if (this.#isWrapping !== isOn) this.#text += isOn ? wrapOn : wrapOff;
    this.#isWrapping = isOn;
  }
}

const wrapOn = '\u001b[?7h';
const wrapOff = '\u001b[?7l';
