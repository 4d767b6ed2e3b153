import {sanitize} from '../terminal/sanitize.js';

/** Each item as one line of JSON. */
export async function* jsonLines(
  items: AsyncIterable<unknown> | Iterable<unknown>,
  stdout: {isTTY?: boolean},
): AsyncGenerator<string> {
  for await (const item of items) yield jsonLine(item, stdout);
}

/** JSON and a newline. It escapes most control characters; on a terminal the others are sanitized. */
export function jsonLine(value: unknown, {isTTY}: {isTTY?: boolean}): string {
  const json = JSON.stringify(value);
  return `${isTTY ? sanitize(json) : json}\n`;
}
