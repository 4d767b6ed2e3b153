import type {MenuEntry} from './entry.js';
import {emptyList, type EntryList} from './entry-list.js';

/** A list of choices, filtered by a text. Pure, and never modified in place. */
export interface ListState {
  readonly list: EntryList;
  /** What the entries are filtered by. */
  readonly query: string;
  readonly matches: readonly MenuEntry[];
  /** The index of the marked match; -1 if none is marked. */
  readonly marked: number;
  /** Whether the user has moved the mark since the last key that was typed. */
  readonly isMoved: boolean;
  /** Whether a match is always marked. If not, only the arrows mark one. */
  readonly marksFirst: boolean;
  /** The value of the entry that is marked first, before anything is typed. */
  readonly first: string | undefined;
  /** Whether more entries may arrive. */
  readonly isLoading: boolean;
  /** Why entries may be missing; '' if nothing failed. */
  readonly problem: string;
  /** More about the marked entry; '' if there is nothing, or not yet. Undefined if the list has no previews. */
  readonly preview: string | undefined;
}

export const newList = ({marksFirst = true, query = '', first}: NewListOptions = {}): ListState => ({
  list: emptyList,
  query,
  matches: [],
  marked: -1,
  isMoved: false,
  marksFirst,
  first,
  isLoading: true,
  problem: '',
  preview: undefined,
});

interface NewListOptions {
  marksFirst?: boolean;
  query?: string;
  first?: string | undefined;
}

/** The entry that Enter chooses. */
export const markedEntry = ({matches, marked}: ListState): MenuEntry | undefined => matches[marked];

/** Filters by another text. The best match is marked, if a match is always marked. */
export const withQuery = (state: ListState, query: string): ListState =>
  query === state.query
    ? state
    : withMatches({...state, query, isMoved: false, problem: ''}, state.list.matching(query));

/** Takes the entries that were loaded. A mark that the user has moved stays where it is. */
export const withEntries = (state: ListState, list: EntryList): ListState =>
  withMatches({...state, list}, list.matching(state.query));

/**
 * Takes what a search has found for a query, after the matches that are shown: they stay where they are, so that Enter chooses
 * what the user has seen.
 */
export function withFound(state: ListState, list: EntryList, {query, found}: SearchResult): ListState {
  if (query !== state.query) return {...state, list};
  const updated = new Map(found.map((entry) => [entry.value, entry]));
  const before = state.matches.map((entry) => updated.get(entry.value) ?? entry);
  const shown = new Set(before.map(({value}) => value));
  const matches = [...before, ...found.filter(({value}) => !shown.has(value))];
  return {...state, list, matches, marked: state.marked === -1 ? firstOf(state, matches) : state.marked};
}

/** Takes entries of which more is known. Those that are shown stay where they are. */
export const withChanged = (state: ListState, list: EntryList, change: (entry: MenuEntry) => MenuEntry): ListState => ({
  ...state,
  list,
  matches: state.matches.map((entry) => change(entry)),
});

export interface SearchResult {
  query: string;
  found: readonly MenuEntry[];
}

/** Marks the entry so many rows below, from the last one on to the first. */
export function moveMark(state: ListState, by: number): ListState {
  const count = state.matches.length;
  if (count === 0) return state;
  const from = state.marked === -1 && by < 0 ? 0 : state.marked;
  return mark(state, (((from + by) % count) + count) % count);
}

/** Marks the entry a page below, or the last one. */
export const moveMarkByPage = (state: ListState, by: number): ListState =>
  state.matches.length === 0 ? state : mark(state, Math.min(Math.max(0, state.marked + by), state.matches.length - 1));

const mark = (state: ListState, marked: number): ListState => ({
  ...state,
  marked,
  isMoved: true,
  preview: withoutPreview(state),
});

/** The preview was that of another entry. */
const withoutPreview = ({preview}: ListState): string | undefined => preview && '';

function withMatches(state: ListState, matches: readonly MenuEntry[]): ListState {
  const before = markedEntry(state)?.value;
  const at = state.isMoved ? matches.findIndex(({value}) => value === before) : -1;
  const marked = at === -1 ? firstOf(state, matches) : at;
  const preview = matches[marked]?.value === before ? state.preview : withoutPreview(state);
  return {...state, matches, marked, preview};
}

function firstOf({marksFirst, first, query}: ListState, matches: readonly MenuEntry[]): number {
  if (!marksFirst || matches.length === 0) return -1;
  return query === ''
    ? Math.max(
        0,
        matches.findIndex(({value}) => value === first),
      )
    : 0;
}
