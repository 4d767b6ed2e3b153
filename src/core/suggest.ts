import {distance} from 'fastest-levenshtein';

const wrapped = (word: string) => word.toLowerCase().replace(/[\s._-]+/g, '');

/**
 * The candidates that a person may have meant by `word`, best first: near in spelling, or containing it. Letter case and
 * the signs between words do not count.
 */
export function closestNames(word: string, candidates: Iterable<string>, most = 3): string[] {
  const wanted = wrapped(word);
  if (!wanted) return [];
  return [...new Set(candidates)]
    .map((candidate) => ({candidate, cost: cost(wanted, wrapped(candidate))}))
    .filter(({cost}) => cost <= 0.4)
    .toSorted((a, b) => a.cost - b.cost)
    .slice(0, most)
    .map(({candidate}) => candidate);
}

/** The one of the candidates that `word` is a slip of the finger away from. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  const slips = word.length <= 5 ? 1 : 2;
  return candidates.find((candidate) => word !== candidate && edits(word, candidate) <= slips);
}

/** 0 for the same word, 1 for nothing in common. */
function cost(wanted: string, candidate: string): number {
  const spelled = Math.min(
    edits(wanted, candidate) / Math.max(wanted.length, candidate.length, 1),
    // The beginning of a long name, mistyped: such names end in versions that nobody types.
    ...[0, 1].map((more) => 0.1 + edits(wanted, candidate.slice(0, wanted.length + more)) / (wanted.length + more)),
  );
  if (wanted.length < 3 || !candidate.includes(wanted)) return spelled;
  return Math.min(spelled, candidate.startsWith(wanted) ? 0.1 : 0.35);
}

/** Letters to add, drop or change; two neighbours that changed places count once. */
function edits(one: string, other: string): number {
  let fewest = distance(one, other);
  for (let at = 0; at + 1 < one.length && fewest > 1; at++) {
    const swapped = one.slice(0, at) + one.charAt(at + 1) + one.charAt(at) + one.slice(at + 2);
    fewest = Math.min(fewest, 1 + distance(swapped, other));
  }
  return fewest;
}
