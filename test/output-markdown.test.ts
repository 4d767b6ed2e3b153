import {expect, test} from 'vitest';
import {finishedLength} from '../src/output/blocks.js';
import {renderMarkdown} from '../src/output/markdown.js';

const plain = (markdown: string, width = 80) => renderMarkdown(markdown, {color: false, width});

test('Markdown without colour is text without any escape code', () => {
  expect(plain('# Title\nSome **bold** and *slanted* text.\nA second line.')).toBe(
    '# Title\n\nSome bold and slanted text.\nA second line.\n',
  );
  expect(plain('')).toBe('');
  expect(plain('\n\n')).toBe('');
});

test('links show their address, so that none can pretend to another', () => {
  expect(plain('[poe.com](https://evil.example) ![a cup](https://x.y/z.png) <https://a.b/c>')).toBe(
    'poe.com (https://evil.example) a cup (https://x.y/z.png) https://a.b/c\n',
  );
  expect(plain('[text][later]\n\n[later]: https://evil.example')).toContain('[later]: https://evil.example');
});

test('code stands as the bot wrote it, without fence and gutter', () => {
  expect(plain('Look:\n```ts\nconst a = 1;\n\n  b();\n```\nDone.')).toBe('Look:\n\nconst a = 1;\n\n  b();\n\nDone.\n');
});

test('lists keep their marks and their depth', () => {
  expect(plain('1. one\n2. two\n   - inner\n     text\n   - [x] done\n10) ten')).toBe(
    '1. one\n2. two\n   - inner\n     text\n   - [x] done\n\n10. ten\n',
  );
});

test('a table is aligned by the width of its characters, and stacked where it does not fit', () => {
  const table = '| Kind | Water |\n|:--|--:|\n| 红茶 | 100 |\n| Green | 75 |';
  expect(plain(table)).toBe('Kind   Water\n─────  ─────\n红茶     100\nGreen     75\n');
  expect(plain(table, 8)).toBe('Kind: 红茶\nWater: 100\n\nKind: Green\nWater: 75\n');
});

test('with colour each line of code is styled by itself, and nothing from the bot can add to it', () => {
  const shown = renderMarkdown('```\na\nb\u001B[8mhidden\n```', {color: true, width: 80});
  expect(shown).toBe('\u001B[36ma\u001B[39m\n\u001B[36mb␛[8mhidden\u001B[39m\n');
});

test('a long line is not broken', () => {
  const line = 'word '.repeat(100).trim();
  expect(plain(line, 40)).toBe(`${line}\n`);
});

test('a block is finished when no later text can change it', () => {
  const cases: [open: string, finished: string][] = [
    ['A paragraph', ''],
    ['A paragraph\n', ''],
    ['A paragraph\n\n', 'A paragraph\n\n'],
    ['One\n\nTwo', 'One\n\n'],
    ['# Title\n', '# Title\n'],
    ['Underlined?\n=', ''],
    ['```\ncode\n', ''],
    ['```\ncode\n```\n', '```\ncode\n```\n'],
    ['````\n```\ncode\n```\n', ''],
    ['- a\n- b\n\n', ''],
    ['- a\n\nafter\n', '- a\n\n'],
    ['| a |\n|---|\n| 1 |\n', ''],
    ['> quote\n\n', ''],
    ['Windows\r\n\r\nlines', 'Windows\r\n\r\n'],
  ];
  for (const [open, finished] of cases) expect([open, open.slice(0, finishedLength(open))]).toEqual([open, finished]);
});

test('rendered block by block, a text looks as rendered at once', () => {
  const text = '# T\n\npara\nmore\n\n- a\n- b\n\n  c\n\n| x |\n|---|\n| 1 |\n\n```\ncode\n\ncode\n```\n> q\n\nend\n';
  const blocks: string[] = [];
  let tail = '';
  for (const character of text) {
    tail += character;
    const finished = finishedLength(tail);
    if (finished > 0) blocks.push(plain(tail.slice(0, finished)));
    tail = tail.slice(finished);
  }
  expect([...blocks, plain(tail)].filter(Boolean).join('\n')).toBe(plain(text));
});
