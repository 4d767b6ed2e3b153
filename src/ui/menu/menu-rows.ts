import {widthOf} from '../../output/format/width.js';
import {sanitizeLine} from '../../output/terminal/sanitize.js';
import {pad, truncate} from '../../output/terminal/rows/truncate.js';
import {fitParts} from '../text/fit-parts.js';
import type {Theme} from '../theme.js';
import type {MenuEntry} from './entry.js';
import type {ListState} from './list-state.js';

export interface RowsOptions {
  /** In columns. */
  width: number;
  /** The height of the terminal, in rows. */
  height: number;
  theme: Theme;
}

const mark = '❯ ';
const maxEntries = 8;
/** Rows of the terminal that are left for other parts of the frame. */
const otherRows = 10;
/** Longer texts are not measured. */
const maxLength = 500;

/** A list as rows: an entry each, then a preview, what has failed, and the position with the keys. */
export function menuRows(state: ListState, {width, height, theme, action}: RowsOptions & {action: string}): string[] {
  const {matches, marked, preview} = state;
  const count = Math.min(maxEntries, Math.max(1, height - otherRows), matches.length);
  const first = Math.max(0, Math.min(marked - Math.floor(count / 2), matches.length - count));
  const shown = matches.slice(first, first + count).map(plainEntry);
  const columns = columnsFor(shown, width);
  const rows = shown.map((entry, index) =>
    entryRow(entry, {width, columns, isMarked: first + index === marked, theme}),
  );
  const notes = [
    // Also while there is nothing to show, so that the rows below stay where they are.
    preview === undefined ? '' : theme.dim(truncate(`  ${sanitizeLine(preview.slice(0, maxLength))}`, width)) || ' ',
    state.problem === '' ? '' : theme.error(truncate(`  ${sanitizeLine(state.problem)}`, width)),
    theme.dim(`  ${fitParts([summary(state), action, 'Esc to close'].filter(Boolean), width - 2)}`),
  ];
  return [...rows, ...notes.filter((row) => row !== '')];
}

/** The widths of the columns of a list. */
interface Columns {
  label: number;
  fact: number;
  detail: number;
}

const gap = 2;
const maxFactWidth = 24;
/** A narrower detail says nothing. */
const minDetailWidth = 6;

function columnsFor(entries: readonly PlainEntry[], width: number): Columns {
  const widest = (column: 'label' | 'fact') => Math.max(0, ...entries.map((entry) => widthOf(entry[column])));
  const label = Math.min(widest('label'), Math.floor((width - 4) * 0.6));
  const room = width - mark.length - label - gap;
  const fact = Math.min(widest('fact'), maxFactWidth, room);
  const rest = fact === 0 ? room : room - fact - gap;
  return {label, fact, detail: rest < minDetailWidth ? 0 : rest};
}

interface EntryRowOptions {
  width: number;
  columns: Columns;
  isMarked: boolean;
  theme: Theme;
}

function entryRow({label, fact, detail}: PlainEntry, {width, columns, isMarked, theme}: EntryRowOptions): string {
  const start = isMarked ? mark : ' '.repeat(mark.length);
  const painted = (text: string) => (isMarked ? theme.accent(text) : text);
  if (fact === '' && detail === '') return painted(truncate(start + label, width));
  const cells = [
    painted(start + pad(truncate(label, columns.label), columns.label)),
    ...(columns.fact === 0 ? [] : [pad(truncate(fact, columns.fact), columns.fact, isNumber(fact) ? 'right' : null)]),
    ...(columns.detail === 0 ? [] : [theme.dim(truncate(detail, columns.detail))]),
  ];
  return cells.join(' '.repeat(gap));
}

/** Prices and sizes are easier to compare if their ends are below each other. */
const isNumber = (fact: string): boolean => /^\d[\d,.]* [a-z]+$/i.test(fact);

type PlainEntry = ReturnType<typeof plainEntry>;

const plainEntry = ({label, fact = '', detail}: MenuEntry) => ({
  label: sanitizeLine(label.slice(0, maxLength)),
  fact: sanitizeLine(fact.slice(0, maxLength)),
  detail: sanitizeLine(detail.slice(0, maxLength)),
});

/** Which of how many entries is marked, and whether more may arrive. */
function summary({matches, marked, isLoading, query, problem}: ListState): string {
  const count = matches.length;
  const position = marked === -1 ? `${count} ${count === 1 ? 'entry' : 'entries'}` : `${marked + 1} of ${count}`;
  const none = problem === '' ? (query === '' ? 'Nothing to choose' : 'No match') : '';
  return [count > 0 ? position : isLoading ? '' : none, isLoading ? 'loading…' : ''].filter(Boolean).join(' · ');
}
