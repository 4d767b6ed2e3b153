/**
 * Finds a calculation in a message ("what is 2x2?") and evaluates it with the usual precedence.
 * @returns such as "2 × 2 = 4"; undefined if there is none
 */
export function evaluateSum(message: string): string | undefined {
  for (const [candidate] of message.matchAll(/[\d(-][\d\s.()x×*+\-−/÷]*[\d)]/gi)) {
    const tokens = candidate.match(/\d+(?:\.\d+)?|[()x×*+\-−/÷]/gi) ?? [];
    const result = tokens.slice(1).some(isOperator) ? new Parser(tokens).value() : undefined;
    if (result !== undefined) return `${format(tokens)} = ${Number(result.toPrecision(12))}`;
  }
  return undefined;
}

/** A recursive descent parser that evaluates while it reads. */
class Parser {
  readonly #tokens: string[];

  constructor(tokens: readonly string[]) {
    this.#tokens = [...tokens];
  }

  /** Undefined if the tokens are not a valid calculation. */
  value(): number | undefined {
    const result = this.#sum();
    return this.#tokens.length === 0 && Number.isFinite(result) ? result : undefined;
  }

  #sum(): number {
    let result = this.#product();
    for (;;) {
      if (this.#take(/^\+$/)) result += this.#product();
      else if (this.#take(/^[-−]$/)) result -= this.#product();
      else return result;
    }
  }

  #product(): number {
    let result = this.#operand();
    for (;;) {
      if (this.#take(/^[x×*]$/i)) result *= this.#operand();
      else if (this.#take(/^[/÷]$/)) result /= this.#operand();
      else return result;
    }
  }

  #operand(): number {
    if (this.#take(/^[-−]$/)) return -this.#operand();
    if (this.#take(/^\($/)) {
      const result = this.#sum();
      return this.#take(/^\)$/) ? result : Number.NaN;
    }
    const token = this.#take(/^\d/);
    return token === undefined ? Number.NaN : Number(token);
  }

  /** Removes and returns the next token if it matches. */
  #take(pattern: RegExp): string | undefined {
    const [next] = this.#tokens;
    return next !== undefined && pattern.test(next) ? this.#tokens.shift() : undefined;
  }
}

const isOperator = (token: string): boolean => /^[x×*+\-−/÷]$/i.test(token);

const signs: Readonly<Record<string, string>> = {x: '×', X: '×', '*': '×', '/': '÷', '-': '−'};

const format = (tokens: readonly string[]): string =>
  tokens
    .map((token) => signs[token] ?? token)
    .join(' ')
    .replaceAll('( ', '(')
    .replaceAll(' )', ')');
