import {testAll} from '../../store/archive/limited-pattern.js';
import {type TestCase, parsePattern} from './tests-schema.js';

/** What is wrong with a reply according to the checks that need no other bot. Each problem is a line. @throws PoeError for a slow pattern */
export function checkText(
  text: string,
  {contains = [], matches = [], not = {}}: Pick<TestCase, 'contains' | 'matches' | 'not'>,
): string[] {
  const has = (part: string) => text.includes(part);
  const fits = (pattern: string) => testAll(parsePattern(pattern), [text])[0] === true;
  return [
    ...contains.filter((part) => !has(part)).map((part) => `does not contain ${JSON.stringify(part)}`),
    ...matches.filter((pattern) => !fits(pattern)).map((pattern) => `does not match ${pattern}`),
    ...(not.contains ?? []).filter(has).map((part) => `contains ${JSON.stringify(part)}`),
    ...(not.matches ?? []).filter(fits).map((pattern) => `matches ${pattern}`),
  ];
}
