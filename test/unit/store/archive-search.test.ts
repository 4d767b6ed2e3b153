import {expect, test} from 'vitest';
import type {Message} from '../../../src/core/model.js';
import {Archive} from '../../../src/store/archive/archive.js';
import {fold} from '../../../src/store/archive/fold.js';
import {chat} from '../../support/archived-chat.js';

const texts = [
  'The quick brown fox jumps over the lazy dog',
  'In C++ a std::vector grows; in C# a List<T> does. fooBar() and foo_bar() differ.',
  'Die Straße nach München ist für Fußgänger gesperrt. GROẞ.',
  "L'été à Besançon : œuvre, cœur, façade, Noël",
  'El niño comió piñatas en Ávila; ¿qué pasó ayer?',
  '東京は日本の首都です。カタカナとひらがな。',
  '我们在北京大学学习计算机科学',
  'Привет, ёжик! Москва — столица России',
  'שלום עולם, ירושלים',
  'नमस्ते दुनिया, हिन्दी में लिखा',
  'ﬁne ｆｕｌｌｗｉｄｔｈ ① ½ Å',
  'error: ENOENT: no such file "C:\\temp\\x.txt" (100% sure) a_b 50%',
  'İstanbul ve Iğdır, ışık',
  'Þórr lived in Ísland; Łódź, đồng, Ørsted, Æsir',
  'x',
  'Ο λόγος της ΟΔΟΣ',
];

/** Each query with the numbers of the texts that contain it. */
const queries: [string[], number[]][] = [
  [['fox'], [0]],
  [['FOX', 'lazy'], [0]],
  [['fox', 'cat'], []],
  [['quick brown'], [0]],
  [['brown quick'], []],
  [['azy do'], [0]],
  [['c++'], [1]],
  [['C#'], [1]],
  [['foobar'], [1]],
  [['bar()'], [1]],
  [['std::'], [1]],
  [['list<t>'], [1]],
  [['strasse'], [2]],
  [['STRASSE', 'munchen'], [2]],
  [['fussg'], [2]],
  [['gross'], [2]],
  [['ete'], [3]],
  [['besancon'], [3]],
  [['oeuvre'], [3]],
  [['noël'], [3]],
  [['nino'], [4]],
  [['¿que'], [4]],
  [['avila'], [4]],
  [['東京'], [5]],
  [['京'], [5, 6]],
  [['日本の首都'], [5]],
  [['カタ'], [5]],
  [['北京'], [6]],
  [['计算机'], [6]],
  [['科学'], [6]],
  [['привет'], [7]],
  [['ежик'], [7]],
  [['МОСКВА'], [7]],
  [['שלום'], [8]],
  [['नमस्ते'], [9]],
  [['fine', 'fullwidth'], [10]],
  [['"c:\\temp'], [11]],
  [['100%'], [11]],
  [['a_b'], [11]],
  [['istanbul'], [12]],
  [['isik'], [12]],
  [['thorr'], [13]],
  [['lodz'], [13]],
  [['dong'], [13]],
  [['orsted', 'aesir'], [13]],
  [['x'], [0, 11, 14]],
  [['fo'], [0, 1]],
  [['λόγος'], [15]],
  [['ΛΟΓΟΣ', 'οδοσ'], [15]],
  [['zz'], []],
];

const messageOf = (text: string, index: number): Message => ({
  id: null,
  messageId: index,
  messageCode: null,
  creationTime: new Date(Date.UTC(2026, 2, 1) + index * 1000).toISOString(),
  text,
  state: 'complete',
  messageStateText: null,
  author: 'human',
  authorUser: null,
  clientNonce: null,
  bot: null,
  attachments: [],
  suggestedReplies: [],
});

async function archiveOf(all: readonly string[]): Promise<Archive> {
  const archive = await Archive.open({path: ':memory:', onDamaged: () => expect.unreachable()});
  archive.add(
    {chat, messages: all.map(messageOf).toReversed(), isAll: true},
    {account: null, now: '2026-03-02T00:00:00.000Z'},
  );
  return archive;
}

test('words of seven scripts and of code are found wherever they are in a text', async () => {
  const archive = await archiveOf(texts);
  for (const [words, expected] of queries) {
    const found = [...archive.search(words, {limit: 100})].map(({message}) => Number(message.messageId));
    expect({words, found}).toEqual({words, found: expected.toReversed()});
    const brute = texts.flatMap((text, index) =>
      words.every((word) => fold(text).includes(fold(word))) ? [index] : [],
    );
    expect({words, brute}).toEqual({words, brute: expected});
  }
  archive.close();
});

test('every part of a text of up to four characters is found', async () => {
  const archive = await archiveOf(texts);
  for (const [index, text] of texts.entries()) {
    const characters = Array.from(text.slice(0, 24));
    for (let start = 0; start < characters.length; start++) {
      for (const length of [1, 2, 3, 4]) {
        const part = characters.slice(start, start + length).join('');
        if (fold(part).trim() === '') continue;
        const found = [...archive.search([part], {limit: 100})].map(({message}) => message.messageId);
        expect({part, found}).toMatchObject({part, found: expect.arrayContaining([index])});
      }
    }
  }
  archive.close();
});

test('a changed or deleted message is found by its new text only, and the index stays intact', async () => {
  const archive = await archiveOf(['first text', 'second text']);
  archive.add(
    {chat, messages: [messageOf('another text', 1)], isAll: false},
    {account: null, now: '2026-03-03T00:00:00.000Z'},
  );
  expect([...archive.search(['second'], {limit: 9})]).toEqual([]);
  expect([...archive.search(['another'], {limit: 9})]).toMatchObject([{deleted: null}]);
  archive.add(
    {chat, messages: [messageOf('first text', 0)], isAll: true},
    {account: null, now: '2026-03-04T00:00:00.000Z'},
  );
  expect([...archive.search(['another'], {limit: 9})]).toMatchObject([{deleted: '2026-03-04T00:00:00.000Z'}]);
  archive.add(
    {chat, messages: [messageOf('another text', 1)], isAll: false},
    {account: null, now: '2026-03-05T00:00:00.000Z'},
  );
  expect([...archive.search(['another'], {limit: 9})]).toMatchObject([{deleted: null}]);
  expect(await archive.check()).toBeUndefined();
  archive.close();
});

test('messages of the same second keep their order, and so do those without a time', async () => {
  const archive = await archiveOf([]);
  const creationTime = '2026-03-01T00:00:00.250Z';
  const messages = ['answer', 'question', 'before', 'first'].map((text, index) =>
    Object.assign(messageOf(text, 4 - index), {creationTime: text === 'before' ? null : creationTime}),
  );
  archive.add({chat, messages, isAll: true}, {account: null, now: '2026-03-02T00:00:00.000Z'});
  const newest = {...messageOf('thanks', 5), creationTime};
  archive.add({chat, messages: [newest, ...messages], isAll: true}, {account: null, now: '2026-03-02T00:00:00.000Z'});
  const stored = [...archive.messages('abc')].map(({text}) => text);
  expect(stored).toEqual(['thanks', 'answer', 'question', 'before', 'first']);
  archive.close();
});
