const byteOrderMark = 0xfeff;

/** Parses JSON, with or without a byte order mark. Returns undefined if the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text);
    return value;
  } catch {
    return undefined;
  }
}
