const byteOrderMark = 0xfeff;

/** What a text says in JSON; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text);
    return value;
  } catch {
    return undefined;
  }
}
