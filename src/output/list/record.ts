import type {ChalkInstance} from 'chalk';
import {sanitize, sanitizeLine} from '../terminal/sanitize.js';
import {wrapLine} from '../terminal/wrap.js';
import {tabbed} from './tabbed.js';

/** A named value: as a terminal shows it, null for nothing, and as programs are told it, where that differs. */
export type Field = readonly [label: string, shown: string | null, plain?: string | number | null];

/** One line a field for other programs: label, tab, exact value. */
export const tabbedFields = (fields: readonly Field[]): string =>
  fields.map(([label, shown, plain = shown]) => tabbed([label, plain])).join('');

/**
 * One paragraph a field for a terminal: the value, cleaned and broken between words, beside its label, or below where there
 * is no room. What is null or empty is left out.
 */
export function shownFields(fields: readonly Field[], {paint, width}: {paint: ChalkInstance; width: number}): string {
  const column = Math.max(0, ...fields.map(([label, shown]) => (shown ? label.length : 0))) + gap;
  const isBeside = width - column >= least;
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
/** How much room values want at least to stand beside their labels. */
const least = 20;
