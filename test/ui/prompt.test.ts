import {expect, test} from 'vitest';
import {byLine, draftOf, erase, go, insert, Pastes} from '../../src/ui/prompt/editor.js';
import {promptRows, rowsOf} from '../../src/ui/screen/layout.js';
import {chatCommands} from '../../src/ui/slash-commands/chat-commands.js';
import {PromptHistory} from '../../src/ui/prompt/history.js';
import {KeyReader} from '../../src/ui/prompt/keys.js';
import {Prompt} from '../../src/ui/prompt/prompt.js';
import {type Facts, statusRows} from '../../src/ui/screen/status-line.js';
import {commonPrefix, completions} from '../../src/ui/slash-commands/complete.js';
import {parseSlashLine, subcommandLine} from '../../src/ui/slash-commands/parse.js';

test('the caret goes by what a reader counts as one character', () => {
  const draft = draftOf('tea 👩🏽‍🍳');
  expect(go(draft, 'left').caret).toBe(4);
  expect(erase(draft, 'left')).toEqual({text: 'tea ', caret: 4});
  expect(go({text: 'one two  ', caret: 9}, 'wordLeft').caret).toBe(4);
  expect(go({text: 'one two', caret: 3}, 'wordRight').caret).toBe(7);
});

test('up and down go through the lines of a draft, and end at its edges', () => {
  const draft = draftOf('long line\nab');
  expect(byLine(draft, -1)).toEqual({text: 'long line\nab', caret: 2});
  expect(byLine(draft, 1)).toBeUndefined();
  expect(byLine({...draft, caret: 8}, 1)?.caret).toBe(12);
  expect(byLine({...draft, caret: 3}, -1)).toBeUndefined();
});

test('a long paste is one character of the draft, and is sent whole', () => {
  const pastes = new Pastes();
  const text = 'a\nb\nc\nd\n';
  const draft = insert(draftOf('see: '), pastes.take(text));
  expect(pastes.shown(draft.text)).toBe('see: [pasted 4 lines]');
  expect(pastes.whole(draft.text)).toBe(`see: ${text}`);
  expect(erase(draft, 'left').text).toBe('see: ');
});

test('a paste may come in pieces, cut anywhere', () => {
  const bytes = 'a\u001b[200~x\ry\u001b[201~\r';
  for (let at = 1; at < bytes.length; at++) {
    // An ESC alone is the key.
    if (bytes[at - 1] === '\u001b' && at < 5) continue;
    const reader = new KeyReader();
    const keys = [...reader.read(bytes.slice(0, at)), ...reader.read(bytes.slice(at))];
    expect(keys).toEqual([
      {type: 'text', text: 'a'},
      {type: 'paste', text: 'x\ny'},
      {type: 'key', name: 'enter', ctrl: false, alt: false, shift: false},
    ]);
  }
});

test('Enter sends; with Ctrl+J, Alt, Shift or a backslash before it, it breaks the line', () => {
  const prompt = new Prompt(new PromptHistory(undefined));
  const reader = new KeyReader();
  const type = (text: string) =>
    reader
      .read(text)
      .map((key) => prompt.press(key))
      .at(-1);
  for (const newline of ['\n', '\u001b\r', '\u001b[13;2u', '\u001b[27;2;13~', '\\\r']) {
    prompt.set('a');
    expect(type(newline)).toBeUndefined();
    expect(prompt.text).toBe('a\n');
  }
  expect(type('\r')).toBe('submit');
});

test('Up leads through what was written before, and down again to the draft; Ctrl+R searches', () => {
  const history = new PromptHistory(undefined);
  for (const line of ['green tea', 'black tea', 'coffee']) history.add(line);
  const prompt = new Prompt(history);
  const reader = new KeyReader();
  const type = (text: string) => void reader.read(text).map((key) => prompt.press(key));
  type('dra\u001b[A\u001b[A');
  expect(prompt.text).toBe('black tea');
  type('\u001b[B\u001b[B');
  expect(prompt.text).toBe('dra');
  type('\u0012tea');
  expect(prompt.text).toBe('black tea');
  type('\u0012');
  expect(prompt.text).toBe('green tea');
  type('\r');
  expect(prompt.search).toBeUndefined();
});

test('wide characters move the caret by two columns', () => {
  expect(promptRows({text: '日本', caret: 2}, '> ', 20)).toEqual({rows: ['> 日本'], caret: {x: 6, y: 0}});
  expect(promptRows({text: 'abcdef', caret: 6}, '> ', 6)).toEqual({
    rows: ['> abc', '  def'],
    caret: {x: 5, y: 1},
  });
});

test('the bottom of the terminal is never higher than its rows but two, at any size', () => {
  const tail = Array.from({length: 100}, (_, index) => `line ${index}\n`).join('');
  const prompt = draftOf('a\n'.repeat(60));
  for (let height = 3; height < 60; height++) {
    const {rows, caret} = rowsOf(
      {tail, offers: ['a', 'b'], notice: 'note', status: ['who', 'what'], prompt, mark: '> ', quiet: (text) => text},
      40,
      height,
    );
    expect(rows.length).toBeLessThanOrEqual(height - 2);
    expect(caret.y).toBeLessThan(rows.length);
  }
});

test('slash lines', () => {
  expect(parseSlashLine('/title "a b" c')).toEqual({name: 'title', words: ['a b', 'c']});
  expect(parseSlashLine('/usr/bin is a folder')).toBeUndefined();
  const title = {name: 'title', summary: '', takesChat: 'first', completes: []} as const;
  expect(subcommandLine({name: 'title', words: ['x']}, title, 'code')).toEqual(['title', 'code', 'x']);
  const history = {name: 'history', summary: '', takesChat: 'never', completes: []} as const;
  expect(subcommandLine({name: 'history', words: ['show']}, history, 'code')).toEqual(['history', 'show', 'code']);
  const commands = ['copy', 'cost', 'new'].map((name) => ({name, completes: []}));
  const words = (kind: string, start: string) => [`${kind}-${start}`];
  expect(completions('/co', commands, words)).toEqual(['/copy ', '/cost ']);
  expect(completions('/bot gem', chatCommands, words)).toEqual(['/bot bots-gem']);
  expect(completions('/save 1 pa', [{name: 'save', completes: ['files']}], words)).toEqual(['/save 1 files-pa']);
  expect(completions('see @a/b', [], words)).toEqual(['see @files-a/b']);
  expect(completions('see a/b', [], words)).toEqual([]);
  expect(commonPrefix(['/copy ', '/cost '])).toBe('/co');
});

test('all that is always in sight is there on 40 columns, too, and a lost connection is told first', () => {
  const facts: Facts = {
    bot: 'Claude-3.7-Sonnet',
    isStarting: false,
    title: 'A tea garden',
    price: 100,
    lastCost: {points: 98, isGuess: false},
    balance: 1827,
    files: 1,
    isRunning: false,
    connection: 'open',
  };
  expect(statusRows(facts, 120)).toEqual([
    'Claude-3.7-Sonnet · A tea garden · 100 points per message · last: 98 points · 1,827 points left · 1 file',
  ]);
  expect(statusRows({...facts, files: 0}, 40)).toEqual([
    'Claude-3.7-Sonnet · A tea garden',
    '100 per message · last: 98 · 1,827 left',
  ]);
  expect(statusRows({...facts, files: 0}, 80)).toEqual([
    'Claude-3.7-Sonnet · A tea garden · 100 per message · last: 98 · 1,827 left',
  ]);
  expect(statusRows({...facts, lastCost: {points: 17, isGuess: true}}, 120)[0]).toContain(
    ' · last: about 17 points · ',
  );
  expect(statusRows({...facts, connection: 'reconnecting'}, 120)[0]).toMatch(/^connection lost, reconnecting… · /);
});
