import type {InputHistory} from '../../prompt/prompt-state.js';
import {fixed, type Source} from '../source.js';

/** Earlier input, newest first. The value of an entry is its index in the history. */
export function inputHistorySource(history: InputHistory): Source {
  const seen = new Set<string>();
  const entries = history
    .map(({text}, index) => ({value: String(index), label: text, detail: ''}))
    .toReversed()
    .filter(({label}) => !seen.has(label) && seen.add(label));
  return fixed(entries, {isOrdered: true});
}
