/** The active styles, of those that chalk writes. */
export class OpenStyles {
  readonly #open = new Map<string, string>();

  add(sequence: string): void {
    const code = sequence.slice(2, -1);
    if (closings.has(code)) this.#open.delete(code);
    else {
      const closing = [...closings].find(([, opening]) => opening.test(code))?.[0] ?? '0';
      this.#open.set(closing, (this.#open.get(closing) ?? '') + sequence);
    }
  }

  get starts(): string {
    return [...this.#open.values()].join('');
  }

  get ends(): string {
    return [...this.#open.keys()].map((code) => `\u001b[${code}m`).join('');
  }
}

/** The codes that end bold and dim, italic, underline, strikethrough and color, and those that they end. */
const closings = new Map([
  ['22', /^[12]$/],
  ['23', /^3$/],
  ['24', /^4$/],
  ['29', /^9$/],
  ['39', /^(?:3|9)\d$/],
]);

const isClosing = (sequence: string): boolean => closings.has(sequence.slice(2, -1)) && sequence.startsWith('\u001b');

/**
 * Parts of a rendered line, each with complete styles.
 * @param ranges in ascending order, as positions in the line without its styles
 */
export function cutStyled(line: string, ranges: readonly {start: number; end: number}[]): string[] {
  const parts: string[] = [];
  const open = new OpenStyles();
  const pieces = line.matchAll(/\u001b\[\d*m|[^\u001b]+/g);
  let piece = pieces.next().value?.[0];
  /** Where the piece starts. */
  let at = 0;
  for (const {start, end} of ranges) {
    let part = '';
    let isOpen = false;
    while (piece !== undefined && (at < end || (isOpen && isClosing(piece)))) {
      if (piece.startsWith('\u001b')) {
        open.add(piece);
        if (isOpen) part += piece;
        piece = pieces.next().value?.[0];
        continue;
      }
      const from = Math.max(0, start - at);
      if (from < piece.length && start < end) {
        if (!isOpen) part += open.starts;
        isOpen = true;
        part += piece.slice(from, end - at);
      }
      if (at + piece.length > end) break;
      at += piece.length;
      piece = pieces.next().value?.[0];
    }
    parts.push(isOpen ? part + open.ends : '');
  }
  return parts;
}
