import {expect, test} from 'vitest';
import {onTerminal} from '../../support/terminal/pseudo-terminal.js';

const pasted = (text: string) => `\u001b[200~${text}\u001b[201~`;
const ctrlD = '\u0004';

const reply = [
  '## A heading that is longer than one row of a narrow terminal',
  '- An item of a list with enough words for several rows, and a URL: https://a.example/path/that/is/longer/than/one/row/of/it',
  '> A quote with enough words for two rows on a narrow terminal',
  '| Name | Amount |\n|---|---|\n| one and two words | 1,200 |\n| 日本 | 7 |',
  'The area is \\(\\pi r^2\\), for $5.',
  '```js\nconst code = "is not wrapped, however long its lines are, on any terminal";\n```',
].join('\n\n');

const expected = [
  'A heading that is longer than one row',
  'of a narrow terminal',
  '',
  '- An item of a list with enough words',
  '  for several rows, and a URL:',
  '  https://a.example/path/that/is/longer/than/one/row/of/it',
  '',
  '> A quote with enough words for two',
  '  rows on a narrow terminal',
  '',
  '┌───────────────────┬────────┐',
  '│ Name              │ Amount │',
  '├───────────────────┼────────┤',
  '│ one and two words │  1,200 │',
  '│ 日本              │      7 │',
  '└───────────────────┴────────┘',
  '',
  'The area is π r², for $5.',
  '',
  'js',
  'const code = "is not wrapped, however long its lines are, on any terminal";',
];

test('the text of a reply is easy to read at 40 columns, and what is selected is what the bot wrote', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    cols: 40,
    rows: 20,
    when: [
      [/new chat/, ({type}) => type(`${pasted(reply)}\r`)],
      [/any terminal";\n[^]*last: /, ({type}) => type(ctrlD)],
    ],
  });
  const start = lines.lastIndexOf('A heading that is longer than one row');
  expect(lines.slice(start, start + expected.length)).toEqual(expected);
});

test('on a terminal that is wider than 100 columns, text is not, and what send prints is the same', async () => {
  const words = Array.from({length: 40}, (_, index) => `word${index + 1}`).join(' ');
  const {lines} = await onTerminal(`node bin/poe.js send -q -b Sandbox-Echo '${words}'`, {cols: 200, rows: 30});
  const shown = lines.filter((line) => line.startsWith('word'));
  expect(shown.join(' ')).toBe(words);
  for (const line of shown) expect(line.length).toBeLessThanOrEqual(100);
});

test('a table that grows in the chat never changes what was printed', async () => {
  const rows = Array.from({length: 60}, (_, index) => `| ${index + 1} | row ${index + 1} |`);
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    cols: 80,
    rows: 15,
    when: [
      [/new chat/, ({type}) => type(`${pasted(`| n | text |\n|---|---|\n${rows.join('\n')}\n\nEnd`)}\r`)],
      [/^End\n[^]*last: /m, ({type}) => type(ctrlD)],
    ],
  });
  const start = lines.lastIndexOf('┌───────┬────────────┐');
  expect(lines.slice(start, start + 64)).toEqual([
    '┌───────┬────────────┐',
    '│     n │ text       │',
    '├───────┼────────────┤',
    ...rows.map((_row, index) => `│ ${String(index + 1).padStart(5)} │ ${`row ${index + 1}`.padEnd(10)} │`),
    '└───────┴────────────┘',
  ]);
  expect(lines.filter((line) => line.includes('row 60')).length).toBeLessThanOrEqual(2);
});
