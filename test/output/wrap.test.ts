import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {widthOf} from '../../src/output/format/width.js';
import {wrapLine, maxWidth} from '../../src/output/terminal/rows/wrap.js';

test('a long line is wrapped between words', () => {
  expect(wrapLine('poe: one two three', 10, '     ')).toEqual(['poe: one', '     two', '     three']);
  expect(wrapLine('  keeps   its spaces', 40)).toEqual(['  keeps   its spaces']);
  expect(wrapLine('unbreakably-long word', 5)).toEqual(['unbreakably-long', 'word']);
  expect(wrapLine('', 5)).toEqual(['']);
});

test('wide characters count as two columns, and Chinese and Japanese are wrapped between characters', () => {
  expect(wrapLine('日本 日本 日本', 10)).toEqual(['日本 日本', '日本']);
  expect(wrapLine('これは長い文章です。はい', 10, '  ')).toEqual(['これは長い', '  文章で', '  す。はい']);
  expect(wrapLine('안녕하세요 세계', 10, ' ')).toEqual(['안녕하세요', ' 세계']);
});

test('the estimated width of a text is never too small', () => {
  for (const text of [
    'plain',
    '日本語、ー・カナ！',
    '한국어',
    '👩‍👩‍👧 ❤️ 1️⃣ ©️',
    'e\u0301',
    'ﾊﾝｶｸ',
    '（全角）',
    '🇩🇪',
    '½ → ⌚',
  ])
    expect(maxWidth(text), text).toBeGreaterThanOrEqual(stringWidth(text));
});

test('each character has the width that string-width measures, alone and among others', () => {
  const wrong = [];
  for (let code = 0x20; code <= 0xffff; code += 1) {
    const character = String.fromCharCode(code);
    for (const text of [character, `a${character}漢`]) if (widthOf(text) !== stringWidth(text)) wrong.push(text);
  }
  expect(wrong).toEqual([]);
});
