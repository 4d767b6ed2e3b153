import {points as counted} from '../format/numbers.js';
import {duration} from '../format/time.js';
import type {Paint} from '../terminal/paint.js';
import {pad, truncate} from '../terminal/rows/truncate.js';
import {wrapLine} from '../terminal/rows/wrap.js';
import {sanitize, sanitizeLine} from '../terminal/sanitize.js';

/** The reply of one bot, complete or as far as it has arrived. */
export interface ComparedColumn {
  /** The bot, or a letter that hides it. */
  name: string;
  text: string;
  /** Undefined until the reply has ended. */
  end?: {firstWordMs: number | null; totalMs: number; points: number | null; error: string | null} | undefined;
}

/** A narrower column is hard to read. */
const minColumnWidth = 36;
const gap = 3;
const maxTextWidth = 100;

/** Replies beside each other if there is room, else below each other. Each line ends with a line break. */
export function comparison(columns: readonly ComparedColumn[], {width, paint}: {width: number; paint: Paint}): string {
  const columnWidth = Math.floor((width - gap * (columns.length - 1)) / columns.length);
  if (columnWidth < minColumnWidth) return stacked(columns, {width, paint});
  const cells = columns.map((column) => rowsOf(column, columnWidth));
  const height = Math.max(...cells.map((rows) => rows.length));
  const rows = Array.from({length: height}, (_, index) =>
    cells
      .map((each) => {
        const row = pad(each[index] ?? '', columnWidth);
        return index === 0 ? paint.bold(row) : index === 1 ? paint.dim(row) : row;
      })
      .join(' '.repeat(gap))
      .trimEnd(),
  );
  return `${rows.join('\n')}\n`;
}

/** Replies below each other. */
export function stacked(columns: readonly ComparedColumn[], {width, paint}: {width: number; paint: Paint}): string {
  const parts = columns.map((column) => {
    const [name = '', facts = '', ...text] = rowsOf(column, Math.min(width - 1, maxTextWidth));
    return `${[paint.bold(name), paint.dim(facts), ...text].join('\n')}\n`;
  });
  return parts.join('\n');
}

/** The name, the facts, an empty row and the text. */
function rowsOf({name, text, end}: ComparedColumn, width: number): string[] {
  const lines = sanitize(text.trimEnd()).split('\n');
  const rows = text === '' ? [] : ['', ...lines.flatMap((line) => wrapLine(line, width))];
  const error = end?.error == null ? [] : ['', ...wrapLine(sanitizeLine(`Error: ${end.error}`), width)];
  return [sanitizeLine(name), factsText(text, end, width), ...rows, ...error].map((row) => truncate(row, width));
}

/** What is known about a reply, the most important first. What does not fit is left out. */
function factsText(text: string, end: ComparedColumn['end'], width: number): string {
  const length = text === '' ? '' : `${text.length.toLocaleString('en-US')} characters`;
  if (!end) return length || 'waiting…';
  const {firstWordMs, totalMs, points} = end;
  const facts = [
    points === null ? 'cost unknown' : counted(points),
    firstWordMs === null ? '' : `first word ${duration(firstWordMs)}`,
    `total ${duration(totalMs)}`,
    length,
  ].filter(Boolean);
  while (facts.length > 1 && facts.join(' · ').length > width) facts.pop();
  return facts.join(' · ');
}
