import {expect, test} from 'vitest';
import {byLine, draftOf, erase, go, insert} from '../../../src/ui/prompt/draft.js';
import {press} from '../../../src/ui/prompt/key-bindings.js';
import {carryOver} from '../../../src/ui/input/edit-draft.js';
import {KeyReader} from '../../../src/ui/prompt/key-reader.js';
import {decode, fold, shorten} from '../../../src/ui/prompt/marks.js';
import {emptyPrompt, setText, textOf} from '../../../src/ui/prompt/prompt-state.js';
import {plain, type PromptText} from '../../../src/ui/prompt/prompt-text.js';
import {layOut, promptRows, rowsOf} from '../../../src/ui/screen/layout.js';
import {createTheme} from '../../../src/ui/theme.js';
import {widthOf} from '../../../src/output/format/width.js';
import {type Facts, statusRow} from '../../../src/ui/text/status-line.js';
import {parseSlashLine, subcommandLine} from '../../../src/ui/slash-commands/parse.js';

/** A prompt that reads what a terminal sends. */
function typist(lines: readonly (string | PromptText)[]) {
  const history = lines.map((line) => (typeof line === 'string' ? plain(line) : line));
  const reader = new KeyReader();
  let prompt = emptyPrompt(history);
  return {
    get prompt() {
      return prompt;
    },
    get text() {
      return textOf(prompt).text;
    },
    set(text: string) {
      prompt = setText(prompt, plain(text));
    },
    /** @returns the action of the last key */
    type(text: string) {
      let action;
      for (const key of reader.read(text)) ({prompt, action} = {action: undefined, ...press(prompt, key, history)});
      return action;
    },
  };
}

const plainTheme = createTheme({color: false});

test('Left and Right move by whole characters, as users count them', () => {
  const draft = draftOf('tea 👩🏽‍🍳');
  expect(go(draft, 'left').caret).toBe(4);
  expect(erase(draft, 'left')).toEqual({draft: {text: 'tea ', caret: 4}, erased: '👩🏽‍🍳'});
  expect(go({text: 'one two  ', caret: 9}, 'wordLeft').caret).toBe(4);
  expect(go({text: 'one two', caret: 3}, 'wordRight').caret).toBe(7);
});

test('Up and Down move through the lines of a draft and stop at its edges', () => {
  const draft = draftOf('long line\nab');
  expect(byLine(draft, -1)).toEqual({text: 'long line\nab', caret: 2});
  expect(byLine(draft, 1)).toBeUndefined();
  expect(byLine({...draft, caret: 8}, 1)?.caret).toBe(12);
  expect(byLine({...draft, caret: 3}, -1)).toBeUndefined();
});

test('a long paste is one character of the draft and is sent whole', () => {
  const text = 'a\nb\nc\nd\n';
  const {pastes, inserted} = fold([], text);
  const draft = insert(draftOf('see: '), inserted);
  expect(shorten(draft.text, pastes)).toBe('see: [pasted 4 lines]');
  expect(decode(draft.text, pastes)).toEqual({text: `see: ${text}`, mentions: [], folds: [[5, 5 + text.length]]});
  expect(erase(draft, 'left').draft.text).toBe('see: ');
});

test('Enter sends; Ctrl+J, Alt+Enter, Shift+Enter and a backslash before Enter insert a line break', () => {
  const user = typist([]);
  for (const newline of ['\n', '\u001b\r', '\u001b[13;2u', '\u001b[27;2;13~', '\\\r']) {
    user.set('a');
    expect(user.type(newline)).toBeUndefined();
    expect(user.text).toBe('a\n');
  }
  expect(user.type('\r')).toBe('submit');
});

test('Ctrl+_ undoes typing, deleting and pasting, one step at a time', () => {
  const user = typist([]);
  for (const key of 'one two') user.type(key);
  user.type('\u0017');
  expect(user.text).toBe('one ');
  user.type('\u001b[200~pasted\u001b[201~');
  expect(user.text).toBe('one pasted');
  const seen = ['\u001f', '\u001f', '\u001f', '\u001f'].map((undo) => {
    user.type(undo);
    return user.text;
  });
  expect(seen).toEqual(['one ', 'one two', 'one ', '']);
});

test('Ctrl+Y inserts what Ctrl+W, Ctrl+U, Ctrl+K, Alt+Backspace and Alt+D deleted in a row', () => {
  const user = typist([]);
  user.type('one two three\u0017\u001b\u007f');
  expect(user.text).toBe('one ');
  user.type('\u0019\u0019');
  expect(user.text).toBe('one two threetwo three');
  user.set('one two three');
  user.type('\u0001\u001bd\u001bd');
  expect(user.text).toBe(' three');
  user.type('\u0005\u0019');
  expect(user.text).toBe(' threeone two');
});

test('Ctrl+W and Alt+arrows stop at the words of languages without spaces', () => {
  const user = typist([]);
  user.set('我们去喝茶吧');
  user.type('\u0017');
  expect(user.text).toBe('我们去喝茶');
  user.type('\u0017\u0017');
  expect(user.text).toBe('我们');
  user.set('お茶を飲みます。');
  user.type('\u0017');
  expect(user.text).toBe('お茶を飲み');
});

test('Up and Down never stop within a character', () => {
  const user = typist([]);
  user.set('ab\n👩🏽‍🍳👩🏽‍🍳\n日本');
  user.type('\u001b[D\u001b[Ax');
  expect(user.text).toBe('ab\n👩🏽‍🍳x👩🏽‍🍳\n日本');
  user.type('\u001b[Ax');
  expect(user.text).toBe('abx\n👩🏽‍🍳x👩🏽‍🍳\n日本');
});

test('a typed @ keeps its meaning while it is deleted, inserted again, recalled and undone; a pasted one does not', () => {
  const user = typist([{text: 'see @a.txt', mentions: [4], folds: []}, 'see @b.txt']);
  user.type('see @a.txt\u0015\u0019');
  expect(textOf(user.prompt).mentions).toEqual([4]);
  user.type('\u001b[A');
  expect(textOf(user.prompt)).toEqual(plain('see @b.txt'));
  user.type('\u001b[A');
  expect(textOf(user.prompt).mentions).toEqual([4]);
  user.type('\u001b[B\u001b[B\u0015\u001b[200~@a\u001b[201~ @b\u0017\u001f');
  expect(textOf(user.prompt)).toEqual({text: '@a @b', mentions: [3], folds: []});
});

test('after $EDITOR only the paths that were typed before attach files, and a long paste is short again', () => {
  const long = `@c ${'x'.repeat(500)}`;
  const before = {text: `@a @b ${long}`, mentions: [0, 3], folds: [[6, 6 + long.length] as const]};
  expect(carryOver(before, `new: @b @d @a, ${long}!`)).toEqual({
    text: `new: @b @d @a, ${long}!`,
    mentions: [5, 11],
    folds: [[15, 15 + long.length]],
  });
  // The same path was typed and pasted: it is not known which of them is left.
  expect(carryOver({text: '@a @a', mentions: [0], folds: []}, '@a')).toEqual(plain('@a'));
});

test('a text from outside cannot contain the marks of the prompt', () => {
  const user = typist([]);
  user.type('\u001b[200~\uDC00/etc/hostname\u001b[201~');
  expect(textOf(user.prompt)).toEqual(plain('\uFFFD/etc/hostname'));
  user.set('\uDC00/etc/hostname');
  expect(textOf(user.prompt)).toEqual(plain('\uFFFD/etc/hostname'));
});

test('Up recalls earlier input, and Down returns to the draft', () => {
  const user = typist(['green tea', 'black tea', 'coffee']);
  user.type('dra\u001b[A\u001b[A');
  expect(user.text).toBe('black tea');
  user.type('\u001b[B\u001b[B');
  expect(user.text).toBe('dra');
});

test('wide characters move the caret by two columns', () => {
  expect(promptRows({text: '日本', caret: 2}, '> ', 20)).toEqual({rows: ['> 日本'], caret: {x: 6, y: 0}});
  expect(promptRows({text: 'abcdef', caret: 6}, '> ', 6)).toEqual({
    rows: ['> abc', '  def'],
    caret: {x: 5, y: 1},
  });
});

test('the frame always has at least two rows fewer than the terminal', () => {
  const tail = Array.from({length: 100}, (_, index) => `line ${index}\n`).join('');
  const prompt = draftOf('a\n'.repeat(60));
  for (let height = 3; height < 60; height++) {
    const frame = layOut(
      {
        tail,
        offers: ['a', 'b'],
        notice: 'note',
        attachments: ['[file]'],
        menu: Array(30).fill('choice'),
        status: ['bot', 'costs'],
        prompt,
        mark: '> ',
        progress: ['busy'],
        header: ['poe', 'tips', ''],
        placeholder: '',
        hasRules: true,
        theme: plainTheme,
      },
      40,
      height,
    );
    expect(rowsOf(frame).length).toBeLessThanOrEqual(height - 2);
    expect(frame.caret.y).toBeLessThan(rowsOf(frame).length);
  }
});

test('slash commands are parsed and receive the current chat', () => {
  expect(parseSlashLine('/title "a b" c')).toEqual({name: 'title', words: ['a b', 'c'], rest: '"a b" c'});
  expect(parseSlashLine('/usr/bin is a folder')).toBeUndefined();
  const title = {name: 'title', summary: '', takesChat: 'first', completes: []} as const;
  expect(subcommandLine({name: 'title', words: ['x']}, title, 'code')).toEqual(['title', 'code', 'x']);
  const history = {name: 'history', summary: '', takesChat: 'never', completes: []} as const;
  expect(subcommandLine({name: 'history', words: ['show']}, history, 'code')).toEqual(['history', 'show', 'code']);
  for (const [words, expected] of [
    [
      ['branch', '12'],
      ['branch', 'code', '12'],
    ],
    [
      ['branch', 'other', '12'],
      ['branch', 'other', '12'],
    ],
    [
      ['show', '--ids'],
      ['show', 'code', '--ids'],
    ],
    [
      ['search', 'x'],
      ['search', 'x'],
    ],
  ]) {
    expect(subcommandLine({name: 'history', words: words ?? []}, history, 'code')).toEqual([
      'history',
      ...(expected ?? []),
    ]);
  }
});

test('the status bar is one row: the bot and the chat at the left, the costs at the right', () => {
  const facts: Facts = {
    bot: 'Claude-3.7-Sonnet',
    isStarting: false,
    title: 'A tea garden',
    price: 100,
    lastCost: {points: 98, isEstimate: false},
    balance: 1827,
    files: 0,
    isRunning: false,
    connection: 'open',
  };
  const row = (columns: number, changed: Partial<Facts> = {}) => statusRow({...facts, ...changed}, columns, plainTheme);
  expect([110, 80, 70, 60, 40, 25].map((columns) => row(columns))).toEqual([
    'Claude-3.7-Sonnet · A tea garden                100 points per message · last: 98 points · 1,827 points left',
    'Claude-3.7-Sonnet · A tea garden       100 per message · last: 98 · 1,827 left',
    'Claude-3.7-Sonnet · A tea garden        100 per message · 1,827 left',
    'Claude-3.7-Sonnet  100 per message · last: 98 · 1,827 left',
    'Claude-3.7-Sonnet           1,827 left',
    'Claude-3.7-Sonnet',
  ]);
  expect(row(70, {title: 'A long talk about tea gardens in Japan'})).toBe(
    'Claude-3.7-Sonnet · A long talk about…  100 per message · 1,827 left',
  );
  const rates = {price: null, rates: '86.6 in, 433 out'};
  expect(row(120, rates)).toContain('  86.6 in, 433 out points per 1k tokens · last: 98 points · 1,827 points left');
  expect(row(80, rates)).toBe('Claude-3.7-Sonnet · A tea garden          86.6 in, 433 out per 1k · 1,827 left');
  expect(row(40, {bot: 'Gemini-2.5'})).toBe('Gemini-2.5       last: 98 · 1,827 left');
  expect(row(110, {lastCost: {points: 17, isEstimate: true}})).toContain(' · last: about 17 points · ');
  expect(row(130, {cachedTokens: 5200})).toContain(' · last: 98 points · 5,200 tokens cached · ');
  expect(row(80, {cachedTokens: 5200})).toBe(row(80));
  expect(row(110, {isRunning: true})).toContain('A tea garden · Esc to stop  ');
  expect(row(110, {files: 1})).toMatch(/^Claude-3\.7-Sonnet · A tea garden · 1 file {2}/);
  expect(row(120, {connection: 'reconnecting'})).toMatch(/^connection lost, reconnecting… · Claude/);
  for (let columns = 10; columns < 200; columns++) expect(widthOf(row(columns))).toBeLessThan(columns);
});

test('the points left are yellow if they pay for fewer than ten messages, and red if for none', () => {
  const balance = (price: number | null, left: number) =>
    statusRow(
      {
        bot: 'b',
        isStarting: false,
        title: null,
        price,
        lastCost: null,
        balance: left,
        files: 0,
        isRunning: false,
        connection: 'open',
      },
      80,
      createTheme({color: true}),
    ).replace(/^.*?(?=\u001b\[\d*m[\d,]+ points? left)/, '');
  expect(balance(100, 1000)).toBe('\u001b[2m1,000 points left\u001b[22m');
  expect(balance(100, 999)).toBe('\u001b[33m999 points left\u001b[39m');
  expect(balance(100, 99)).toBe('\u001b[31m99 points left\u001b[39m');
  expect(balance(null, 100)).toBe('\u001b[2m100 points left\u001b[22m');
  expect(balance(null, 99)).toBe('\u001b[33m99 points left\u001b[39m');
});
