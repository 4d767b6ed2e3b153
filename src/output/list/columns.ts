import type {Paint} from '../terminal/paint.js';
import type {GridColumn} from './grid.js';

/** One column of a list. */
export interface Column<T> extends GridColumn {
  /** The heading on a terminal. */
  title: string;
  /** The exact value, for pipes; null if there is none. */
  value: (item: T) => string | number | null;
  /** The text on a terminal, if it differs from `value`: "yesterday", "15 points". */
  shown?: (item: T) => string;
}

/** How lists and records are laid out on a terminal. */
export interface TerminalOptions {
  paint: Paint;
  /** In columns. */
  width: number;
}

/** Each item as one tab-separated line of exact values. */
export async function* tabbedLines<T>(items: AsyncIterable<T>, columns: readonly Column<T>[]): AsyncGenerator<string> {
  for await (const item of items) yield tabbedLine(columns.map(({value}) => value(item)));
}

/** Tabs and line breaks within a value become single spaces; null is empty. */
export const tabbedLine = (values: readonly (string | number | null)[]): string =>
  `${values.map((value) => String(value ?? '').replaceAll(/[\t\n\r]+/g, ' ')).join('\t')}\n`;
