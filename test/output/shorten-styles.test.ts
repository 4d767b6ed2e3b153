import {Chalk} from 'chalk';
import {describe, expect, test} from 'vitest';
import {shortenStyles} from '../../src/output/terminal/shorten-styles.js';

const {bold, dim, red, green, underline, italic, inverse, strikethrough} = new Chalk({level: 1});

test.each([
  ['', ''],
  ['plain', 'plain'],
  [red('a'), '\u001b[31ma\u001b[m'],
  [`${red('a')} b ${green('c')}`, '\u001b[31ma \u001b[mb \u001b[32mc\u001b[m'],
  [`${red('a')}\r\n\u001b[2L ${green('b')} `, '\u001b[31ma\r\n\u001b[2L \u001b[32mb \u001b[m'],
  [`${dim('a')} ${bold('b')} c`, '\u001b[2ma \u001b[;1mb \u001b[mc'],
  [`${underline('a')} ${red('b')}`, '\u001b[4ma\u001b[m \u001b[31mb\u001b[m'],
  [red('a') + green('b'), '\u001b[31ma\u001b[32mb\u001b[m'],
  [bold(red('a')), '\u001b[1;31ma\u001b[m'],
  [bold(`a${red('b')}c`), '\u001b[1ma\u001b[31mb\u001b[39mc\u001b[m'],
  [bold('a') + dim('b'), '\u001b[1ma\u001b[;2mb\u001b[m'],
  [bold(`a${dim('b')}`), '\u001b[1ma\u001b[2mb\u001b[m'],
  [underline(italic(`a${inverse(strikethrough('b'))}`)), '\u001b[4;3ma\u001b[7;9mb\u001b[m'],
  [red(`a${green('b')}c`), '\u001b[31ma\u001b[32mb\u001b[31mc\u001b[m'],
  ['\u001b[?7l\u001b[2K', '\u001b[?7l\u001b[2K'],
])('%j is written as %j', (text, expected) => {
  expect(shortenStyles(text)).toBe(expected);
});

describe.each(['\u001b[38;5;9ma\u001b[39m', '\u001b[0m', '\u001b[44ma\u001b[49m'])('the style %j', (other) => {
  test('leaves a text as it is', () => {
    expect(shortenStyles(other + red('b'))).toBe(other + red('b'));
  });
});

test('a terminal shows each character in the same style as before', () => {
  const styles = [bold, dim, red, green, underline, italic, inverse, strikethrough];
  let seed = 7;
  const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % below;
  const pick = () => styles[random(styles.length)] ?? bold;
  for (let round = 0; round < 500; round++) {
    const nested = () => pick()(`a${random(2) === 0 ? pick()('b') : 'c'}${random(2) === 0 ? 'd' : ''}`);
    const text = Array.from({length: 5}, () => (random(3) === 0 ? 'plain' : nested())).join(random(2) === 0 ? ' ' : '');
    expect(styledCharacters(shortenStyles(text))).toEqual(styledCharacters(text));
  }
});

/** Each character with its styles. */
function styledCharacters(text: string): string[] {
  const color = /^[39]\d$/;
  const groups = [/^[12]$/, /^3$/, /^4$/, /^7$/, /^9$/, color];
  const ends = ['22', '23', '24', '27', '29', '39'];
  let active: string[] = [];
  return [...text.matchAll(/\u001b\[([\d;]*)m|([^\u001b])/g)].flatMap(([, codes, character]) => {
    // Colors are not visible in blanks.
    const visible = character === ' ' ? active.filter((code) => /^[479]$/.test(code)) : active;
    if (character !== undefined) return [`${character} ${visible.toSorted().join(',')}`];
    for (const code of (codes ?? '').split(';')) {
      const group = groups[ends.indexOf(code)] ?? groups.find((one) => one.test(code));
      if (code === '' || code === '0') active = [];
      else if (ends.includes(code)) active = active.filter((one) => !group?.test(one));
      else active = [...active.filter((one) => one !== code && !(group === color && color.test(one))), code];
    }
    return [];
  });
}
