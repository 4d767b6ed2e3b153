import {expect, test} from 'vitest';
import {clean, cleanLine} from '../src/output/clean.js';

/** What attacks on a terminal look like. */
const nasty = [
  '\u001b[2J\u001b[3J\u001b[1;1H',
  '\u001b]52;c;ZXZpbA==\u0007',
  '\u001b]0;title\u001b\\',
  '\u001b]8;;https://evil.example\u001b\\https://good.example\u001b]8;;\u001b\\',
  '\u001b]9;4;1\u0007',
  '\u001b]1337;File=inline=1:AAAA\u0007',
  '\u001bP$q"p\u001b\\',
  '\u001b_Gf=100;AAAA\u001b\\',
  '\u001b^private\u001b\\',
  '\u001bX start of string',
  '\u001b[8mhidden',
  '\u001bc\u001b7\u001b8',
  '\u009b2J\u009d0;t\u009c\u0090q\u009c\u009f\u0085\u0084',
  'unterminated \u001b]52;c;',
  'unterminated \u001b[',
  'good\rbad',
  'secret\u0008\u0008\u0008\u0008\u0008\u0008public',
  '\u0000\u0005\u000b\u000c\u000e\u000f\u007f',
  'user\u202egnp.exe\u202c \u2066a\u2069 \u061c\u200e\u200f',
  'tag\u{e0041}\u{e007f} \ufff9a\ufffab\ufffb \u206a',
  'a\r\nb\u2028c\u2029d',
  'half \ud83d and \ude00',
].join('|');

/** No character of these may reach a terminal. */
const dangerous =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Surrogate}]/u;

test('control characters are shown as their pictures', () => {
  expect(clean('\u001b[31mred\u0007\u007f')).toBe('␛[31mred␇␡');
  expect(clean('a\r\nb\rc\td\n')).toBe('a\nb␍c\td\n');
  expect(clean('\u009b31m \u202e abc \ud83d')).toBe('\ufffd31m \ufffd abc \ufffd');
});

test('wherever an attack is cut in two, no part of it gets through', () => {
  for (let at = 0; at <= nasty.length; at++) {
    const joined = clean(nasty.slice(0, at)) + clean(nasty.slice(at));
    expect(dangerous.test(joined), `cut at ${at}`).toBe(false);
  }
});

test('cleaning twice is cleaning once', () => {
  expect(clean(clean(nasty))).toBe(clean(nasty));
  expect(cleanLine(cleanLine(nasty))).toBe(cleanLine(nasty));
});

test('ordinary text of every language stays', () => {
  const text = 'naïve 日本語 हिन्दी עברית می‌خواهم 👩‍👩‍👧 ❤️ 1️⃣ e\u0301\n\tend';
  expect(clean(text)).toBe(text);
});

test('titles and names take one line', () => {
  expect(cleanLine('one\r\ntwo\n\n\tthree\u2028four\u001b')).toBe('one two three four␛');
});
