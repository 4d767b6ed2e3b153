import {expect, test} from 'vitest';
import {foundParagraphs} from '../../src/commands/shared/view/found-lines.js';
import type {Found} from '../../src/commands/shared/view/found-message.js';
import {splitAtWords} from '../../src/context/archive/snippet.js';

const found = {
  chat: {chatId: 1, chatCode: 'abc', title: 'A trip\u001B[31m to 東京', bot: null},
  role: 'user',
  time: null,
  message: {bot: null},
  deleted: '2026-01-01',
  parts: {before: 'The ', match: 'Straße', after: ' of strasse, in Köln; nothing else'},
} as unknown as Found;

const paragraphs = () =>
  foundParagraphs(({before, match, after}) => splitAtWords(before + match + after, ['STRASSE', 'koln']));

test('every word that was found is marked, in any letter case', () => {
  const paint = {
    bold: (text: string) => `<b>${text}</b>`,
    dim: (text: string) => `<dim>${text}</dim>`,
    red: (text: string) => `<red>${text}</red>`,
  };
  const show = paragraphs();
  const text =
    '  <dim>You</dim>  The <red><b>Straße</b></red> of <red><b>strasse</b></red>, in <red><b>Köln</b></red>; nothing else\n';
  const title = '<b>A trip␛[31m to 東京</b> <dim>abc · deleted on Poe</dim>\n';
  expect(show(found, {paint, width: 300})).toBe(title + text);
  expect(show(found, {paint, width: 300})).toBe(text);
  expect(show({...found, chat: {...found.chat, chatId: 2}}, {paint, width: 300})).toBe(`\n${title}${text}`);
  expect(splitAtWords('nothing', ['else'])).toEqual(['nothing']);
});

test('on a narrow terminal, rows break between words', () => {
  const paint = {bold: String, dim: String, red: String};
  expect(paragraphs()(found, {paint, width: 24})).toBe(
    `A trip␛[31m to 東京 abc
· deleted on Poe
  You  The Straße of
    strasse, in Köln;
    nothing else
`,
  );
});

test('a Greek word is marked, whichever sigma it ends with', () => {
  expect(splitAtWords('Ο ΛΟΓΟΣ και ο λόγος', ['λογος'])).toEqual(['Ο ', 'ΛΟΓΟΣ', ' και ο ', 'λόγος', '']);
});
