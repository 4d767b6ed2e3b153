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

/** Whether a text may contain a whole number beyond ±2^53: 16 digits that start with 9, or more. Also inside a string. */
function hasLargeNumber(text: string): boolean {
  // Each 16th character is enough to find them. To search for a pattern takes ten times as long.
  for (let at = minDigits - 1; at < text.length; at += minDigits) {
    if (!isDigit(text, at)) continue;
    let start = at;
    let end = at + 1;
    while (isDigit(text, start - 1)) start -= 1;
    while (isDigit(text, end)) end += 1;
    if (end - start > minDigits || (end - start === minDigits && text[start] === '9')) return true;
  }
  return false;
}

const minDigits = 16;

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** Searches texts for large numbers that mostly start like the one before, such as a growing reply: only what differs is searched. */
export class LargeNumberSearch {
  /** The last text, if it has none. */
  #previous = '';

  /** Whether a text may contain a whole number beyond ±2^53. */
  has(text: string): boolean {
    const from = Math.max(0, commonLength(this.#previous, text) - maxMatchLength);
    const isFound = hasLargeNumber(text.slice(from));
    this.#previous = isFound || text.length > maxKeptLength ? '' : text;
    return isFound;
  }
}

const maxMatchLength = 17;
/** A longer text would take too much memory. */
const maxKeptLength = 1_000_000;

/** How many characters at the start of two texts are the same. Comparing slices is a hundred times as fast as comparing characters. */
export function commonLength(one: string, other: string): number {
  let equal = 0;
  let end = Math.min(one.length, other.length);
  while (equal < end) {
    const middle = Math.ceil((equal + end) / 2);
    if (one.slice(equal, middle) === other.slice(equal, middle)) equal = middle;
    else end = middle - 1;
  }
  return equal;
}

const withoutMark = (text: string): string => (text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text);

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
