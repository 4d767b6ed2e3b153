import {widthOf} from '../../output/format/width.js';
import {sanitizeLine} from '../../output/terminal/sanitize.js';
import {wrapLine} from '../../output/terminal/wrap.js';
import {truncate} from '../../output/terminal/truncate.js';
import {characters, lastRows, toRows, unstyled} from '../../output/terminal/rows.js';
import type {Draft} from '../prompt/draft.js';

/** What is shown below the scrollback. */
export interface FrameContent {
  /** The unfinished end of a reply, as lines. */
  tail: string;
  /** The suggested replies, a line each. */
  offers: readonly string[];
  notice: string;
  /** The files to send with the next message, in rows that fit. */
  attachments: readonly string[];
  /** The choices below the prompt, in rows with styles. The last ones are cut off if they do not fit. */
  menu: readonly string[];
  /** The status bar: one row, or two on a narrow terminal. */
  status: readonly string[];
  prompt: Draft;
  /** What precedes the first row of the prompt. */
  mark: string;
  /** The style of less important text. */
  dim: (text: string) => string;
}

/** The rows of the screen below the scrollback, from top to bottom. Each is narrower than the terminal. */
export interface Frame extends Record<FramePart, readonly string[]> {
  /** The caret, counted from the first row. */
  caret: Caret;
}

export const frameParts = ['tail', 'offers', 'notice', 'attachments', 'prompt', 'menu', 'status'] as const;
export type FramePart = (typeof frameParts)[number];

export interface Caret {
  x: number;
  y: number;
}

export const emptyFrame: Frame = {
  tail: [],
  offers: [],
  notice: [],
  attachments: [],
  prompt: [],
  menu: [],
  status: [],
  caret: {x: 0, y: 0},
};

/** All rows of a frame. */
export const rowsOf = (frame: Frame): string[] => frameParts.flatMap((part) => frame[part]);

/** The unfinished reply must fit on a terminal of this size, so that no row scrolls away if the terminal becomes that small. */
const small = {columns: 40, rows: 10};
const maxNoticeRows = 4;

/** Lays a frame out. It has at least two rows fewer than the terminal; of a part that does not fit, the end is shown. */
export function layOut(content: FrameContent, columns: number, height: number): Frame {
  const {tail, offers, notice, attachments, menu, status, prompt, mark, dim} = content;
  const width = columns - 1;
  const room = Math.max(1, height - 2);
  const written = promptRows(prompt, mark, columns);
  const bar = room >= 3 ? status.slice(0, room - 2).map((row) => dim(truncate(row, width))) : [];
  const most = Math.max(1, Math.min(room - bar.length, Math.max(1, Math.floor(room / 2))));
  const first = Math.max(0, Math.min(written.caret.y, written.rows.length - most));
  const shown = written.rows.slice(first, first + most);
  let left = room - shown.length - bar.length;
  const fitting = (rows: readonly string[]) => {
    const fit = rows.slice(0, Math.max(0, left - 1));
    left -= fit.length;
    return fit;
  };
  const menuRows = fitting(menu);
  const attachmentRows = fitting(attachments);
  const noticeRows = fitting(noticeLines(notice, width));
  const offerRows = fitting(offers.map((offer) => dim(truncate(offer, width))));
  const tailRows = left > 0 ? lastTailRows(tail, width, left) : [];
  const above = tailRows.length + offerRows.length + noticeRows.length + attachmentRows.length;
  const caret = {x: written.caret.x, y: above + written.caret.y - first};
  return {
    tail: tailRows,
    offers: offerRows,
    notice: noticeRows,
    attachments: attachmentRows,
    prompt: shown,
    menu: menuRows,
    status: bar,
    caret,
  };
}

/** The rows of a notice. The end of a long one, where a question has its choices, is always shown. */
function noticeLines(notice: string, width: number): string[] {
  if (notice === '') return [];
  const rows = toRows(wrapLine(notice, width), width).map(({text}) => text);
  const last = rows.at(-1);
  if (rows.length <= maxNoticeRows || last === undefined) return rows;
  const start = rows.slice(0, maxNoticeRows - 1);
  return [...start.slice(0, -1), truncate(`${start.at(-1)} …`, width), last];
}

/** The last rows of a reply, and an empty row below them. */
function lastTailRows(tail: string, width: number, most: number): string[] {
  if (tail === '') return [];
  const {rows} = lastRows([...tail.replace(/\n$/, '').split('\n'), ''], width, most);
  let left = small.rows;
  const first = rows.findLastIndex(({text}) => {
    left -= Math.max(1, Math.ceil(widthOf(unstyled(text)) / small.columns));
    return left < 0;
  });
  return rows.slice(first + 1).map(({text}) => text);
}

/** Breaks the draft into rows as wide as the terminal, and finds the caret in them. */
export function promptRows({text, caret}: Draft, mark: string, columns: number): {rows: string[]; caret: Caret} {
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
