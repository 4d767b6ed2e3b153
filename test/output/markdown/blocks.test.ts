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

test('short lists, quotes, tables and HTML are not finished before the next block', () => {
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

test('all but the last item of a growing list are finished once there are three', () => {
  expect(finished('- a\n- b\n')).toBe('');
  expect(finished('- a\n- b\n- ')).toBe('');
  expect(finished('text\n\n- a\n  - b\n- c\n- d\n')).toBe('text\n\n- a\n  - b\n- c\n');
  expect(finished('1. a\n\n1. b\n\n1. c\n\n')).toBe('1. a\n\n1. b\n\n');
});

test('growing lists look like complete ones: numbers, blank lines, nested lists and code', () => {
  const style = {color: true, width: 40};
  for (const markdown of [
    '1. one\n1. two\n1. three\n1. four\n1. five\n\nEnd.\n',
    '3. one\n2. two\n1. three\n0. four\n',
    '- one\n\n- two\n\n- three\n\n- four\n\n* other\n* list\n',
    '- one\n  ```js\n  1;\n  ```\n- two\n- three\n  ```js\n  1;\n  ```\n- four\n- five\n\nEnd.\n',
    '1. **one**\n   - [x] a\n   - b\n2. **two**\n   - c\n   - d\n3. **three**\n   - e\n\n# End\n',
  ]) {
    for (const step of [1, 3, 40]) expect(piecewise(markdown, step, style)).toBe(renderMarkdown(markdown, style));
  }
});

test('of a growing paragraph, only the last rows can change', () => {
  const style = {color: true, width: 40};
  const sentence = 'A **bold start** and `code` in it, [a link](https://a.example) too, 3 * 4 < 13, and snake_case; ';
  const markdown = `# Title\n\n${sentence.repeat(12)}end.\n\nMore text.\n`;
  for (const step of [1, 7, 100]) expect(piecewise(markdown, step, style)).toBe(renderMarkdown(markdown, style));
  expect(pendingRows(markdown, style)).toBeLessThanOrEqual(5);
  const lines = `${'a line of its own, which is not long\n'.repeat(20)}\n`;
  expect(piecewise(lines, 3, style)).toBe(renderMarkdown(lines, style));
  expect(pendingRows(lines, style)).toBeLessThanOrEqual(5);
});

test('a paragraph is not cut where later text could change what is above', () => {
  const style = {color: true, width: 30};
  const words = 'some words that fill several rows of a narrow terminal';
  for (const markdown of [
    `**${words}, ${words}, ${words}** end`,
    `It costs $${words}, ${words}, ${words}$ now`,
    `[${words}, ${words}, ${words}](https://a.example) end`,
    `<b title="${words}, ${words}, ${words}"> end`,
    `\`${words}, ${words}, ${words}\` end`,
    `a ${words} - ${words} 1. ${words} # ${words} > ${words} | ${words} + ${words}`,
  ]) {
    for (const text of [markdown, `${markdown}\n`]) {
      for (const step of [1, 5]) expect(piecewise(text, step, style)).toBe(renderMarkdown(text, style));
    }
  }
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

/** How many rows of a growing text can change at most. */
function pendingRows(markdown: string, style: {color: boolean; width: number}): number {
  const streaming = new StreamingMarkdown(() => style);
  const counts = Array.from(markdown, (_, end) => {
    const {pending} = streaming.update(markdown.slice(0, end), {isReplaced: false});
    return pending.split('\n').length - 1;
  });
  return Math.max(...counts);
}

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
