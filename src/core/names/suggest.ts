import {distance} from 'fastest-levenshtein';

/** A longer word is no name with a typo, and comparing it takes long: the time grows with the cube of its length. */
const maxLength = 100;

/**
 * The candidates that a user may have meant by `word`, best first: similar in spelling, or containing it. Letter case and
 * separators are ignored.
 */
export function closestNames(word: string, candidates: Iterable<string>, max = 3): string[] {
  const target = normalize(word);
  if (!target || target.length > maxLength) return [];
  return [...new Set(candidates)]
    .map((candidate) => ({candidate, cost: costOf(target, normalize(candidate))}))
    .filter(({cost}) => cost <= 0.4)
    .toSorted((a, b) => a.cost - b.cost)
    .slice(0, max)
    .map(({candidate}) => candidate);
}

/** "Did you mean a, b or c?" */
export function didYouMean(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return `Did you mean ${names.length > 1 ? `${names.slice(0, -1).join(', ')} or ${last}` : last}?`;
}

/** The first candidate that `word` is a typo of. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > maxLength) return undefined;
  const maxEdits = word.length <= 5 ? 1 : 2;
  return candidates.find((candidate) => word !== candidate && editDistance(word, candidate) <= maxEdits);
}

const normalize = (word: string): string => word.toLowerCase().replace(/[\s._-]+/g, '');

/** 0 for equal words, 1 for words that have nothing in common. */
function costOf(target: string, candidate: string): number {
  const spelling = Math.min(
    editDistance(target, candidate) / Math.max(target.length, candidate.length, 1),
    // A typo in the beginning of a long name: few people type the version that such names end with.
    ...[0, 1].map(
      (more) => 0.1 + editDistance(target, candidate.slice(0, target.length + more)) / (target.length + more),
    ),
  );
  if (target.length < 3 || !candidate.includes(target)) return spelling;
  return Math.min(spelling, candidate.startsWith(target) ? 0.1 : 0.35);
}

/** Levenshtein distance, but swapping two neighboring letters counts once. */
function editDistance(one: string, other: string): number {
  let fewest = distance(one, other);
  for (let at = 0; at + 1 < one.length && fewest > 1; at++) {
    const swapped = one.slice(0, at) + one.charAt(at + 1) + one.charAt(at) + one.slice(at + 2);
    fewest = Math.min(fewest, 1 + distance(swapped, other));
  }
  return fewest;
}
