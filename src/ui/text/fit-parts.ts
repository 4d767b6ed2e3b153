import {widthOf} from '../../output/format/width.js';
import {truncate} from '../../output/terminal/rows/truncate.js';

const separator = ' · ';

/** Joins as many parts as fit into a number of columns, from the first one. A first part that is too wide is cut off. */
export function fitParts(parts: readonly string[], columns: number): string {
  let joined = truncate(parts[0] ?? '', columns);
  for (const part of parts.slice(1)) {
    if (part === '') continue;
    const longer = joined + separator + part;
    if (widthOf(longer) > columns) break;
    joined = longer;
  }
  return joined;
}
