import {distance} from 'fastest-levenshtein';

const folded = (word: string) => word.toLowerCase().replace(/[\s._-]+/g, '');

/**
 * The candidates that a person may have meant by `word`, best first: near in spelling, or containing it. Letter case and
 * the signs between words do not count.
 */
export function nearest(word: string, candidates: Iterable<string>, most = 3): string[] {
  const wanted = folded(word);
  if (!wanted) return [];
  return [...new Set(candidates)]
    .map((candidate) => ({candidate, cost: cost(wanted, folded(candidate))}))
    .filter(({cost}) => cost <= 0.4)
    .toSorted((a, b) => a.cost - b.cost)
    .slice(0, most)
    .map(({candidate}) => candidate);
}

/** 0 for the same word, 1 for nothing in common. */
function cost(wanted: string, candidate: string): number {
  const spelled = distance(wanted, candidate) / Math.max(wanted.length, candidate.length, 1);
  const contained = wanted.length >= 3 && candidate.includes(wanted) ? 0.35 : 1;
  return Math.min(spelled, contained);
}
