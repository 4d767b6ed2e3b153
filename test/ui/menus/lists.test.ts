import {expect, test} from 'vitest';
import {widthOf} from '../../../src/output/format/width.js';
import type {MenuEntry} from '../../../src/ui/menu/entry.js';
import {fuzzyList, orderedList} from '../../../src/ui/menu/entry-list.js';
import {type ListState, moveMark, newList, withEntries, withFound, withQuery} from '../../../src/ui/menu/list-state.js';
import {menuRows} from '../../../src/ui/menu/menu-rows.js';
import {targetAt} from '../../../src/ui/menu/target.js';
import {draftOf} from '../../../src/ui/prompt/draft.js';
import {markTyped} from '../../../src/ui/prompt/marks.js';
import {layOut, rowsOf} from '../../../src/ui/screen/layout.js';
import {createTheme} from '../../../src/ui/theme.js';

/* The lists of menus and pickers, without a terminal. */

const entry = (label: string, detail = ''): MenuEntry => ({value: label, label, detail});
const entries = (...labels: string[]) => labels.map((label) => entry(label));
const labels = (found: readonly MenuEntry[]) => found.map(({label}) => label);
const theme = createTheme({color: false});

test('what begins with the typed text comes before other matches', async () => {
  const list = await fuzzyList(entries('/settings', '/history', '/title'));
  expect(list.matching('ti').map(({label}) => label)[0]).toBe('/title');
  expect(list.matching('/ti').map(({label}) => label)[0]).toBe('/title');
});

test('a filter finds names by some of their letters, without regard to case and accents, best first', async () => {
  const list = await fuzzyList(entries('Claude-3.7-Sonnet', 'GPT-4o', 'Gemini-2.0-Pro', 'Über-Bot', '東京'));
  expect(labels(list.matching('sonnet'))).toEqual(['Claude-3.7-Sonnet']);
  expect(labels(list.matching('g4'))).toEqual(['GPT-4o']);
  expect(labels(list.matching('gem pro'))).toEqual(['Gemini-2.0-Pro']);
  expect(labels(list.matching('uber'))).toEqual(['Über-Bot']);
  expect(labels(list.matching('東'))).toEqual(['東京']);
  expect(labels(list.matching('zzz'))).toEqual([]);
  expect(list.matching(' ')).toHaveLength(5);
});

test('a search of earlier input keeps its order and finds lines that contain all words', () => {
  const list = orderedList(entries('brew green tea', 'grind coffee', 'green apples and TEA'));
  expect(labels(list.matching('tea green'))).toEqual(['brew green tea', 'green apples and TEA']);
  expect(labels(list.matching('gt'))).toEqual([]);
});

test('the marked entry stays marked when more entries arrive, and the mark goes round', async () => {
  let list = withEntries(newList(), await fuzzyList(entries('one', 'two')));
  expect(list.marked).toBe(0);
  list = moveMark(list, 1);
  list = withEntries(list, await fuzzyList(entries('zero', 'one', 'two')));
  expect(list.matches[list.marked]?.label).toBe('two');
  expect(moveMark(list, 1).marked).toBe(0);
  expect(moveMark(moveMark(list, 1), -1).marked).toBe(2);
});

test('a mark that was not moved is on the best match when more entries are loaded', async () => {
  const list = withQuery(withEntries(newList(), await fuzzyList(entries('decoder'))), 'code');
  expect(withEntries(list, await fuzzyList(entries('decoder', 'coder'))).marked).toBe(0);
  expect(labels(withEntries(list, await fuzzyList(entries('decoder', 'coder'))).matches)).toEqual(['coder', 'decoder']);
});

test('what a search has found for the query follows the matches that are shown, and does not move the mark', async () => {
  const list = withQuery(withEntries(newList(), await fuzzyList(entries('decoder'))), 'code');
  const all = await fuzzyList(entries('decoder', 'code', 'Python Tutor'));
  const found = withFound(list, all, {query: 'code', found: [entry('Python Tutor', 'writes code'), entry('code')]});
  expect(labels(found.matches)).toEqual(['decoder', 'Python Tutor', 'code']);
  expect(found.marked).toBe(0);
  expect(labels(withQuery(found, 'coder').matches)).toEqual(['decoder']);
  expect(labels(withFound(list, all, {query: 'cod', found: entries('x')}).matches)).toEqual(['decoder']);
});

test('without a first mark, only the arrows mark an entry', async () => {
  const list = withEntries(newList({marksFirst: false}), await fuzzyList(entries('one', 'two')));
  expect(list.marked).toBe(-1);
  expect(moveMark(list, 1).marked).toBe(0);
  expect(moveMark(list, -1).marked).toBe(1);
});

test('each entry is one row that fits, whatever its name contains', async () => {
  const hostile = [
    '\u001b[2J\u001b]0;title\u0007',
    '\u202Egnp.exe',
    'a\nb\tc',
    '\u0007'.repeat(300),
    '日本語'.repeat(80),
    'שלום '.repeat(50),
    '👩🏽‍🍳'.repeat(60),
    'z\u0301\u0301\u0301\u0301\u0301'.repeat(50),
    'x'.repeat(100_000),
  ];
  const list = withEntries(
    newList(),
    await fuzzyList(hostile.map((name) => ({value: name, label: name, detail: name}))),
  );
  for (const width of [9, 39, 79, 199]) {
    for (let at = 0; at < hostile.length; at++) {
      const rows = menuRows(moveMark(list, at), {width, height: 24, theme, action: 'Enter to choose'});
      expect(rows).toHaveLength(9);
      for (const row of rows) {
        expect(widthOf(row)).toBeLessThanOrEqual(width);
        expect(row).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
      }
    }
  }
});

test('a menu leaves room for the rest of the frame, and always shows the marked entry', async () => {
  const list = withEntries(
    newList(),
    await fuzzyList(entries(...Array.from({length: 50}, (_, index) => `entry ${index}`))),
  );
  const rowsAt = (state: ListState, height: number) =>
    menuRows(state, {width: 39, height, theme, action: 'Enter to choose'});
  expect(rowsAt(list, 24)).toHaveLength(9);
  expect(rowsAt(list, 15)).toHaveLength(6);
  expect(rowsAt(list, 5)).toEqual(['❯ entry 0', '  1 of 50 · loading… · Enter to choose']);
  for (let at = 0; at < 50; at++) expect(rowsAt(moveMark(list, at), 15)).toContain(`❯ entry ${at}`);
});

test('a frame with a menu is lower than the terminal and shows the marked entry, down to six rows', async () => {
  const list = withEntries(
    newList(),
    await fuzzyList(entries(...Array.from({length: 50}, (_, index) => `entry ${index}`))),
  );
  for (let height = 6; height < 60; height++) {
    const menu = menuRows(list, {width: 38, height, theme, action: 'Enter to choose'});
    const content = {
      header: [],
      tail: 'a\nb\n',
      progress: ['waiting'],
      offers: ['c'],
      notice: 'Title',
      attachments: [],
      menu,
      status: ['bot'],
      prompt: draftOf('e'),
      mark: 'Search: ',
      placeholder: '',
      hasRules: true,
      theme,
    };
    const rows = rowsOf(layOut(content, 40, height));
    expect(rows.length).toBeLessThanOrEqual(height - 2);
    expect(rows).toContain('❯ entry 0');
  }
});

test('5,000 bots and 10,000 files are searched completely', async () => {
  const bots = await fuzzyList(Array.from({length: 5000}, (_, index) => entry(`Bot-${index}`, 'A bot')));
  expect(labels(bots.matching('bot-4999'))[0]).toBe('Bot-4999');
  const files = await fuzzyList(
    Array.from({length: 10_000}, (_, index) => entry(`src/folder-${index % 97}/part-${index}.test.tsx`)),
  );
  expect(labels(files.matching('part-9876'))[0]).toBe(`src/folder-${9876 % 97}/part-9876.test.tsx`);
});

test('a command, its arguments and a typed path can be completed, each where the caret is', () => {
  const at = (typed: string) => {
    const target = targetAt(draftOf(markTyped(typed, true)));
    return target && [target.kind, target.start, target.query, target.command, target.index];
  };
  expect(at('/')).toEqual(['command', 0, '', '', 0]);
  expect(at('/bot-i')).toEqual(['command', 0, 'bot-i', '', 0]);
  expect(at('/bot gem')).toEqual(['argument', 5, 'gem', 'bot', 0]);
  expect(at('/save 1 my\\ fi')).toEqual(['argument', 8, 'my fi', 'save', 1]);
  expect(at('see @src/u')).toEqual(['file', 4, 'src/u', '', 0]);
  expect(at('see @"my fi')).toEqual(['file', 4, 'my fi', '', 0]);
  for (const text of ['', 'see', 'see / x', '/usr/bin', '/a\nb', 'me@example', '\\@x', '/bot -'])
    expect(at(text), text).toBeUndefined();
  expect(targetAt({text: '/bo gemini', caret: 3})).toMatchObject({kind: 'command', query: 'bo', end: 3});
  expect(targetAt(draftOf('see @a'))?.isTyped).toBe(false);
});
