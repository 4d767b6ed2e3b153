import {expect, test} from 'vitest';
import {firstCodeBlock} from '../../src/output/markdown/code-block.js';

test('the first code block is extracted, byte for byte', () => {
  expect(firstCodeBlock('Say:\n\n```sh\necho  "a"\t\n\n  b\n```\n\n```js\n1\n```\n')).toBe('echo  "a"\t\n\n  b');
  expect(firstCodeBlock('~~~\na ``` b\n~~~')).toBe('a ``` b');
});

test('a longer fence can contain a shorter one', () => {
  expect(firstCodeBlock('````md\n```js\n1\n```\n````\nrest')).toBe('```js\n1\n```');
});

test('a block in a list or a quote is extracted without its indentation', () => {
  expect(firstCodeBlock('1. Run\n\n   ```sh\n   a\n     b\n\n   c\n   ```\n')).toBe('a\n  b\n\nc');
  expect(firstCodeBlock('- ```py\n  a\n    b\n  ```\n')).toBe('a\n  b');
  expect(firstCodeBlock('> ```\n> a\n>  b\n> ```\n')).toBe('a\n b');
});

test('an unclosed block extends to the end, and an empty one is empty', () => {
  expect(firstCodeBlock('```\na\nb')).toBe('a\nb');
  expect(firstCodeBlock('```\n```\n')).toBe('');
  expect(firstCodeBlock('```')).toBe('');
});

test('Windows line endings are preserved', () => {
  expect(firstCodeBlock('a\r\n```\r\nb\r\nc\r\n```\r\n')).toBe('b\r\nc\r');
});

test('inline and indented code are not extracted', () => {
  expect(firstCodeBlock('use ```a``` and `b`')).toBeUndefined();
  expect(firstCodeBlock('```not a fence``` at all')).toBeUndefined();
  expect(firstCodeBlock('    indented')).toBeUndefined();
});
