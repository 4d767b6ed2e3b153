import {widthOf} from '../../output/format/width.js';
import {sanitizeLine} from '../../output/terminal/sanitize.js';
import {wrapLine} from '../../output/terminal/rows/wrap.js';
import {truncate} from '../../output/terminal/rows/truncate.js';
import {characters, lastRows, toRows, unstyled} from '../../output/terminal/rows/rows.js';
import type {Draft} from '../prompt/draft.js';
import type {Style, Theme} from '../theme.js';

/** What is shown below the scrollback. */
export interface FrameContent {
  /** The opening lines, until they are complete. */
  header: readonly string[];
  /** The unfinished end of a reply, as lines. */
  tail: string;
  /** What the bot does, while it does something. */
  progress: readonly string[];
  /** The suggested replies, a line each. */
  offers: readonly string[];
  notice: string;
  noticeStyle?: Style | undefined;
  /** The files to send with the next message, in rows that fit. */
  attachments: readonly string[];
  prompt: Draft;
  /** What precedes the first row of the prompt. */
  mark: string;
  /** What is shown in place of an empty draft. */
  placeholder: string;
  /** Whether there are rules above and below the prompt. */
  hasRules: boolean;
  /** The choices below the prompt, in rows with styles. The last ones are cut off if they do not fit. */
  menu: readonly string[];
  /** The status bar: one row, or none. */
  status: readonly string[];
  theme: Pick<Theme, 'accent' | 'dim'>;
}

/** The rows of the screen below the scrollback, from top to bottom. Each is narrower than the terminal. */
export interface Frame extends Record<FramePart, readonly string[]> {
  /** The caret, counted from the first row. */
  caret: Caret;
}

export const frameParts = [
  'header',
  'tail',
  'progress',
  'offers',
  'notice',
  'attachments',
  'prompt',
  'menu',
  'status',
] as const;
export type FramePart = (typeof frameParts)[number];

export interface Caret {
  x: number;
  y: number;
}

export const emptyFrame: Frame = {
  header: [],
  tail: [],
  progress: [],
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

/**
 * The unfinished reply must fit on a terminal of this size, below which five rows follow, so that no row scrolls away if the
 * terminal becomes that small.
 */
const small = {columns: 40, rows: 8};
const maxNoticeRows = 4;
/** How many rows a terminal needs for a rule above the prompt, and for another one below it. */
const rowsForRules = [10, 16] as const;

/** Lays a frame out. It has at least two rows fewer than the terminal; of a part that does not fit, the end is shown. */
export function layOut(content: FrameContent, columns: number, height: number): Frame {
  const {header, tail, progress, offers, notice, attachments, menu, status, hasRules, theme} = content;
  const {noticeStyle = (row) => row} = content;
  const width = columns - 1;
  const room = Math.max(1, height - 2);
  // On a very small terminal, a menu must be seen.
  const bar = room >= (content.menu.length > 0 ? 4 : 3) ? status : [];
  const [above, below] = rowsForRules.map((rows) =>
    hasRules && height >= rows ? [theme.dim('─'.repeat(Math.max(0, columns - 2)))] : [],
  );
  const free = room - bar.length - (above?.length ?? 0) - (below?.length ?? 0);
  const written = composed(content, columns);
  const most = Math.max(1, Math.min(free, Math.floor(room / 2)));
  const first = Math.max(0, Math.min(written.caret.y, written.rows.length - most));
  const shown = written.rows.slice(first, first + most);
  let left = free - shown.length;
  const fitting = (rows: readonly string[]) => {
    const fit = rows.slice(0, Math.max(0, left - 1));
    left -= fit.length;
    return fit;
  };
  // What matters most comes first.
  const menuRows = fitting(menu);
  const attachmentRows = fitting(attachments);
  const noticeRows = fitting(noticeLines(notice, width).map((row) => noticeStyle(row)));
  const progressRows = fitting(progress);
  const offerRows = fitting(offers.map((offer) => theme.dim(truncate(offer, width))));
  const isApart = offerRows.length > 0 && noticeRows.length > 0 && left > 1;
  if (isApart) left -= 1;
  const headerRows = fitting(header);
  const tailRows = left > 0 ? lastTailRows(tail, width, left) : [];
  const frame = {
    header: headerRows,
    tail: tailRows,
    progress: progressRows,
    offers: isApart ? [...offerRows, ''] : offerRows,
    notice: noticeRows,
    attachments: attachmentRows,
    prompt: [...(above ?? []), ...shown, ...(below ?? [])],
    menu: menuRows,
    status: bar,
    caret: {x: 0, y: 0},
  };
  const rowsAbove = rowsOf({...frame, prompt: above ?? [], menu: [], status: []}).length;
  return {...frame, caret: {x: written.caret.x, y: rowsAbove + written.caret.y - first}};
}

/** The prompt, or its placeholder while the draft is empty. */
function composed({prompt, mark, placeholder, theme}: FrameContent, columns: number) {
  const written = promptRows(prompt, mark, columns);
  const [row = '', ...rows] = written.rows;
  const isEmpty = prompt.text === '' && placeholder !== '';
  const text = isEmpty ? theme.dim(truncate(placeholder, columns - 1 - widthOf(mark))) : row.slice(mark.length);
  return {...written, rows: [theme.accent(mark.trimEnd()) + mark.slice(mark.trimEnd().length) + text, ...rows]};
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
