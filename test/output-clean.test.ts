import {expect, test} from 'vitest';
import {clean, cleanLine} from '../src/output/clean.js';

const nasty = [
  '\u001B[31mred\u001B[0m',
  '\u001B[2J\u001B[3J\u001Bc',
  '\u001B]52;c;cm0gLXJmIH4=\u0007',
  '\u001B]8;;https://evil.example/\u001B\\https://poe.com\u001B]8;;\u001B\\',
  '\u001B]0;title\u0007',
  '\u001B]9;note\u001B\\',
  '\u001B]1337;File=name=eA==:AAAA\u0007',
  '\u001BP+q544e\u001B\\',
  '\u001B_apc\u001B\\',
  '\u009B31m\u009D52;c;eA==\u009C\u0090q\u009C',
  'unterminated \u001B]52;c;',
  'a lie\rthe truth\b\b\b\u007F',
  'bidi \u202Egnp.exe\u202C \u2066x\u2069 \u200F \u061C',
  'hidden \u{E0041}\u{E007F} \uFFF9a\uFFFAb\uFFFB',
  'half \uD83D and \uDC4B',
];

const dangerous =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]|[\u{E0000}-\u{E007F}]/u;

test('no control character gets through, wherever a text is cut in two', () => {
  for (const text of nasty) {
    for (let at = 0; at <= text.length; at++) {
      const shown = clean(text.slice(0, at)) + clean(text.slice(at));
      expect(shown).not.toMatch(dangerous);
      expect(clean(shown)).toBe(shown);
    }
  }
});

test('what was taken away leaves a mark', () => {
  expect(clean('\u001B[31mred')).toBe('␛[31mred');
  expect(clean('a\rb\bc\u007F')).toBe('a␍b␈c␡');
  expect(clean('\u202Egnp')).toBe('\uFFFDgnp');
});

test('good text stays as it is', () => {
  const text = 'Tabs\tand\nlines, 早上好, مرحبا, 👩🏽‍🍳 🇯🇵 ❤️ — “quotes”\n';
  expect(clean(text)).toBe(text);
  expect(clean('Windows\r\nlines\r\n')).toBe('Windows\nlines\n');
  expect(cleanLine('one\ntwo\tthree')).toBe('one two three');
});
