import stringWidth from 'string-width';
import {clean} from '../output/clean.js';
import {characters, lastRows} from '../output/rows.js';
import type {Draft} from './editor.js';

/** What stands at the bottom of the terminal. */
export interface Bottom {
  /** The open rest of a reply, as lines. */
  tail: string;
  /** A word on what is going on. */
  notice: string;
  status: string;
  prompt: Draft;
  /** What stands before the first row of the prompt. */
  mark: string;
}

export interface Rows {
  rows: string[];
  caret: {x: number; y: number};
}

/**
 * The bottom as rows of the screen, each narrower than the terminal, and where the caret stands in them. They are at least two
 * fewer than the terminal has; where they do not fit, the end of each part is shown.
 */
export function rowsOf({tail, notice, status, prompt, mark}: Bottom, columns: number, height: number): Rows {
  const room = Math.max(1, height - 2);
  const written = promptRows(prompt, mark, columns);
  const below = room >= 3 ? [cut(status, columns)] : [];
  const above = notice !== '' && room >= 4 ? [cut(notice, columns)] : [];
  const most = Math.max(1, Math.min(room - below.length - above.length, Math.max(1, Math.floor(room / 2))));
  const first = Math.max(0, Math.min(written.caret.y, written.rows.length - most));
  const shown = written.rows.slice(first, first + most);
  const left = room - shown.length - below.length - above.length;
  const lines = tail === '' ? [] : [...tail.replace(/\n$/, '').split('\n'), ''];
  const live = left > 0 ? lastRows(lines, columns - 1, left).rows.map(({text}) => text) : [];
  return {
    rows: [...live, ...above, ...shown, ...below],
    caret: {x: written.caret.x, y: live.length + above.length + written.caret.y - first},
  };
}

/** The draft broken into rows as wide as the terminal, and the caret's place. */
export function promptRows({text, caret}: Draft, mark: string, columns: number): Rows {
  const rows: string[] = [];
  const indent = ' '.repeat(stringWidth(mark));
  let row = mark;
  let x = indent.length;
  let at = 0;
  let place = {x, y: 0};
  for (const character of characters(text)) {
    if (at === caret) place = {x, y: rows.length};
    const drawn = character === '\t' ? '    ' : clean(character);
    const width = stringWidth(drawn);
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

function cut(text: string, columns: number): string {
  let row = '';
  let used = 0;
  for (const character of characters(text)) {
    used += stringWidth(character);
    if (used > columns - 2) return `${row}…`;
    row += character;
  }
  return row;
}
