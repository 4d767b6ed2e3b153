import type {ChalkInstance} from 'chalk';
import {toRows} from '../../terminal/rows/rows.js';
import {pad} from '../../terminal/rows/truncate.js';
import {wrapStyled} from '../../terminal/rows/wrap-styled.js';
import type {BoxLayout, Table, TableLayout, TableOptions} from './layout.js';

/** Which part of a table is drawn. */
interface Part {
  /** Whether it continues a table whose start was drawn before. */
  isContinued: boolean;
  /** Whether more rows follow. */
  isOpen: boolean;
}

/** The lines of a table, or of a part of it. */
export function drawTable(
  table: Table,
  layout: TableLayout,
  {paint, ...options}: TableOptions & Part & {paint: ChalkInstance},
): string[] {
  return layout.form === 'box' ? box(table, layout, options, paint) : records(table, options);
}

function box({header, rows}: Table, layout: BoxLayout, {isContinued, isOpen}: Part, paint: ChalkInstance): string[] {
  const bar = paint.dim('│');
  const rule = ([left, middle, right]: readonly [string, string, string]) =>
    paint.dim(`${left}${layout.widths.map((width) => '─'.repeat(width + 2)).join(middle)}${right}`);
  const drawn = (row: readonly string[]) => {
    const cells = layout.widths.map((width, column) => cellLines(row[column] ?? '', width));
    const height = cells.reduce((highest, {length}) => Math.max(highest, length), 1);
    return Array.from({length: height}, (_, line) => {
      const padded = layout.widths.map((width, column) =>
        pad(cells[column]?.[line] ?? '', width, layout.align[column]),
      );
      return `${bar} ${padded.join(` ${bar} `)} ${bar}`;
    });
  };
  const between = layout.isRuled ? [rule(rules.middle)] : [];
  return [
    ...(isContinued ? [] : [rule(rules.top), ...drawn(header)]),
    ...rows.flatMap((row, index) => [...(index > 0 || isContinued ? between : [rule(rules.middle)]), ...drawn(row)]),
    ...(isOpen ? [] : [rule(rules.bottom)]),
  ];
}

const rules = {top: ['┌', '┬', '┐'], middle: ['├', '┼', '┤'], bottom: ['└', '┴', '┘']} as const;

/** A cell of a later row may contain a word that is too wide: it is broken, so that the lines of the table stay where they are. */
const cellLines = (cell: string, width: number): string[] =>
  cell
    .split('\n')
    .flatMap((line) => wrapStyled(line, width))
    .flatMap((line) => toRows([line], width).map(({text}) => text));

function records({header, rows}: Table, {width, wrap, isContinued}: TableOptions & Part): string[] {
  const oneLine = (cell: string) => cell.replaceAll('\n', ' ');
  const wrapped = (text: string) => (wrap === 'none' ? [text.trimEnd()] : wrapStyled(text, width, indent.length));
  if (rows.length === 0) return isContinued ? [] : header.flatMap((name) => wrapped(oneLine(name)));
  return rows.flatMap((row, index) => [
    ...(index === 0 && !isContinued ? [] : ['']),
    ...row.flatMap((cell, column) => {
      const name = oneLine(header[column] ?? '');
      const lines = (name === '' ? cell : `${name}: ${cell}`).split('\n').flatMap(wrapped);
      return lines.map((line, index) => (index === 0 ? line : indent + line));
    }),
  ]);
}

const indent = '  ';
