import {expect, test} from 'vitest';
import {firstCodeBlock} from '../../src/output/markdown/code-block.js';

test('the first code block is taken, byte for byte', () => {
  expect(firstCodeBlock('Say:\n\n```sh\necho  "a"\t\n\n  b\n```\n\n```js\n1\n```\n')).toBe('echo  "a"\t\n\n  b');
  expect(firstCodeBlock('~~~\na ``` b\n~~~')).toBe('a ``` b');
});

test('a longer fence may hold a shorter one', () => {
  expect(firstCodeBlock('````md\n```js\n1\n```\n````\nrest')).toBe('```js\n1\n```');
});

test('a block in a list or a quote is taken without its indentation', () => {
  expect(firstCodeBlock('1. Run\n\n   ```sh\n   a\n     b\n\n   c\n   ```\n')).toBe('a\n  b\n\nc');
  expect(firstCodeBlock('- ```py\n  a\n    b\n  ```\n')).toBe('a\n  b');
  expect(firstCodeBlock('> ```\n> a\n>  b\n> ```\n')).toBe('a\n b');
});

test('a block that is not closed reaches to the end, and an empty one is empty', () => {
  expect(firstCodeBlock('```\na\nb')).toBe('a\nb');
  expect(firstCodeBlock('```\n```\n')).toBe('');
  expect(firstCodeBlock('```')).toBe('');
});

test('Windows line ends stay as they are', () => {
  expect(firstCodeBlock('a\r\n```\r\nb\r\nc\r\n```\r\n')).toBe('b\r\nc\r');
});

test('inline code is no block, nor is text without a fence', () => {
  expect(firstCodeBlock('use ```a``` and `b`')).toBeUndefined();
  expect(firstCodeBlock('```not a fence``` at all')).toBeUndefined();
  expect(firstCodeBlock('    indented')).toBeUndefined();
});
