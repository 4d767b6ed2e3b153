import * as fc from 'fast-check';
import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {truncate} from '../../../src/output/terminal/rows/truncate.js';
import {renderMarkdown} from '../../../src/output/markdown/render-markdown.js';
import {characters, lastRows} from '../../../src/output/terminal/rows/rows.js';
import {graphemes, pieces} from '../../../src/output/format/graphemes.js';
import {widthOf} from '../../../src/output/format/width.js';
import {createTheme} from '../../../src/ui/theme.js';
import {statusRow} from '../../../src/ui/text/status-line.js';

/* Very long lines are processed in linear time. In quadratic time these tests would take minutes. */

const letters = ['é]0;', '␛[8m日本', '👩‍👩‍👧', 'हिन्दी ', '\u0301', '\u1100', '🇩🇪'];

test('a line of 100,000 characters of any kind is measured, truncated and wrapped', () => {
  for (const letter of letters) {
    const line = letter.repeat(100_000 / letter.length);
    expect([...characters(line)].join('') === line).toBe(true);
    expect(widthOf(line)).toBeGreaterThanOrEqual(0);
    expect(truncate(line, 80).length).toBeLessThanOrEqual(line.length);
    expect(lastRows([line], 80, 24).rows.length).toBeGreaterThan(0);
  }
});

test('a title of a megabyte fits in the status line', () => {
  const title = 'é]0;日'.repeat(200_000);
  const facts = {
    bot: 'b',
    isStarting: false,
    price: null,
    lastCost: null,
    balance: null,
    files: 0,
    isRunning: false,
  } as const;
  expect(statusRow({...facts, title, connection: 'open'}, 80, createTheme({color: false}))).toContain('b · é]0;日');
});

test('a paragraph of 100,000 Markdown markers is shown unformatted, and the next one formatted', () => {
  for (const part of ['*a_', '~~a_*', '*字_', 'a.*', '`a``b', '!', 'a_', 'http', '![a', '<?', '**a**\n']) {
    const paragraph = `x ${part.repeat(100_000 / part.length)}`.trimEnd();
    const rendered = renderMarkdown(`${paragraph}\n\n**bold**\n`, {color: true, width: 80, wrap: 'none'});
    expect(rendered === `${paragraph}\n\n\u001b[1mbold\u001b[22m\n`, part).toBe(true);
  }
  const url = `${'a.'.repeat(50_000)}@`;
  expect(renderMarkdown(url, {color: true, width: 80, wrap: 'none'}) === `${url}\n`).toBe(true);
});

test('a paragraph of up to a thousand bold words is formatted', () => {
  const render = (words: number) =>
    renderMarkdown(`${'**a** '.repeat(words)}end`, {color: true, width: 80, wrap: 'none'});
  expect(render(1000)).toBe(`${'\u001b[1ma\u001b[22m '.repeat(1000)}end\n`);
  expect(render(1001)).toBe(`${'**a** '.repeat(1001)}end\n`);
});

test('a long text has the same characters and width as its parts', () => {
  const grapheme = fc.oneof(fc.string({unit: 'grapheme', maxLength: 3}), fc.constantFrom(...letters));
  fc.assert(
    fc.property(fc.array(grapheme, {minLength: 100, maxLength: 400}), (parts) => {
      const text = parts.join('');
      const whole = [...new Intl.Segmenter().segment(text)].map(({segment}) => segment);
      fc.pre(whole.every(({length}) => length < 200));
      expect([...graphemes(text)]).toEqual(whole);
      expect([...pieces(text)].join('')).toBe(text);
      expect(widthOf(text)).toBe(stringWidth(text));
    }),
    {numRuns: 100},
  );
});
