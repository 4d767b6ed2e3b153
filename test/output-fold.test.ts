import {expect, test} from 'vitest';
import {foldLine} from '../src/output/fold.js';

test('a long line is broken between words', () => {
  expect(foldLine('poe: one two three', 10, '     ')).toEqual(['poe: one', '     two', '     three']);
  expect(foldLine('  keeps   its spaces', 40)).toEqual(['  keeps   its spaces']);
  expect(foldLine('unbreakably-long word', 5)).toEqual(['unbreakably-long', 'word']);
  expect(foldLine('', 5)).toEqual(['']);
});
