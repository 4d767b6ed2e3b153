import {expect, test} from 'vitest';
import {openFence, splitText} from '../../../src/output/markdown/streaming/blocks.js';
import {renderMarkdown} from '../../../src/output/markdown/render-markdown.js';
import {StreamingMarkdown} from '../../../src/output/markdown/streaming/streaming-markdown.js';
import {samples} from '../../support/terminal/output-samples.js';

const finished = (markdown: string) => markdown.slice(0, splitText(markdown).length);

test('a paragraph ends at a blank line, not at the end of its line', () => {
  expect(finished('text')).toBe('');
  expect(finished('text\n')).toBe('');
  expect(finished('text\n\n')).toBe('text\n\n');
  expect(finished('Title\n==')).toBe('');
  expect(finished('text\n# Tit')).toBe('');
  expect(finished('text\n# Title\n')).toBe('text\n# Title\n');
});

test('headings, rules and closed code blocks end with their line', () => {
  expect(finished('# Title\nte')).toBe('# Title\n');
  expect(finished('Title\n===\n')).toBe('Title\n===\n');
  expect(finished('---\n')).toBe('---\n');
  expect(finished('```\ncode\n```')).toBe('');
  expect(finished('```\ncode\n```\n')).toBe('```\ncode\n```\n');
});

test('lists, quotes, tables and HTML are not finished before the next block', () => {
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

test('all but the last lines of an open code block are finished, and the rest can be continued', () => {
  const markdown = 'text\n\n  ~~~~js\n  one\n\n  two\n\n  three\n\n  fo';
  expect(finished(markdown)).toBe('text\n\n  ~~~~js\n  one\n\n  two\n');
  expect(openFence(finished(markdown))).toBe('  ~~~~\n');
  expect(finished('```js\n')).toBe('');
  expect(finished('```js\none\n\n')).toBe('');
  expect(openFence('```\none\n```\n')).toBe('');
  expect(openFence('text\n\n')).toBe('');
});

test('Windows line endings are counted', () => {
  expect(finished('text\r\n\r\nmore\r\n')).toBe('text\r\n\r\n');
  expect(finished('```\r\na\r\n```\r\nb')).toBe('```\r\na\r\n```\r\n');
});

test('text that is nested too deeply is finished by the next block', () => {
  expect(splitText(`${'>'.repeat(100)} deep\n\nafter\n`).length).toBe(107);
});

test('the finished parts of a growing text style like the complete text', () => {
  const style = {color: true, width: 60};
  for (const [name, markdown] of Object.entries(samples)) {
    for (const step of [1, 3, 7, 40]) {
      expect(piecewise(markdown, step, style), `${name}, ${step} characters at a time`).toBe(
        renderMarkdown(markdown, style),
      );
    }
  }
});

test('below each diagram is written how to open it, once it is complete', () => {
  const diagrams =
    '```svg\n<svg>\n</svg>\n```\n\n- ```mermaid\n  graph TD\n  ```\n\n```js\n1\n```\n\n~~~ Mermaid\na\nb\nc\n~~~\n';
  const style = {color: false, width: 80, openCommand: '/open'};
  const rendered = renderMarkdown(diagrams, style);
  expect(rendered).toBe(
    [
      '<svg>\n</svg>\n— /open opens this diagram —\n\n-\ngraph TD\n  — /open 2 opens this diagram —\n\n1\n',
      'a\nb\nc\n— /open 3 opens this diagram —\n',
    ].join('\n'),
  );
  for (const step of [1, 5, 40]) expect(piecewise(diagrams, step, style)).toBe(rendered);
  expect(renderMarkdown('```svg\n<svg>', style)).toBe('<svg>\n');
});

/** All lines that are printed of a text that grows by `step` characters at a time. */
function piecewise(
  markdown: string,
  step: number,
  style: {color: boolean; width: number; openCommand?: string},
): string {
  const streaming = new StreamingMarkdown(() => style);
  let out = '';
  for (let end = step; end < markdown.length; end += step)
    out += streaming.update(markdown.slice(0, end), {isReplaced: false}).committed;
  return out + streaming.finish(markdown, {isReplaced: false});
}
