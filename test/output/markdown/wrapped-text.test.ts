import * as fc from 'fast-check';
import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {renderMarkdown} from '../../../src/output/markdown/render-markdown.js';
import {wrapStyled} from '../../../src/output/terminal/rows/wrap-styled.js';
import {samples} from '../../support/terminal/output-samples.js';

const plain = (markdown: string, width = 80) => renderMarkdown(markdown, {color: false, width});
const words = (count: number) => Array.from({length: count}, (_, index) => `word${index + 1}`).join(' ');

test('text is wrapped at words', () => {
  expect(plain(words(12), 30)).toBe(
    ['word1 word2 word3 word4 word5', 'word6 word7 word8 word9 word10', 'word11 word12', ''].join('\n'),
  );
  expect(plain(`# ${words(8)}`, 30)).toBe('# word1 word2 word3 word4\nword5 word6 word7 word8\n');
});

test('text is at most 100 columns wide, even in a list on a wider terminal', () => {
  for (const width of [100, 120, 200]) {
    const rows = plain(`${words(60)}\n\n- ${words(60)}`, width)
      .trimEnd()
      .split('\n');
    expect(Math.max(...rows.map(({length}) => length))).toBeLessThanOrEqual(100);
    expect(Math.max(...rows.map(({length}) => length))).toBeGreaterThan(92);
  }
});

test('the rows of a list item and a quote are indented, and only the first one has a mark', () => {
  expect(plain(`- ${words(8)}\n  1. ${words(6)}`, 24)).toBe(
    [
      '- word1 word2 word3',
      '  word4 word5 word6',
      '  word7 word8',
      '  1. word1 word2 word3',
      '     word4 word5 word6',
      '',
    ].join('\n'),
  );
  expect(plain(`> ${words(6)}\n> next\n>\n> - ${words(5)}`, 24)).toBe(
    ['> word1 word2 word3', '  word4 word5 word6', '> next', '>', '> - word1 word2 word3', '    word4 word5', ''].join(
      '\n',
    ),
  );
});

test('code is neither wrapped nor indented, even in a list or a quote', () => {
  const code = 'x = [' + '1, '.repeat(40) + ']';
  expect(plain(`\`\`\`\n${code}\n\`\`\``, 40)).toBe(`${code}\n`);
  expect(plain(`- Run\n  \`\`\`\n  ${code}\n  \`\`\`\n`, 40)).toBe(`- Run\n\n${code}\n`);
  expect(plain(`> Run\n> \`\`\`\n> ${code}\n> \`\`\`\n`, 40)).toBe(`> Run\n>\n${code}\n`);
});

test('a word or a URL that is too wide has a row for itself, and the terminal breaks it', () => {
  const url = `https://a.example/${'path/'.repeat(12)}`;
  expect(plain(`See ${url} for more`, 40)).toBe(`See\n${url}\nfor more\n`);
  expect(plain(`- See ${url}, please`, 40)).toBe(`- See\n  ${url},\n  please\n`);
});

test('no row ends with a blank', () => {
  for (const sample of Object.values(samples)) {
    for (const width of [40, 80, 120, 200])
      expect(plain(sample.replaceAll(/```[^]*?```/g, ''), width)).not.toMatch(/[ \t]\n/);
  }
});

test('styles are complete in each row', () => {
  const bold = (text: string) => `\u001b[1m${text}\u001b[22m`;
  const cyan = (text: string) => `\u001b[36m${text}\u001b[39m`;
  expect(renderMarkdown('**one two three four five** `six seven`', {color: true, width: 16})).toBe(
    `${bold('one two three')}\n${bold('four five')} ${cyan('six')}\n${cyan('seven')}\n`,
  );
});

test('Chinese and Japanese are wrapped between characters, and never before a closing mark or after an opening one', () => {
  expect(wrapStyled('これは長い文章です。はい、そうですね。', 18)).toEqual([
    'これは長い文章で',
    'す。はい、そうです',
    'ね。',
  ]);
  expect(wrapStyled('使用「引号」和（括号）的文字，以及English单词', 14)).toEqual([
    '使用「引号」和',
    '（括号）的文',
    '字，以及',
    'English单词',
  ]);
  expect(wrapStyled('チョコレートを食べちゃった', 8)).toEqual(['チョコ', 'レートを', '食べ', 'ちゃった']);
  expect(wrapStyled('안녕하세요 세계 여러분', 12)).toEqual(['안녕하세요', '세계 여러분']);
});

test('Thai is wrapped between its words', () => {
  expect(wrapStyled('สวัสดีครับยินดีต้อนรับ', 10)).toEqual(['สวัสดีครับยินดี', 'ต้อนรับ']);
});

test('emoji of several characters are not broken', () => {
  const rows = wrapStyled('👩‍👩‍👧👍🏽🇩🇪❤️'.repeat(8), 10);
  expect(rows.join('')).toBe('👩‍👩‍👧👍🏽🇩🇪❤️'.repeat(8));
  for (const row of rows) expect(row).toMatch(/^(?:👩‍👩‍👧|👍🏽|🇩🇪|❤️)+$/u);
});

test('with wrap "none", the terminal breaks all lines', () => {
  const text = `${words(40)}\n\n- ${words(40)}\n`;
  expect(renderMarkdown(text, {color: false, width: 40, wrap: 'none'})).toBe(text);
});

const word = fc.oneof(
  {weight: 6, arbitrary: fc.stringMatching(/^[a-z]{1,12}[,.!?]?$/)},
  {
    weight: 2,
    arbitrary: fc.constantFrom('日本語の文章です。', '「引用」', '中文和English', '한국어', 'ไทยแลนด์', 'é', '👍🏽', '🇩🇪'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('**bold words here**', '`some code`', '*it*', '[a link](https://a.example/b)'),
  },
);
const paragraph = fc.array(word, {minLength: 1, maxLength: 60}).map((parts) => parts.join(' '));
const block = fc.oneof(
  paragraph,
  paragraph.map((text) => `- ${text}\n- ${text}`),
  paragraph.map((text) => `> ${text}`),
  paragraph.map((text) => `1. ${text}\n   - ${text}\n\n   > ${text}`),
  paragraph.map((text) => `## ${text}`),
);

test('no row is wider than the terminal, and no character is lost', () => {
  const solid = (text: string) => text.replaceAll(/\u001b\[\d+m|\s/g, '');
  fc.assert(
    fc.property(
      fc.array(block, {maxLength: 4}),
      fc.constantFrom(40, 80, 120, 200),
      fc.boolean(),
      (blocks, width, color) => {
        const markdown = blocks.join('\n\n');
        const wrapped = renderMarkdown(markdown, {color, width});
        for (const row of wrapped.split('\n')) {
          expect(stringWidth(row)).toBeLessThanOrEqual(Math.min(width, 100));
          expect(row).toBe(row.trimEnd());
        }
        expect(solid(wrapped)).toBe(solid(renderMarkdown(markdown, {color, width, wrap: 'none'})));
      },
    ),
    {numRuns: 300},
  );
});
