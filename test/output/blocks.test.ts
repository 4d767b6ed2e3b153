import {expect, test} from 'vitest';
import {finishedLength, openFence} from '../../src/output/markdown/blocks.js';
import {renderMarkdown} from '../../src/output/markdown/render-markdown.js';
import {samples} from '../support/output-samples.js';

const finished = (markdown: string) => markdown.slice(0, finishedLength(markdown));

test('a paragraph is finished by a blank line, not by the end of its line', () => {
  expect(finished('text')).toBe('');
  expect(finished('text\n')).toBe('');
  expect(finished('text\n\n')).toBe('text\n\n');
  expect(finished('Title\n==')).toBe('');
  expect(finished('text\n# Tit')).toBe('');
  expect(finished('text\n# Title\n')).toBe('text\n# Title\n');
});

test('headings, rules and closed code are finished by the end of their line', () => {
  expect(finished('# Title\nte')).toBe('# Title\n');
  expect(finished('Title\n===\n')).toBe('Title\n===\n');
  expect(finished('---\n')).toBe('---\n');
  expect(finished('```\ncode\n```')).toBe('');
  expect(finished('```\ncode\n```\n')).toBe('```\ncode\n```\n');
});

test('lists, quotes, tables and HTML are held back whole', () => {
  for (const block of [
    '- a\n- b\n\n',
    '1. a\n\n   b\n\n',
    '> a\n\n',
    '<div>\na\n\n',
    '    code\n\n',
    '<!-- a\n\nb\n\n',
  ]) {
    expect(finished(`text\n\n${block}`)).toBe('text\n\n');
  }
  expect(finished('- a\n- b\n\nafter\n')).toBe('- a\n- b\n\n');
  expect(finished('|a|b|\n|-|-|\n|1|2|\n')).toBe('');
  expect(finished('|a|b|\n|-|-|\n|1|2|\n\n')).toBe('|a|b|\n|-|-|\n|1|2|\n\n');
});

test('of open code all but the last lines is finished, and the rest can go on', () => {
  const markdown = 'text\n\n  ~~~~js\n  one\n\n  two\n\n  three\n\n  fo';
  expect(finished(markdown)).toBe('text\n\n  ~~~~js\n  one\n\n  two\n');
  expect(openFence(finished(markdown))).toBe('  ~~~~\n');
  expect(finished('```js\n')).toBe('');
  expect(finished('```js\none\n\n')).toBe('');
  expect(openFence('```\none\n```\n')).toBe('');
  expect(openFence('text\n\n')).toBe('');
});

test('Windows line ends are counted', () => {
  expect(finished('text\r\n\r\nmore\r\n')).toBe('text\r\n\r\n');
  expect(finished('```\r\na\r\n```\r\nb')).toBe('```\r\na\r\n```\r\n');
});

test('what is hopelessly nested is held back', () => {
  expect(finishedLength(`${'>'.repeat(20_000)} deep\n\nafter\n`)).toBe(0);
});

test('however a text grows, its finished parts one below the other look like the whole', () => {
  const look = {color: true, width: 60};
  for (const [name, markdown] of Object.entries(samples)) {
    for (const step of [1, 3, 7, 40]) {
      expect(piecewise(markdown, step, look), `${name}, ${step} characters at a time`).toBe(
        renderMarkdown(markdown, look),
      );
    }
  }
});

/** The text as `LiveMarkdown` puts it together. */
function piecewise(markdown: string, step: number, look: {color: boolean; width: number}): string {
  let out = '';
  let fence = '';
  let at = 0;
  const put = (piece: string) => {
    const lines = renderMarkdown(piece, look);
    out += lines !== '' && out !== '' && fence === '' ? `\n${lines}` : lines;
  };
  for (let end = step; end < markdown.length; end += step) {
    const source = fence + markdown.slice(at, end);
    const length = finishedLength(source);
    if (length <= fence.length) continue;
    put(source.slice(0, length));
    at += length - fence.length;
    fence = openFence(source.slice(0, length));
  }
  put(fence + markdown.slice(at));
  return out;
}
