import {expect, test} from 'vitest';
import {KeyReader} from '../../../src/ui/prompt/key-reader.js';
import type {Key} from '../../../src/ui/prompt/keys.js';

/* What terminals send, and the keys it means. */

/** `ctrl+c` for a key, `"text"` for text. */
function nameOf(key: Key): string {
  if (key.type !== 'key') return JSON.stringify(key.text);
  const {ctrl, alt, shift, name} = key;
  return [ctrl && 'ctrl', alt && 'alt', shift && 'shift', name].filter(Boolean).join('+');
}

/** The keys for what arrives at once. */
function keysIn(text: string): string[] {
  const reader = new KeyReader();
  return [...reader.read(text), ...reader.flush()].map(nameOf);
}

test.each([
  // Plain control characters, and what follows Escape.
  ['\u0003', 'ctrl+c'],
  ['\u0004', 'ctrl+d'],
  ['\u001a', 'ctrl+z'],
  ['\u001f', 'ctrl+_'],
  ['\r', 'enter'],
  ['\t', 'tab'],
  ['\u0008', 'backspace'],
  ['\u007f', 'backspace'],
  ['\u001b', 'escape'],
  ['\u001b\u001b', 'escape escape'],
  ['\u001bd', 'alt+d'],
  ['\u001b\u007f', 'alt+backspace'],
  ['\u001b\r', 'alt+enter'],
  ['\u001b3', 'alt+3'],
  // Arrows and others, also with modifiers and as rxvt, application mode and the Linux console send them.
  ['\u001b[A', 'up'],
  ['\u001bOA', 'up'],
  ['\u001b[1;5D', 'ctrl+left'],
  ['\u001b[1;3C', 'alt+right'],
  ['\u001b\u001b[C', 'alt+right'],
  ['\u001b[3~', 'delete'],
  ['\u001b[3;5~', 'ctrl+delete'],
  ['\u001b[3^', 'ctrl+delete'],
  ['\u001b[3$', 'shift+delete'],
  ['\u001b[7~', 'home'],
  ['\u001b[4~', 'end'],
  ['\u001bOM', 'enter'],
  ['\u001bOu', '"5"'],
  // The kitty keyboard protocol.
  ['\u001b[99;5u', 'ctrl+c'],
  ['\u001b[100;5u', 'ctrl+d'],
  ['\u001b[122;5u', 'ctrl+z'],
  ['\u001b[119;5u', 'ctrl+w'],
  ['\u001b[127;3u', 'alt+backspace'],
  ['\u001b[127;5u', 'ctrl+backspace'],
  ['\u001b[100;3u', 'alt+d'],
  ['\u001b[13;2u', 'shift+enter'],
  ['\u001b[13u', 'enter'],
  ['\u001b[9u', 'tab'],
  ['\u001b[27u', 'escape'],
  ['\u001b[27;1:3u', ''],
  ['\u001b[1;1:3A', ''],
  ['\u001b[99;69u', 'ctrl+c'],
  ['\u001b[1089::99;5u', 'ctrl+c'],
  ['\u001b[91;5u', 'escape'],
  ['\u001b[109;5u', 'enter'],
  ['\u001b[45;6u', 'ctrl+_'],
  ['\u001b[97u', '"a"'],
  ['\u001b[97:65;2u', '"A"'],
  ['\u001b[97;;228u', '"ä"'],
  ['\u001b[57402u', '"3"'],
  ['\u001b[57414u', 'enter'],
  ['\u001b[57441;2u', 'shift+other'],
  ['\u001b[99;9u', 'other'],
  // modifyOtherKeys of xterm.
  ['\u001b[27;5;99~', 'ctrl+c'],
  ['\u001b[27;5;100~', 'ctrl+d'],
  ['\u001b[27;3;127~', 'alt+backspace'],
  ['\u001b[27;2;13~', 'shift+enter'],
  ['\u001b[27;5;13~', 'ctrl+enter'],
  ['\u001b[27;3;100~', 'alt+d'],
])('%j is %s', (sent, name) => {
  expect(keysIn(sent).join(' ')).toBe(name);
});

test.each([
  ['function keys of the Linux console', '\u001b[[A\u001b[[E'],
  ['X10 mouse reports', '\u001b[M !!\u001b[M#5*'],
  ['SGR and urxvt mouse reports', '\u001b[<0;10;20M\u001b[<0;10;20m\u001b[32;10;20M'],
  ['the answer to OSC 11, ended by BEL', '\u001b]11;rgb:1e1e/1e1e/1e1e\u0007'],
  ['the answer to OSC 11, ended by ST', '\u001b]11;rgb:1e1e/1e1e/1e1e\u001b\\'],
  ['the answer to OSC 52', '\u001b]52;c;aGVsbG8=\u0007'],
  ['DCS answers', '\u001bP>|xterm(390)\u001b\\\u001bP1$r0m\u001b\\\u001bP1+r544e=787465726d\u001b\\'],
  ['APC answers', '\u001b_Gi=31;OK\u001b\\'],
  ['device attributes, modes and positions', '\u001b[?62;4c\u001b[>0;390;0c\u001b[?2026;2$y\u001b[12;40R\u001b[?1u'],
])('%s are never typed', (_name, sent) => {
  const isSilent = (key: string) => key.endsWith('other');
  expect(keysIn(`${sent}a`).filter((key) => !isSilent(key))).toEqual(['"a"']);
  // However they are split.
  for (let at = 1; at < sent.length; at++) {
    const reader = new KeyReader();
    const keys = [...reader.read(sent.slice(0, at)), ...reader.read(`${sent.slice(at)}a`)].map(nameOf);
    expect(
      keys.filter((key) => !isSilent(key)),
      `split at ${at}`,
    ).toEqual(['"a"']);
  }
});

test('a sequence that arrives in pieces is one key; a lone Escape is a key when nothing follows in time', () => {
  for (const sequence of ['\u001b[A', '\u001bOA', '\u001b[1;5A', '\u001b[99;5u', '\u001b[200~x\ry\u001b[201~']) {
    for (let at = 1; at < sequence.length; at++) {
      const reader = new KeyReader();
      const keys = [...reader.read(sequence.slice(0, at)), ...reader.read(sequence.slice(at))];
      expect(keys.map(nameOf), `${JSON.stringify(sequence)} at ${at}`).toEqual(keysIn(sequence));
      expect(reader.patience).toBeUndefined();
    }
  }
  const reader = new KeyReader();
  expect(reader.read('\u001b')).toEqual([]);
  expect(reader.patience).toBe(100);
  expect(reader.flush().map(nameOf)).toEqual(['escape']);
});

test('a letter that arrives after Escape is typed; in one piece they are Alt and the letter', () => {
  const reader = new KeyReader();
  expect([...reader.read('\u001b'), ...reader.read('hello')].map(nameOf)).toEqual(['escape', '"hello"']);
  expect([...reader.read('\u001b\u001b'), ...reader.read('hello')].map(nameOf)).toEqual([
    'escape',
    'escape',
    '"hello"',
  ]);
  expect(keysIn('\u001bbx')).toEqual(['alt+b', '"x"']);
});

test('an incomplete sequence is dropped after a while, and one that is broken off leaves nothing', () => {
  const reader = new KeyReader();
  expect(reader.read('\u001b[1;')).toEqual([]);
  expect(reader.flush()).toEqual([]);
  expect(reader.read('a').map(nameOf)).toEqual(['"a"']);
  expect(keysIn('\u001b[1;\u0003')).toEqual(['ctrl+c']);
  expect(keysIn('\u001b]11;rgb:\u001b[A')).toEqual(['up']);
});

test('a paste is one key, split anywhere, and its text is never a key', () => {
  const sent = 'a\u001b[200~x\ry\u0003\u001b[A\u001b[201~\r';
  for (let at = 2; at < sent.length; at++) {
    const reader = new KeyReader();
    const keys = [...reader.read(sent.slice(0, at)), ...reader.read(sent.slice(at))].map(nameOf);
    expect(keys).toEqual(['"a"', JSON.stringify('x\ny\u0003\u001b[A'), 'enter']);
  }
});
