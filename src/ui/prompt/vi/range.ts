import {type Draft, go} from '../draft.js';
import {lineEnd, lineStart, type Target} from './motions.js';

/** What an operator changes. */
export interface Range {
  start: number;
  end: number;
  isLinewise?: true | undefined;
}

/** The text between the caret and a target. */
export function rangeTo(draft: Draft, {caret, isInclusive, isLinewise}: Target): Range {
  const {text} = draft;
  const [start, last] = [Math.min(draft.caret, caret), Math.max(draft.caret, caret)];
  if (isLinewise) return {start: lineStart({text, caret: start}), end: lineEnd({text, caret: last}), isLinewise};
  return {start, end: isInclusive ? go({text, caret: last}, 'right').caret : last};
}

/** This line and the ones below it. */
export function linesFrom(draft: Draft, count: number): Range {
  let end = lineEnd(draft);
  for (let more = 1; more < count && end < draft.text.length; more++) end = lineEnd({text: draft.text, caret: end + 1});
  return {start: lineStart(draft), end, isLinewise: true};
}
