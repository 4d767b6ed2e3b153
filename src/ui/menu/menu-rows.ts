import {widthOf} from '../../output/format/width.js';
import {sanitizeLine} from '../../output/terminal/sanitize.js';
import {pad, truncate} from '../../output/terminal/rows/truncate.js';
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
  const labelWidth = Math.min(Math.max(0, ...shown.map(({label}) => widthOf(label))), Math.floor((width - 4) * 0.6));
  const rows = shown.map((entry, index) =>
    entryRow(entry, {width, labelWidth, isMarked: first + index === marked, theme}),
  );
  const notes = [
    // Also while there is nothing to show, so that the rows below stay where they are.
    preview === undefined ? '' : theme.dim(truncate(`  ${sanitizeLine(preview.slice(0, maxLength))}`, width)) || ' ',
    state.problem === '' ? '' : theme.error(truncate(`  ${sanitizeLine(state.problem)}`, width)),
    theme.dim(truncate(`  ${[summary(state), action, 'Esc to close'].filter(Boolean).join(' · ')}`, width)),
  ];
  return [...rows, ...notes.filter((row) => row !== '')];
}

interface EntryRowOptions {
  width: number;
  labelWidth: number;
  isMarked: boolean;
  theme: Theme;
}

function entryRow({label, detail}: Pick<MenuEntry, 'label' | 'detail'>, options: EntryRowOptions): string {
  const {width, labelWidth, isMarked, theme} = options;
  const start = isMarked ? mark : ' '.repeat(mark.length);
  if (detail === '') return painted(truncate(start + label, width));
  const name = truncate(label, labelWidth);
  const rest = width - mark.length - labelWidth - 2;
  return `${painted(start + pad(name, labelWidth))}  ${theme.dim(truncate(detail, rest))}`;

  function painted(text: string): string {
    return isMarked ? theme.accent(text) : text;
  }
}

const plainEntry = ({label, detail}: MenuEntry) => ({
  label: sanitizeLine(label.slice(0, maxLength)),
  detail: sanitizeLine(detail.slice(0, maxLength)),
});

/** Which of how many entries is marked, and whether more may arrive. */
function summary({matches, marked, isLoading, query, problem}: ListState): string {
  const count = matches.length;
  const position = marked === -1 ? `${count} ${count === 1 ? 'entry' : 'entries'}` : `${marked + 1} of ${count}`;
  const none = problem === '' ? (query === '' ? 'Nothing to choose' : 'No match') : '';
  return [count > 0 ? position : isLoading ? '' : none, isLoading ? 'loading…' : ''].filter(Boolean).join(' · ');
}
