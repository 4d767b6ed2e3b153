/** "1 point", "1,827 points"; '' for null. */
export const points = (count: number | null): string =>
  count === null ? '' : `${counted(count)} ${count === 1 ? 'point' : 'points'}`;

/** "1,827" */
export const counted = (count: number): string => (formatter ??= new Intl.NumberFormat('en-US')).format(count);

// Created on first use: it takes ten milliseconds, and few commands show points.
let formatter: Intl.NumberFormat | undefined;

/** An amount of US dollars: "$10", "$0.50", "$0.0281". */
export const dollars = (usd: number): string =>
  `$${usd.toLocaleString('en-US', {minimumFractionDigits: Number.isInteger(usd) ? 0 : 2, maximumFractionDigits: 4})}`;

/** The price of a million tokens, from the price of one, in US dollars. */
export const perMillion = (usd: number): string => `$${Number((usd * 1e6).toPrecision(4))}`;

/** A horizontal bar for a bar chart, in steps of an eighth of a cell. Every positive value is visible. */
export function bar(value: number, largest: number, cells: number): string {
  if (value <= 0 || largest <= 0) return '';
  const eighths = Math.max(1, Math.round((value / largest) * cells * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (partialBlocks[eighths % 8] ?? '');
}

/** As {@link bar}, with a line where the limit is. */
export function barWithLimit(value: number, limit: number, {largest, cells}: {largest: number; cells: number}): string {
  const position = Math.min(cells - 1, Math.round((limit / largest) * cells));
  const cell = bar(value, largest, cells).padEnd(cells);
  return `${cell.slice(0, position)}│${cell.slice(position + 1)}`.trimEnd();
}

const partialBlocks = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
