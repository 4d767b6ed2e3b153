/**
 * Finds a sum in a message ("what is 2x2?") and works it out; × before +, brackets first.
 * @returns "2 × 2 = 4", or nothing where there is no sum
 */
export function evaluateSum(message: string): string | undefined {
  for (const [candidate] of message.matchAll(/[\d(-][\d\s.()x×*+\-−/÷]*[\d)]/gi)) {
    const tokens = candidate.match(/\d+(?:\.\d+)?|[()x×*+\-−/÷]/gi) ?? [];
    const result = tokens.some(isOperator) ? new Sum(tokens).value() : undefined;
    if (result !== undefined) return `${written(tokens)} = ${number(result)}`;
  }
  return undefined;
}

/** Reads tokens from left to right, by the usual rules. */
class Sum {
  readonly #tokens: string[];

  constructor(tokens: readonly string[]) {
    this.#tokens = [...tokens];
  }

  /** Undefined where the tokens are no sum. */
  value(): number | undefined {
    const result = this.#terms();
    return this.#tokens.length === 0 && Number.isFinite(result) ? result : undefined;
  }

  #terms(): number {
    let result = this.#factors();
    for (;;) {
      if (this.#take(/^\+$/)) result += this.#factors();
      else if (this.#take(/^[-−]$/)) result -= this.#factors();
      else return result;
    }
  }

  #factors(): number {
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
      const result = this.#terms();
      return this.#take(/^\)$/) ? result : Number.NaN;
    }
    const token = this.#take(/^\d/);
    return token === undefined ? Number.NaN : Number(token);
  }

  #take(wanted: RegExp): string | undefined {
    const [next] = this.#tokens;
    return next !== undefined && wanted.test(next) ? this.#tokens.shift() : undefined;
  }
}

const isOperator = (token: string): boolean => /^[x×*+\-−/÷]$/i.test(token);

const signs: Readonly<Record<string, string>> = {x: '×', X: '×', '*': '×', '/': '÷', '-': '−'};

const written = (tokens: readonly string[]): string =>
  tokens
    .map((token) => signs[token] ?? token)
    .join(' ')
    .replaceAll('( ', '(')
    .replaceAll(' )', ')');

const number = (value: number): string => String(Number(value.toPrecision(12)));
