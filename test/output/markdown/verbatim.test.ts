import {expect, test} from 'vitest';
import {expectUnchanged, page, plain, styled} from '../../support/shown-markdown.js';

/* What Markdown would change, although a bot means it as it is written. */

test('a list shows its numbers and bullets as they were written; numbers that are all the same are counted', () => {
  for (const list of ['3. a\n2. b\n1. c', '1. a\n3. b\n7. c', '007. a\n008. b', '0. a\n1. b', '* a\n* b', '+ a\n+ b'])
    expect(plain(list)).toBe(list);
  expect(plain('5\n+ 3\n= 8')).toBe('5\n\n+ 3\n  = 8');
  expect(plain('1. a\n1. b\n1. c')).toBe('1. a\n2. b\n3. c');
  expect(page('3. a\n2. b')).toBe('<ol start="3">\n<li>a</li>\n<li value="2">b</li>\n</ol>\n');
  expect(page('+ a')).toBe('<ul class="plus">\n<li>a</li>\n</ul>\n');
});

test('a formula in a table may contain the border of a cell', () => {
  const rows = [
    '| $|x|$ | a |',
    '| $P(A|B)$ | b |',
    String.raw`| \(\|v\|\) | c |`,
    '| `d|e` $$|x|$$ | f |',
    '| $5 | $6 |',
  ];
  expect(plain(`| $|f|$ | g |\n|---|---|\n${rows.join('\n')}`)).toBe(
    [
      '┌───────────┬────┐',
      '│ |f|       │ g  │',
      '├───────────┼────┤',
      '│ |x|       │ a  │',
      '│ P(A|B)    │ b  │',
      '│ ‖v‖       │ c  │',
      '│ `d|e` |x| │ f  │',
      '│ $5        │ $6 │',
      '└───────────┴────┘',
    ].join('\n'),
  );
});

test('paths of Windows keep their backslashes', () => {
  for (const path of [
    String.raw`C:\Users\me\.ssh\_config and D:\*.txt`,
    String.raw`\\server\.share\#1 and "C:\Program Files (x86)\.x"`,
  ])
    expectUnchanged(path);
  expect(plain(String.raw`Note: \*this\* is no path`)).toBe('Note: *this* is no path');
});

test('mail addresses and placeholders keep their brackets', () => {
  for (const text of ['Jane <jane@a.example> and <user@host>', 'List<String> and <T> and a<b>c', 'ssh <user>@<host>'])
    expectUnchanged(text);
});

test('a heading without words is shown', () => {
  expect(plain('a\n\n#\n\nb')).toBe('a\n\n#\n\nb');
  expect(styled('a\n\n#\n\nb')).toBe('a\n\n#\n\nb');
});

test('lines of a paragraph keep their indentation, also those of a shell command without a fence', () => {
  for (const text of [
    'One,\n    two,\n        three',
    'One\n\ttab',
    'curl -X POST \\\n  -H "a: b" \\\n  https://a.example',
  ])
    expect(plain(text)).toBe(text);
  expect(plain('- One,\n    two\n\n> One,\n>   two')).toBe('- One,\n    two\n\n> One,\n>   two');
  expect(plain('one  \ntwo\\\nthree')).toBe('one\ntwo\nthree');
});
