/**
 * Those things that a query may mean, the best first: a name that is it, begins with it, has it in it, a description that
 * has it, and names that are nearly it. An empty query means all.
 */
export function ranked<T>(
  query: string,
  things: readonly T[],
  wordsOf: (thing: T) => {names: readonly string[]; more?: string},
): T[] {
  const wanted = plain(query);
  return things
    .map((thing) => ({thing, score: scoreOf(wanted, wordsOf(thing))}))
    .filter(({score}) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({thing}) => thing);
}

function scoreOf(wanted: string, {names, more = ''}: {names: readonly string[]; more?: string}): number {
  const plainNames = names.map(plain);
  if (wanted === '') return 1;
  if (plainNames.includes(wanted)) return 5;
  if (plainNames.some((name) => name.startsWith(wanted))) return 4;
  if (plainNames.some((name) => name.includes(wanted))) return 3;
  if (plain(more).includes(wanted)) return 2;
  const likeness = Math.max(...plainNames.map((name) => alike(wanted, name)));
  return likeness >= 0.6 ? likeness : 0;
}

/** Lower case, and nothing but letters and digits. */
const plain = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

/** From 0 to 1: the part of the pairs of neighbouring letters that two words have in common. */
function alike(one: string, other: string): number {
  const pairs = (word: string) => Array.from({length: Math.max(0, word.length - 1)}, (_, i) => word.slice(i, i + 2));
  const rest = pairs(other);
  const all = pairs(one).length + rest.length;
  const common = pairs(one).filter((pair) => {
    const index = rest.indexOf(pair);
    if (index >= 0) rest.splice(index, 1);
    return index >= 0;
  });
  return all === 0 ? 0 : (2 * common.length) / all;
}
