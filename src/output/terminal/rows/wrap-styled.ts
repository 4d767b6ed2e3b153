import {widthOf} from '../../format/width.js';
import {breakable} from './line-breaks.js';
import {isAscii, unstyled} from './rows.js';
import {cutStyled} from '../styles.js';

/**
 * Wraps a rendered line at words so that no row is wider than a number of columns, and the further ones are `hang` columns narrower. A word that is too wide has a row for itself:
 * the terminal breaks it, so that a URL can be copied. Each row has complete styles, and no blanks at its end.
 */
export function wrapStyled(line: string, columns: number, hang = 0): string[] {
  if (line.length <= columns && isAscii(line)) return [line.trimEnd()];
  const text = unstyled(line);
  // A code unit is at most two columns wide.
  if (text.length * (isAscii(text) ? 1 : 2) <= columns && !/[ \t]$/.test(text) && !text.includes('\t')) return [line];
  const rows = isAscii(text) ? asciiRows(text, columns, hang) : rowsOf(text, columns, hang);
  if (text.length === line.length) return rows.map(({start, end}) => line.slice(start, end));
  return cutStyled(line, rows);
}

/** A part of a text. */
export interface Range {
  start: number;
  end: number;
}

function asciiRows(text: string, first: number, hang: number): Range[] {
  const rows: Range[] = [];
  const length = text.trimEnd().length;
  let columns = first;
  let start = 0;
  while (length - start > columns) {
    const word = firstWord(text, start);
    const space = text.lastIndexOf(' ', start + columns);
    const end = space > word ? space : text.indexOf(' ', word);
    if (end === -1 || end >= length) break;
    rows.push({start, end: trimmedEnd(text, start, end)});
    start = firstWord(text, end);
    columns = first - hang;
  }
  return [...rows, {start, end: length}];
}

/** Where the first word from a position on starts. */
function firstWord(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at += 1;
  return at;
}

function trimmedEnd(text: string, start: number, from: number): number {
  let end = from;
  while (end > start && isBlank(text.charAt(end - 1))) end -= 1;
  return end;
}

function rowsOf(text: string, first: number, hang: number): Range[] {
  const rows: Range[] = [];
  let columns = first;
  let start = 0;
  let end = 0;
  let width = 0;
  for (const part of breakable(text)) {
    const partWidth = widthWithTabs(part);
    if (width > 0 && width + partWidth > columns && part.trim() !== '') {
      const word = part.trimStart();
      rows.push({start, end: trimmedEnd(text, start, end)});
      start = end + part.length - word.length;
      width = widthWithTabs(word);
      columns = first - hang;
    } else {
      width += partWidth;
    }
    end += part.length;
  }
  return [...rows, {start, end: trimmedEnd(text, start, end)}];
}

const isBlank = (character: string): boolean => character === ' ' || character === '\t';

/** An upper bound for texts with tabs: how wide these are depends on where they are. */
const widthWithTabs = (text: string): number =>
  text.includes('\t') ? text.split('\t').reduce((sum, part) => sum + widthOf(part) + 8, -8) : widthOf(text);
