import type {Code, CodePaint} from './code.js';

/** What follows after so many characters is not colored. */
const maxLength = 30_000;
/** Longer lines are minified code. */
const maxLineLength = 500;
/** Nobody nests brackets as deep as this. Some parsers then need time that grows with the square of the depth. */
const maxDepth = 100;

/** Colors code only as far as it looks like code that people write: the rest could take the parser very long. */
export class LimitedCode implements Code {
  readonly #code: Code;
  /** The number of characters above. */
  readonly #length: number;
  /** The number of open brackets. */
  readonly #depth: number;

  constructor(code: Code, length = 0, depth = 0) {
    this.#code = code;
    this.#length = length;
    this.#depth = depth;
  }

  read(lines: readonly string[], paint: CodePaint): {lines: string[]; next: Code} {
    let length = this.#length;
    let depth = this.#depth;
    const end = lines.findIndex((line) => {
      length += line.length + 1;
      depth = Math.max(0, depth + openedBy(line));
      return length > maxLength || line.length > maxLineLength || depth > maxDepth;
    });
    if (end === -1) {
      const {lines: colored, next} = this.#code.read(lines, paint);
      return {lines: colored, next: new LimitedCode(next, length, depth)};
    }
    const {lines: colored} = this.#code.read(lines.slice(0, end), paint);
    return {lines: [...colored, ...lines.slice(end)], next: uncolored};
  }
}

/** Code of which nothing is colored. */
export const uncolored: Code = {read: (lines) => ({lines: [...lines], next: uncolored})};

/** How many more brackets a line opens than it closes. Those in strings and comments count, too. */
function openedBy(line: string): number {
  let count = 0;
  for (const character of line) {
    if (character === '(' || character === '[' || character === '{') count += 1;
    else if (character === ')' || character === ']' || character === '}') count -= 1;
  }
  return count;
}
