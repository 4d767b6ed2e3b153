import {expect, test} from 'vitest';
import {firstCodeBlock} from '../../../src/output/markdown/code-block.js';

test('the first code block is extracted, byte for byte', async () => {
  expect(await firstCodeBlock('Say:\n\n```sh\necho  "a"\t\n\n  b\n```\n\n```js\n1\n```\n')).toBe('echo  "a"\t\n\n  b');
  expect(await firstCodeBlock('~~~\na ``` b\n~~~')).toBe('a ``` b');
});

test('a longer fence can contain a shorter one', async () => {
  expect(await firstCodeBlock('````md\n```js\n1\n```\n````\nrest')).toBe('```js\n1\n```');
});

test('a block in a list or a quote is extracted without its indentation', async () => {
  expect(await firstCodeBlock('1. Run\n\n   ```sh\n   a\n     b\n\n   c\n   ```\n')).toBe('a\n  b\n\nc');
  expect(await firstCodeBlock('- ```py\n  a\n    b\n  ```\n')).toBe('a\n  b');
  expect(await firstCodeBlock('> ```\n> a\n>  b\n> ```\n')).toBe('a\n b');
});

test('an unclosed block extends to the end, and an empty one is empty', async () => {
  expect(await firstCodeBlock('```\na\nb')).toBe('a\nb');
  expect(await firstCodeBlock('```\n```\n')).toBe('');
  expect(await firstCodeBlock('```')).toBe('');
});

test('Windows line endings are preserved', async () => {
  expect(await firstCodeBlock('a\r\n```\r\nb\r\nc\r\n```\r\n')).toBe('b\r\nc\r');
});

test('inline and indented code are not extracted', async () => {
  expect(await firstCodeBlock('use ```a``` and `b`')).toBeUndefined();
  expect(await firstCodeBlock('```not a fence``` at all')).toBeUndefined();
  expect(await firstCodeBlock('    indented')).toBeUndefined();
});
