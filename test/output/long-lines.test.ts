import * as fc from 'fast-check';
import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {truncate} from '../../src/output/terminal/truncate.js';
import {renderMarkdown} from '../../src/output/markdown/render-markdown.js';
import {characters, lastRows} from '../../src/output/terminal/rows.js';
import {graphemes, pieces} from '../../src/output/format/graphemes.js';
import {widthOf} from '../../src/output/format/width.js';
import {statusRows} from '../../src/ui/screen/status-line.js';

/* Lines that are as long as a bot likes hold nothing up. They would take minutes if the time grew by the square of their length. */

const letters = ['é]0;', '␛[8m日本', '👩‍👩‍👧', 'हिन्दी ', '\u0301', '\u1100', '🇩🇪'];

test('a line of 100,000 letters of any kind is measured, cut and broken into rows', () => {
  for (const letter of letters) {
    const line = letter.repeat(100_000 / letter.length);
    expect([...characters(line)].join('') === line).toBe(true);
    expect(widthOf(line)).toBeGreaterThanOrEqual(0);
    expect(truncate(line, 80).length).toBeLessThanOrEqual(line.length);
    expect(lastRows([line], 80, 24).rows.length).toBeGreaterThan(0);
  }
});

test('a title of a megabyte is a row of the chat as any other', () => {
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
  expect(statusRows({...facts, title, connection: 'open'}, 80)[0]).toContain('b · é]0;日');
});

test('100,000 letters of Markdown that nobody writes are shown as they came, and what stands below as ever', () => {
  for (const part of ['*a_', '~~a_*', '*字_', 'a.*', '`a``b', '!', 'a_', 'http', '![a', '<?', '**a**\n']) {
    const paragraph = `x ${part.repeat(100_000 / part.length)}`.trimEnd();
    const rendered = renderMarkdown(`${paragraph}\n\n**bold**\n`, {color: true, width: 80});
    expect(rendered === `${paragraph}\n\n\u001b[1mbold\u001b[22m\n`, part).toBe(true);
  }
  const address = `${'a.'.repeat(50_000)}@`;
  expect(renderMarkdown(address, {color: true, width: 80}) === `${address}\n`).toBe(true);
});

test('two hundred and fifty bold words in one paragraph are bold, and none of more', () => {
  const render = (words: number) => renderMarkdown(`${'**a** '.repeat(words)}end`, {color: true, width: 80});
  expect(render(250)).toBe(`${'\u001b[1ma\u001b[22m '.repeat(250)}end\n`);
  expect(render(251)).toBe(`${'**a** '.repeat(251)}end\n`);
});

test('characters are those that they are in the text as a whole, and so is their width', () => {
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
