/** The number of steps for a text of any length, and for each of its characters. */
const baseSteps = 8000;
const stepsPerCharacter = 0.3;
/** The number of steps for one paragraph: about a thousand bold words. */
const stepsPerParagraph = 4000;

/** The work of coloring: for a text of any length and each of its characters, and of a block of code and its characters. */
const colors = {base: 10_000, perCharacter: 0.25, perBlock: 50, perCodeCharacter: 0.5};

/**
 * How much work one text may cause. A step is a call of the parser's rules for a part of a line. Paragraphs that need too many
 * steps, and what is left when all are used up, are shown as they were written.
 */
export class Limits {
  /** The lines at which lists or quotes are nested too deeply. */
  readonly deepLines: number[] = [];
  readonly #length: number;
  #paragraphEnd = Infinity;
  #steps = 0;
  #isExceeded = false;
  #colors = 0;

  /** @param length of the text */
  constructor(length: number) {
    this.#length = length;
  }

  get steps(): number {
    return this.#steps;
  }

  /** Whether the last paragraph needed too many steps. */
  get isExceeded(): boolean {
    return this.#isExceeded;
  }

  startParagraph(): void {
    this.#paragraphEnd = this.#steps + stepsPerParagraph;
    this.#isExceeded = false;
  }

  /** Takes steps. @returns false if these are too many: then none is taken */
  take(steps: number): boolean {
    const after = this.#steps + steps;
    this.#isExceeded = after > Math.min(baseSteps + this.#length * stepsPerCharacter, this.#paragraphEnd);
    if (!this.#isExceeded) this.#steps = after;
    return !this.#isExceeded;
  }

  /** Counts the work of coloring a block of code. @returns whether it may be done */
  takeColors(length: number): boolean {
    this.#colors += colors.perBlock + length * colors.perCodeCharacter;
    return this.#colors <= colors.base + this.#length * colors.perCharacter;
  }
}
