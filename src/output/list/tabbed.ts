import type {Column} from './columns.js';

/** Each item as a line for other programs. */
export async function* tabbedLines<T>(items: AsyncIterable<T>, columns: readonly Column<T>[]): AsyncGenerator<string> {
  for await (const item of items) yield tabbed(columns.map(({value}) => value(item)));
}

/** A line of exact values with tabs between them. Tabs and line breaks within a value become single spaces; null is empty. */
export const tabbed = (values: readonly (string | number | null)[]): string =>
  `${values.map((value) => String(value ?? '').replaceAll(/[\t\n\r]+/g, ' ')).join('\t')}\n`;
