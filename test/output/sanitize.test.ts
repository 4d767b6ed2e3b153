import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {sanitize, Sanitizer, sanitizeLine, untilOpenEnd} from '../../src/output/terminal/sanitize.js';
import {ReasoningRows} from '../../src/output/reply/reasoning.js';
import {payloads} from '../support/hostile-text.js';

/** Sequences that attack a terminal. */
const hostile = [
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

/** Characters that must not reach a terminal. */
const dangerous =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb\u{e0000}-\u{e00ff}\p{Surrogate}]/u;
const marks = /[\u2400-\u2421\ufffd]/gu;

test('control characters are replaced by their pictures', () => {
  expect(sanitize('\u001b[31mred\u0007\u007f')).toBe('␛[31mred␇␡');
  expect(sanitize('a\r\nb\rc\td\n')).toBe('a\nb␍c\td\n');
  expect(sanitize('\u009b31m \u202e abc \ud83d')).toBe('\ufffd31m \ufffd abc \ufffd');
});

test('sequences are sanitized wherever they are split', () => {
  for (let at = 0; at <= hostile.length; at++) {
    const joined = sanitize(hostile.slice(0, at)) + sanitize(hostile.slice(at));
    expect(dangerous.test(joined), `cut at ${at}`).toBe(false);
  }
});

test('sanitizing twice changes nothing', () => {
  expect(sanitize(sanitize(hostile))).toBe(sanitize(hostile));
  expect(sanitizeLine(sanitizeLine(hostile))).toBe(sanitizeLine(hostile));
});

/** Texts of many languages, and emoji with joiners and variation selectors. */
const ordinary = [
  'naïve 日本語 हिन्दी עברית العربية ไทย ខ្មែរ 한국어 Ελληνικά Русский e\u0301 café x\u0303\u0323',
  'می\u200cخواهم क्\u200dष ශ්\u200dරී \u09b0\u200d\u09cd\u09af 葛\u{e0100}城 བསྐྱེད\u0f72\u0f71\u0f7e',
  '👩‍👩‍👧‍👦 ❤️ ❤️‍🔥 1️⃣ #️⃣ 👍🏽 🏳️‍🌈 🇩🇪 \u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} ™️ ☺︎',
];

test('ordinary text of every language is unchanged, also in names', () => {
  for (const text of ordinary) {
    expect(sanitize(text)).toBe(text);
    expect(sanitizeLine(text)).toBe(text);
  }
  expect(sanitize('one\n\ttwo  three\u200b')).toBe('one\n\ttwo  three\u200b');
});

test('a name with a hidden character does not look like another name', () => {
  const hidden = '\u00ad \u034f \u115f \u180e \u200b \u200c \u200d \u2060 \u2063 \u3164 \ufe01 \ufeff \uffa0 \u{e0101}';
  for (const letter of hidden.split(' ')) expect(sanitizeLine(`Assis${letter}tant`)).toBe('Assis\ufffdtant');
  expect(sanitizeLine('GPT-4\u200do \u200dx')).toBe('GPT-4\ufffdo \ufffdx');
});

test('more than 12 marks on one character are replaced', () => {
  const most = '\u0301'.repeat(12);
  expect(sanitize(`a${most}b`)).toBe(`a${most}b`);
  expect(sanitize(`a${most}\u0301\u0302b${most}`)).toBe(`a${most}\ufffd\ufffdb${most}`);
  const flood = (letter: string) => sanitize(`😀${letter.repeat(1000)}.`).match(marks)?.length;
  for (const letter of ['\ufe01', '\u{e0120}', '\u200d', '\u2063', '\u0489']) expect(flood(letter)).toBe(988);
  expect(flood('\u{e0041}')).toBe(1000);
});

test('direction marks stay in Arabic and Hebrew text, where they change no more than their word', () => {
  for (const text of [
    'مرحبا \u200f(API)\u200f',
    'مرحبا \u200f(API)\u200f، كيف؟',
    'שלום C++\u200f ועוד',
    'المادة \u061c5\u061c، ثم',
    'רחוב \u200f12, דירה\u200f',
    'עברית \u200eEnglish (text)\u200e עברית',
    '\u200fשלום',
    '\u200eHello (world)\u200e!',
    'a \u200e- b',
  ]) {
    expect(sanitize(text)).toBe(text);
    expect(sanitize(`x\n${text}\ny`)).toBe(`x\n${text}\ny`);
  }
});

test('direction marks that would reorder other words are shown', () => {
  for (const [text, shown] of [
    ['pay \u200f10 20\u200f now', 'pay \ufffd10 20\ufffd now'],
    ['\u200f1 + 2 = 3', '\ufffd1 + 2 = 3'],
    ['שלום abc \u200f10 20 def', 'שלום abc \ufffd10 20 def'],
    ['שלום \u200e10 20 עולם', 'שלום \ufffd10 20 עולם'],
    ['\u200fHello!', '\ufffdHello!'],
    ['\u200eשלום!', '\ufffdשלום!'],
    ['user\u200f.exe', 'user\ufffd.exe'],
    ['שלום \u200f a', 'שלום \ufffd a'],
    [`שלום abc\u200f${'.'.repeat(100)}`, `שלום abc\ufffd${'.'.repeat(100)}`],
    ['שלום\nabc\u200f.', 'שלום\nabc\ufffd.'],
  ] as const)
    expect(sanitize(text)).toBe(shown);
});

test('direction marks make no name look like another one', () => {
  expect(sanitizeLine('GPT\u200e-4 \u200fx')).toBe('GPT\ufffd-4 \ufffdx');
  expect(sanitizeLine('מודל (GPT)\u200f')).toBe('מודל (GPT)\u200f');
});

/** Parts of random hostile texts. */
const piece = fc.oneof(
  fc.constantFrom(...Object.values(payloads), ...ordinary, hostile),
  fc.constantFrom(...Object.values(payloads).flatMap((payload) => payload.split(/(?<=^.{1,3})/su))),
  fc.integer({min: 0, max: 0xa0}).map((code) => String.fromCharCode(code)),
  fc.integer({min: 0, max: 0xffff}).map((code) => String.fromCharCode(code)),
  fc.constantFrom(
    '\r',
    '\n',
    '\ud83c',
    '\udff4',
    '\udb40',
    '\udc67',
    '\u{1f3f4}\u{e0067}\u{e0062}',
    '\u0301'.repeat(11),
    '\u200f',
    '\u200e1 2',
    '\u061c(a)',
    'שלום ',
    '.'.repeat(60),
  ),
  fc.string({unit: 'grapheme', maxLength: 5}),
);
const text = fc.array(piece, {maxLength: 12}).map((pieces) => pieces.join(''));
const cuts = fc.array(fc.nat({max: 60}), {maxLength: 30});

test('any text is safe afterwards, and each removed character has a mark', () => {
  const isFlagPart = /\u{1f3f4}\u{e0067}\u{e0062}[\u{e0061}-\u{e007a}]{3}\u{e007f}/gu;
  fc.assert(
    fc.property(text, (before) => {
      const after = sanitize(before);
      expect(dangerous.test(after.replaceAll(isFlagPart, ''))).toBe(false);
      const ends = before.replaceAll(/\r\n|[\u2028\u2029]/g, '\n');
      expect([...after]).toHaveLength([...ends].length);
      for (const [index, character] of [...ends].entries()) {
        const shown = [...after][index] ?? '';
        if (shown !== character) expect(shown).toMatch(/^[\u2400-\u2421\ufffd]$/);
      }
      expect(sanitize(after)).toBe(after);
      expect(sanitizeLine(sanitizeLine(before))).toBe(sanitizeLine(before));
    }),
    {numRuns: 2000},
  );
});

test('a text in pieces is sanitized like the complete text', () => {
  fc.assert(
    fc.property(text, cuts, (whole, lengths) => {
      const sanitizer = new Sanitizer();
      let shown = '';
      let rest = whole;
      for (const length of lengths) {
        shown += sanitizer.more(rest.slice(0, length));
        rest = rest.slice(length);
      }
      expect(shown + sanitizer.more(rest) + sanitizer.end()).toBe(sanitize(whole));
      for (let at = 0; at <= whole.length; at++) {
        expect(sanitize(whole).startsWith(sanitize(untilOpenEnd(whole.slice(0, at))))).toBe(true);
      }
    }),
    {numRuns: 1000},
  );
});

test('marks on a character are counted across pieces', () => {
  for (const accent of ['\u0301', '\u{e0120}', '\u200d']) {
    const [sanitizer, flood] = [new Sanitizer(), `a${accent.repeat(40)}`];
    const pieces = [...Array(flood.length).keys()].map((at) => sanitizer.more(flood.slice(at, at + 1)));
    expect(pieces.join('') + sanitizer.end()).toBe(sanitize(flood));
  }
});

test('bytes that are split within a character are sanitized like the complete text', () => {
  fc.assert(
    fc.property(fc.uint8Array({maxLength: 60}), text, cuts, (noise, letters, lengths) => {
      const bytes = Buffer.concat([Buffer.from(letters), noise]);
      const sanitizer = new Sanitizer();
      const decoder = new TextDecoder();
      let shown = '';
      let at = 0;
      for (const length of lengths) {
        shown += sanitizer.more(decoder.decode(bytes.subarray(at, at + length), {stream: true}));
        at += length;
      }
      shown += sanitizer.more(decoder.decode(bytes.subarray(at))) + sanitizer.end();
      expect(shown).toBe(sanitize(new TextDecoder().decode(bytes)));
    }),
  );
});

test('ten megabytes of an unterminated sequence are shown as they arrive', () => {
  for (const start of ['\u001b]52;c;', '\u001b[', '\u001bP', '\u009d']) {
    const [pieces, piece] = [1000, 'QUJD'.repeat(2500)];
    const sanitizer = new Sanitizer();
    expect(sanitizer.more(start)).toBe(sanitize(start));
    for (let count = 0; count < pieces; count++) expect(sanitizer.more(piece) === piece).toBe(true);
    expect(sanitizer.end()).toBe('');
    const whole = start + piece.repeat(pieces);
    expect(sanitize(whole) === sanitize(start) + whole.slice(start.length)).toBe(true);
  }
  const worst = '\r\u0301\u{1f3f4}\u{e0067}\udb40'.repeat(300_000);
  expect(sanitize(worst)).not.toMatch(dangerous);
});

test('reasoning is sanitized as a whole, wherever it is split', () => {
  const rowsOf = (pieces: string[]) => {
    const reasoning = new ReasoningRows({color: false, width: () => 400});
    return pieces.map((piece) => reasoning.append(piece)).join('') + reasoning.end();
  };
  expect(rowsOf(['one\r\ntwo 😀\u2028three'])).toBe('│ one\n│ two 😀\n│ three\n\n');
  for (const payload of Object.values(payloads)) {
    const text = `one\r\ntwo 😀 ${payload}. three`;
    expect(rowsOf([text])).not.toMatch(dangerous);
    for (let at = 0; at <= text.length; at++) {
      expect(rowsOf([text.slice(0, at), text.slice(at)])).toBe(rowsOf([text]));
    }
  }
});

test('reasoning of one endless word is rendered in linear time', () => {
  const reasoning = new ReasoningRows({color: false, width: () => 80});
  let length = 0;
  for (let count = 0; count < 100_000; count++) length += reasoning.append('0123456789').length;
  length += reasoning.end().length;
  expect(length).toBeGreaterThan(1_000_000);
});

test('titles and names are reduced to one line', () => {
  expect(sanitizeLine('one\r\ntwo\n\n\tthree\u2028four\u001b')).toBe('one two three four␛');
});
