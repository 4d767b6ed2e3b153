import * as fc from 'fast-check';
import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {renderMarkdown} from '../../../src/output/markdown/render-markdown.js';
import {StreamingMarkdown} from '../../../src/output/markdown/streaming/streaming-markdown.js';

const plain = (markdown: string, width = 80) => renderMarkdown(markdown, {color: false, width});
const lines = (...rows: string[]) => rows.map((row) => `${row}\n`).join('');

test('a table has lines between its cells and is aligned by visible width', () => {
  expect(plain('| 名前 | n | mid |\n|:--|--:|:-:|\n| **😀** | 10 | x |\n| longer | 9 | wide |')).toBe(
    lines(
      '┌────────┬────┬──────┐',
      '│ 名前   │  n │ mid  │',
      '├────────┼────┼──────┤',
      '│ 😀     │ 10 │  x   │',
      '│ longer │  9 │ wide │',
      '└────────┴────┴──────┘',
    ),
  );
  expect(plain('| a |\n|---|\n\n')).toBe(lines('┌───┐', '│ a │', '└───┘'));
});

test('columns of numbers are aligned to the right, unless the table says otherwise', () => {
  expect(
    plain('| n | price | share | left | id |\n|-|-|-|:-|-|\n| 1 | $1.50 | 5 % | 7 | a1 |\n| 200 | €20 | | 10 | 2 |'),
  ).toBe(
    lines(
      '┌─────┬───────┬───────┬──────┬────┐',
      '│   n │ price │ share │ left │ id │',
      '├─────┼───────┼───────┼──────┼────┤',
      '│   1 │ $1.50 │   5 % │ 7    │ a1 │',
      '│ 200 │   €20 │       │ 10   │ 2  │',
      '└─────┴───────┴───────┴──────┴────┘',
    ),
  );
});

test('cells are wrapped to fit the terminal, with a line between the rows', () => {
  expect(plain('| Name | Text |\n|--|--|\n| x | a rather long sentence in a cell |\n| y | |\n', 30)).toBe(
    lines(
      '┌──────┬─────────────────────┐',
      '│ Name │ Text                │',
      '├──────┼─────────────────────┤',
      '│ x    │ a rather long       │',
      '│      │ sentence in a cell  │',
      '├──────┼─────────────────────┤',
      '│ y    │                     │',
      '└──────┴─────────────────────┘',
    ),
  );
});

test('a table whose columns would be too narrow is shown as a list of its cells', () => {
  const table =
    '| Model | Context | Price per 1M | Notes |\n|--|--|--|--|\n| GPT | 400,000 | $1.25 | Good at code and long tasks of any kind |\n| Claude | 200,000 | | |\n';
  expect(plain(table, 40)).toBe(
    lines(
      'Model: GPT',
      'Context: 400,000',
      'Price per 1M: $1.25',
      'Notes: Good at code and long tasks of',
      '  any kind',
      '',
      'Model: Claude',
      'Context: 200,000',
      'Price per 1M:',
      'Notes:',
    ),
  );
  const url = `https://a.example/${'path/'.repeat(20)}`;
  expect(plain(`| a | b |\n|--|--|\n| 1 | ${url} |\n`, 80)).toBe(lines('a: 1', 'b:', `  ${url}`));
});

test('a screen reader is given the cells as a list', () => {
  expect(renderMarkdown('| a | b |\n|--|--|\n| 1 | 2 |\n', {color: false, width: 80, hasBoxes: false})).toBe(
    'a: 1\nb: 2\n',
  );
});

test('the styles of cells stay within their cells', () => {
  const [bar, bold] = [dim('│'), (text: string) => `\u001b[1m${text}\u001b[22m`];
  expect(renderMarkdown('| a |\n|---|\n| **one two three** four |', {color: true, width: 14})).toBe(
    lines(
      dim('┌────────────┐'),
      `${bar} ${bold('a')}          ${bar}`,
      dim('├────────────┤'),
      `${bar} ${bold('one two')}    ${bar}`,
      `${bar} ${bold('three')} four ${bar}`,
      dim('└────────────┘'),
    ),
  );
});

const dim = (text: string) => `\u001b[2m${text}\u001b[22m`;

/** A table that grows by `step` characters at a time: what is printed, and what is shown below it. */
function stream(markdown: string, step: number, width = 80): {out: string; pending: string[]} {
  const streaming = new StreamingMarkdown(() => ({color: false, width}));
  const pending = new Set<string>();
  let out = '';
  for (let end = step; end < markdown.length; end += step) {
    const parts = streaming.update(markdown.slice(0, end), {isReplaced: false});
    out += parts.committed;
    pending.add(parts.pending);
  }
  return {out: out + streaming.finish(markdown, {isReplaced: false}), pending: [...pending]};
}

const longTable = (rows: number, text = (row: number) => `row ${row}`) =>
  `| n | text |\n|---|---|\n${Array.from({length: rows}, (_, index) => `| ${index + 1} | ${text(index + 1)} |\n`).join('')}`;

test('while a short table grows, only the number of its rows is shown, so that nothing jumps', () => {
  const {out, pending} = stream(`Text\n\n${longTable(3)}\nEnd`, 1);
  expect(out).toBe(plain(`Text\n\n${longTable(3)}\nEnd`));
  expect(pending).toEqual([
    'T\n',
    'Te\n',
    'Tex\n',
    'Text\n',
    '',
    '\n… table\n',
    '\n… table, 1 row\n',
    '\n… table, 2 rows\n',
    '\n… table, 3 rows\n',
    '\nE\n',
    '\nEn\n',
  ]);
});

test('a long table is printed while it grows, and looks as if it had arrived at once', () => {
  for (const rows of [19, 20, 21, 22, 23, 60]) {
    for (const after of ['', '\nEnd\n', '\n- a\n', '# H\n']) {
      const table = longTable(rows) + after;
      for (const step of [1, 7, 500]) expect(stream(table, step).out, `${rows}, ${step}`).toBe(plain(table));
    }
  }
  const streaming = new StreamingMarkdown(() => ({color: false, width: 80}));
  const {committed, pending} = streaming.update(longTable(60), {isReplaced: false});
  expect(committed).toContain('│    59 │ row 59     │');
  expect(pending).toBe('│    60 │ row 60     │\n');
});

test('later rows of a long table are wrapped to the width of its columns', () => {
  const table = longTable(22, (row) => (row === 22 ? 'a much longer text and wayTooLongForTheColumn' : `row ${row}`));
  expect(plain(table)).toContain(
    lines(
      '│    21 │ row 21     │',
      '│    22 │ a much     │',
      '│       │ longer     │',
      '│       │ text and   │',
      '│       │ wayTooLong │',
      '│       │ ForTheColu │',
      '│       │ mn         │',
      '└───────┴────────────┘',
    ),
  );
});

test('a table of 2,000 rows is formatted, and its rows are printed as they arrive', () => {
  const table = longTable(2000, (row) => `row ${row} with \`code\``);
  const {out, pending} = stream(table, 4000);
  expect(out === plain(table)).toBe(true);
  expect(out).toContain('│  2000 │ row 2000 with `code`   │');
  expect(Math.max(...pending.map((text) => text.split('\n').length))).toBeLessThanOrEqual(3);
});

const cell = fc.oneof(
  fc.stringMatching(/^[a-z]{1,9}( [a-z]{1,9}){0,8}$/),
  fc.constantFrom(
    '',
    '12',
    '1,234.5',
    '**b c**',
    '`x`',
    '日本語の文章',
    '😀',
    'a<br>b',
    '한국어 문장',
    'https://a.example/x',
  ),
);

test('no table is wider than the terminal, no word is lost, and all lines of a table with lines are equally wide', () => {
  const tables = fc
    .integer({min: 1, max: 6})
    .chain((columns) =>
      fc.array(fc.array(cell, {minLength: columns, maxLength: columns}), {minLength: 2, maxLength: 30}),
    );
  const words = (text: string) => (text.match(/[\p{L}\p{N}]+/gu) ?? []).join('');
  fc.assert(
    fc.property(
      tables,
      fc.constantFrom(40, 80, 120, 200),
      fc.integer({min: 1, max: 90}),
      ([header = [], ...rows], width, step) => {
        const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
        const table = row(header) + row(header.map(() => '---')) + rows.map(row).join('');
        const rendered = plain(table, width);
        const shown = rendered.trimEnd().split('\n');
        for (const line of shown) expect(stringWidth(line)).toBeLessThanOrEqual(width);
        if (rendered.startsWith('┌')) {
          expect(new Set(shown.map((line) => stringWidth(line))).size).toBe(1);
          for (const [index] of header.entries()) {
            const column = [header, ...rows].map((cells) => words((cells[index] ?? '').replace('<br>', ' '))).join('');
            const inBox = shown
              .map((line) => (line.startsWith('│') ? (line.split('│')[index + 1] ?? '') : ''))
              .map(words)
              .join('');
            expect(inBox).toBe(column);
          }
        }
        expect(stream(table, step, width).out).toBe(rendered);
      },
    ),
    {numRuns: 200},
  );
});
