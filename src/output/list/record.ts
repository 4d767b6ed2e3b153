import {sanitize, sanitizeLine} from '../terminal/sanitize.js';
import {wrapLine} from '../terminal/rows/wrap.js';
import {tabbedLine, type TerminalOptions} from './columns.js';

/** A named value: its text on a terminal (null if there is none), and the exact value for pipes if that differs. */
export type Field = readonly [label: string, shown: string | null, plain?: string | number | null];

/** One tab-separated line per field: label and exact value. */
export const tabbedFields = (fields: readonly Field[]): string =>
  fields.map(([label, shown, plain = shown]) => tabbedLine([label, plain])).join('');

/**
 * One paragraph per field: the value, sanitized and wrapped, beside its label, or below it on a narrow terminal. Fields that
 * are null or empty are left out.
 */
export function shownFields(fields: readonly Field[], {paint, width}: TerminalOptions): string {
  const column = Math.max(0, ...fields.map(([label, shown]) => (shown ? label.length : 0))) + gap;
  const isBeside = width - column >= minValueWidth;
  const indent = ' '.repeat(isBeside ? column : gap);
  const paragraphs = fields.flatMap(([label, shown]) => {
    if (!shown) return [];
    const lines = sanitize(shown)
      .split('\n')
      .flatMap((line) => wrapLine(indent + sanitizeLine(line), width, indent));
    const value = lines.map((line) => line.trimEnd()).join('\n');
    const heading = isBeside ? paint.dim(label.padEnd(column)) : `${paint.dim(label)}\n${indent}`;
    return [`${heading}${value.slice(indent.length)}\n`];
  });
  return paragraphs.join('');
}

const gap = 2;
/** With less room than this, values go below their labels. */
const minValueWidth = 20;
