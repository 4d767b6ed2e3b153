/**
 * The items that match a query, best match first: an equal name, a name that starts with it, one that contains it, a text
 * that contains it, a similar name. An empty query matches all.
 */
export function search<T>(
  query: string,
  items: readonly T[],
  wordsOf: (item: T) => {names: readonly string[]; text?: string},
): T[] {
  const normalized = normalize(query);
  return items
    .map((item) => ({item, score: score(normalized, wordsOf(item))}))
    .filter((match) => match.score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({item}) => item);
}

function score(query: string, {names, text = ''}: {names: readonly string[]; text?: string}): number {
  const normalized = names.map(normalize);
  if (query === '') return 1;
  if (normalized.includes(query)) return 5;
  if (normalized.some((name) => name.startsWith(query))) return 4;
  if (normalized.some((name) => name.includes(query))) return 3;
  if (normalize(text).includes(query)) return 2;
  const best = Math.max(...normalized.map((name) => similarity(query, name)));
  return best >= 0.6 ? best : 0;
}

/** Only letters and digits, in lower case. */
const normalize = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

/** The share of pairs of adjacent letters that two words have in common (Dice coefficient), 0 to 1. */
function similarity(one: string, other: string): number {
  const pairs = (word: string) => Array.from({length: Math.max(0, word.length - 1)}, (_, i) => word.slice(i, i + 2));
  const rest = pairs(other);
  const total = pairs(one).length + rest.length;
  const common = pairs(one).filter((pair) => {
    const index = rest.indexOf(pair);
    if (index >= 0) rest.splice(index, 1);
    return index >= 0;
  });
  return total === 0 ? 0 : (2 * common.length) / total;
}
