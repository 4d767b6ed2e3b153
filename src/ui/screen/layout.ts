import {widthOf} from '../../output/format/width.js';
import {sanitizeLine} from '../../output/terminal/sanitize.js';
import {truncate} from '../../output/terminal/truncate.js';
import {characters, lastRows, toRows, unstyled} from '../../output/terminal/rows.js';
import type {Draft} from '../prompt/editor.js';

/** What stands at the bottom of the terminal. */
export interface Bottom {
  /** The open rest of a reply, as lines. */
  tail: string;
  /** What can be answered, a line each. */
  offers: readonly string[];
  /** A word on what is going on. */
  notice: string;
  /** Who is talked to, and what it costs: one row, or two where the terminal is narrow. */
  status: readonly string[];
  prompt: Draft;
  /** What stands before the first row of the prompt. */
  mark: string;
  /** How what is less important is shown. */
  quiet: (text: string) => string;
}

export interface Rows {
  rows: string[];
  caret: {x: number; y: number};
}

/** The live rows must fit on a terminal of so many columns and rows: should it become that small, none may scroll away. */
const small = {columns: 40, rows: 10};
const mostNoticeRows = 4;

/**
 * The bottom as rows of the screen, each narrower than the terminal, and where the caret stands in them. They are at least two
 * fewer than the terminal has; where they do not fit, the end of each part is shown.
 */
export function rowsOf(bottom: Bottom, columns: number, height: number): Rows {
  const {tail, offers, notice, status, prompt, mark, quiet} = bottom;
  const width = columns - 1;
  const room = Math.max(1, height - 2);
  const written = promptRows(prompt, mark, columns);
  const below = room >= 3 ? status.slice(0, room - 2).map((row) => quiet(truncate(row, width))) : [];
  const most = Math.max(1, Math.min(room - below.length, Math.max(1, Math.floor(room / 2))));
  const first = Math.max(0, Math.min(written.caret.y, written.rows.length - most));
  const shown = written.rows.slice(first, first + most);
  let left = room - shown.length - below.length;
  const above: string[] = [];
  for (const part of [noticeRows(notice, width), offers.map((offer) => quiet(truncate(offer, width)))]) {
    const rows = part.slice(0, Math.max(0, left - 1));
    above.unshift(...rows);
    left -= rows.length;
  }
  const live = left > 0 ? liveRows(tail, width, left) : [];
  return {
    rows: [...live, ...above, ...shown, ...below],
    caret: {x: written.caret.x, y: live.length + above.length + written.caret.y - first},
  };
}

const noticeRows = (notice: string, width: number): string[] =>
  notice === ''
    ? []
    : toRows([notice], width)
        .map(({text}) => text)
        .slice(0, mostNoticeRows);

/** The last rows of a reply, and an empty one below them. */
function liveRows(tail: string, width: number, most: number): string[] {
  if (tail === '') return [];
  const {rows} = lastRows([...tail.replace(/\n$/, '').split('\n'), ''], width, most);
  let left = small.rows;
  const first = rows.findLastIndex(({text}) => {
    left -= Math.max(1, Math.ceil(widthOf(unstyled(text)) / small.columns));
    return left < 0;
  });
  return rows.slice(first + 1).map(({text}) => text);
}

/** The draft broken into rows as wide as the terminal, and the caret's place. */
export function promptRows({text, caret}: Draft, mark: string, columns: number): Rows {
  const rows: string[] = [];
  const indent = ' '.repeat(widthOf(mark));
  let row = mark;
  let x = indent.length;
  let at = 0;
  let place = {x, y: 0};
  for (const character of characters(text)) {
    if (at === caret) place = {x, y: rows.length};
    const drawn = character === '\t' ? '    ' : sanitizeLine(character);
    const width = widthOf(drawn);
    if (character === '\n' || x + width >= columns) {
      rows.push(row);
      row = indent;
      x = indent.length;
      if (at === caret && character !== '\n') place = {x, y: rows.length};
    }
    if (character !== '\n') {
      row += drawn;
      x += width;
    }
    at += character.length;
  }
  if (caret >= at) place = {x, y: rows.length};
  return {rows: [...rows, row], caret: place};
}
