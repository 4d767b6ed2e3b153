import {PoeError} from '../../core/errors.js';
import {testAll} from '../../store/archive/limited-pattern.js';
import {type TestCase, parsePattern} from './tests-schema.js';

/** What is wrong with a reply according to the checks that need no other bot. Each problem is a line. */
export function checkText(
  text: string,
  {contains = [], matches = [], not = {}}: Pick<TestCase, 'contains' | 'matches' | 'not'>,
): string[] {
  const has = (part: string) => text.includes(part);
  return [
    ...contains.filter((part) => !has(part)).map((part) => `does not contain ${JSON.stringify(part)}`),
    ...matches.flatMap((pattern) => checkPattern(pattern, text, {isWanted: true})),
    ...(not.contains ?? []).filter(has).map((part) => `contains ${JSON.stringify(part)}`),
    ...(not.matches ?? []).flatMap((pattern) => checkPattern(pattern, text, {isWanted: false})),
  ];
}

/** A pattern that takes too long fails its own case only: the reply has been paid for. */
function checkPattern(pattern: string, text: string, {isWanted}: {isWanted: boolean}): string[] {
  try {
    if ((testAll(parsePattern(pattern), [text])[0] === true) === isWanted) return [];
    return [`${isWanted ? 'does not match' : 'matches'} ${pattern}`];
  } catch (error) {
    if (error instanceof PoeError && error.code === 'usage') return [`${error.message}: ${pattern}`];
    throw error;
  }
}
