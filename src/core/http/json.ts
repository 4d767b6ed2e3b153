const byteOrderMark = 0xfeff;

/** Parses JSON, with or without a byte order mark. Returns undefined if the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(withoutMark(text));
    return value;
  } catch {
    return undefined;
  }
}

/** The fields of a value that was parsed from JSON; each is undefined if the value is no object. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  // Fields can be read from any value but null and undefined.
  (value ?? {}) as Readonly<Record<string, unknown>>;

/**
 * Parses JSON as `JSON.parse` does, with or without a byte order mark, except that whole numbers beyond ±2^53 become strings of
 * their digits instead of losing digits.
 * @param options.hasLarge whether the text may contain such a number, if that is known
 * @throws SyntaxError
 */
export function parseExactJson(text: string, {hasLarge = hasLargeNumber(text)}: {hasLarge?: boolean} = {}): unknown {
  const value: unknown = JSON.parse(hasLarge ? quoteLargeNumbers(withoutMark(text)) : withoutMark(text));
  return value;
}

/** Whether a text may contain a whole number beyond ±2^53. To search a long text takes as long as to parse it. */
export const hasLargeNumber = (text: string): boolean => largeNumber.test(text);

const withoutMark = (text: string): string => (text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text);

/** Matches any whole number that may be too large, also inside a string. Times in microseconds are smaller. */
const largeNumber = /[1-9]\d{16}|9\d{15}/;
const wholeNumber = /(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

function quoteLargeNumbers(text: string): string {
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const start = text.indexOf('"', at);
    const outside = text.slice(at, start < 0 ? undefined : start);
    parts.push(
      outside.replaceAll(wholeNumber, (digits) => (Number.isSafeInteger(Number(digits)) ? digits : `"${digits}"`)),
    );
    if (start < 0) break;
    at = endOfString(text, start);
    parts.push(text.slice(start, at));
  }
  return parts.join('');
}

/** The position after the string that starts at a quotation mark. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
  return text.length;
}
