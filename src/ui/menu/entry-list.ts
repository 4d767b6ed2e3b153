import type {MenuEntry} from './entry.js';

/** Entries that can be filtered. */
export interface EntryList {
  readonly entries: readonly MenuEntry[];
  /** The entries that match a text, best first; all if it is empty. */
  matching(text: string): readonly MenuEntry[];
}

export const emptyList: EntryList = {entries: [], matching: () => []};

/** No one scrolls through more. */
const maxMatches = 200;
/** Matches below this score, of at most 1, share only scattered letters with the text. */
const minScore = 0.25;
/** Longer texts are cut before they are searched. */
const maxSearched = 300;

/** A list in which a text matches if its characters occur in this order. Better matches come first. */
export async function fuzzyList(entries: readonly MenuEntry[]): Promise<EntryList> {
  const {go, snapshot} = await import('fuzzysort');
  const options = {limit: maxMatches, threshold: minScore};
  const label = (entry: MenuEntry) => entry.label.slice(0, maxSearched);
  const keywords = (entry: MenuEntry) => (entry.keywords ?? '').slice(0, maxSearched);
  // Searching one text each is twice as fast.
  const hasKeywords = entries.some((entry) => entry.keywords !== undefined);
  const both = hasKeywords ? snapshot(entries, {keys: [label, keywords]}) : undefined;
  const labels = snapshot(entries, {key: label});
  const order = new Map(entries.map((entry, index) => [entry, index]));
  const place = (entry: MenuEntry) => order.get(entry) ?? 0;
  return {
    entries,
    matching(text) {
      if (text.trim() === '') return entries;
      const matches = both ? [...go(text, both, options)] : [...go(text, labels, options)];
      const start = withoutMark(text.trim());
      const starts = new Map(matches.map(({obj}) => [obj, Number(withoutMark(obj.label).startsWith(start))]));
      // What begins with the text comes first. Equally good matches stay in their order.
      return matches
        .toSorted(
          (a, b) =>
            (starts.get(b.obj) ?? 0) - (starts.get(a.obj) ?? 0) || b.score - a.score || place(a.obj) - place(b.obj),
        )
        .map(({obj}) => obj);
    },
  };
}

const withoutMark = (text: string): string => text.replace(/^[/@]/, '').toLowerCase();

/** A list that keeps its order. An entry matches if it contains all words of a text, in any letter case. */
export function orderedList(entries: readonly MenuEntry[]): EntryList {
  return {
    entries,
    matching(text) {
      const words = text.toLowerCase().split(/\s+/).filter(Boolean);
      if (words.length === 0) return entries;
      return entries.filter(({label, keywords = ''}) => {
        const searched = `${label} ${keywords}`.toLowerCase();
        return words.every((word) => searched.includes(word));
      });
    },
  };
}
