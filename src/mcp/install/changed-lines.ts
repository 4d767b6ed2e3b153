import type {Plan} from './plan.js';

/** The lines that a plan removes and adds. */
export function changedLines({before = '', after = ''}: Pick<Plan, 'before' | 'after'>): {
  removed: string[];
  added: string[];
} {
  const [old, now] = [before.split(/\r?\n/), after.split(/\r?\n/)];
  let start = 0;
  while (start < Math.min(old.length, now.length) && old[start] === now[start]) start++;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  return {removed: old.slice(start, old.length - end), added: now.slice(start, now.length - end)};
}
