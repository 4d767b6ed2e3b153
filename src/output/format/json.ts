import {sanitize} from '../terminal/sanitize.js';

/** Each item as a line of JSON. */
export async function* jsonLines(
  items: AsyncIterable<unknown> | Iterable<unknown>,
  stdout: {isTTY?: boolean},
): AsyncGenerator<string> {
  for await (const item of items) yield jsonLine(item, stdout);
}

/** JSON on a line of its own. It escapes most of what a terminal would obey; on one, the rest is cleaned. */
export function jsonLine(value: unknown, {isTTY}: {isTTY?: boolean}): string {
  const json = JSON.stringify(value);
  return `${isTTY ? sanitize(json) : json}\n`;
}
