import {expect, test} from 'vitest';
import {named} from '../../../src/ui/prompt/keys.js';
import {plain} from '../../../src/ui/prompt/prompt-text.js';
import {type ChatState, initialState} from '../../../src/ui/state/chat-state.js';
import {type ChatAction, pressKey} from '../../../src/ui/state/press-key.js';
import {useVi} from '../../../src/ui/state/press-vi.js';
import {queueMessage, startWork} from '../../../src/ui/state/transitions.js';

/* vi's keys. In drafts, `|` is the caret; in keys, `␛` is Esc, `⏎` Enter and `¶` Ctrl+J. */

const keyNames = new Map([
  ['␛', named('escape')],
  ['⏎', named('enter')],
  ['¶', named('j', {ctrl: true})],
]);

function press(state: ChatState, keys: string): {state: ChatState; actions: ChatAction[]} {
  const actions: ChatAction[] = [];
  let current = state;
  for (const character of keys) {
    const pressed = pressKey(current, keyNames.get(character) ?? {type: 'text', text: character});
    current = pressed.state;
    if (pressed.action) actions.push(pressed.action);
  }
  return {state: current, actions};
}

/** A state in the normal mode. */
function withDraft(shown: string): ChatState {
  const state = useVi(true)(initialState([plain('earlier')]));
  const caret = shown.indexOf('|');
  const draft = {text: shown.replace('|', ''), caret};
  return {...state, vi: {mode: 'normal', pending: ''}, prompt: {...state.prompt, draft}};
}

const shownOf = ({prompt: {draft}, vi}: ChatState): string =>
  `${draft.text.slice(0, draft.caret)}|${draft.text.slice(draft.caret)}${vi?.mode === 'insert' ? ' (insert)' : ''}`;

test.each([
  // Motions.
  ['one two three', '|one two three', 'w', 'one |two three'],
  ['one two three', '|one two three', '2w', 'one two |three'],
  ['one two three', 'one two |three', 'b', 'one |two three'],
  ['one two three', '|one two three', 'e', 'on|e two three'],
  ['one two three', '|one two three', '2e', 'one tw|o three'],
  ['punctuation', '|foo.bar(baz)', 'w', 'foo|.bar(baz)'],
  ['punctuation', '|foo.bar(baz) x', 'W', 'foo.bar(baz) |x'],
  ['punctuation', 'foo.bar(baz) |x', 'B', '|foo.bar(baz) x'],
  ['line ends', 'one| two', '$', 'one tw|o'],
  ['line ends', '  one| two', '0', '|  one two'],
  ['line ends', '  one| two', '^', '  |one two'],
  ['h and l stay in the line', 'ab\n|cd', 'h', 'ab\n|cd'],
  ['h and l stay in the line', 'a|b\ncd', 'lll', 'a|b\ncd'],
  ['lines', 'one\n|two\nthree', 'k', '|one\ntwo\nthree'],
  ['lines', 'o|ne\ntwo\nthree', '2j', 'one\ntwo\nt|hree'],
  ['lines', 'one\ntwo\nt|hree', 'gg', '|one\ntwo\nthree'],
  ['lines', '|one\ntwo\nthree', 'G', 'one\ntwo\n|three'],
  ['lines', '|one\ntwo\nthree', '2G', 'one\n|two\nthree'],
  ['find', '|a(b, c)', 'f,', 'a(b|, c)'],
  ['find', '|a(b, c)', 't,', 'a(|b, c)'],
  ['find', 'a(b, |c)', 'F(', 'a|(b, c)'],
  ['find', 'a(b, |c)', 'T(', 'a(|b, c)'],
  ['graphemes', '|👩‍👩‍👧 é', 'l', '👩‍👩‍👧| é'],
  // Deleting and changing.
  ['x', '|one', 'x', '|ne'],
  ['x', '|one', '2x', '|e'],
  ['x at the end', 'on|e', 'x', 'o|n'],
  ['X', 'on|e', 'X', 'o|e'],
  ['dd', 'one\n|two\nthree', 'dd', 'one\n|three'],
  ['dd of the last line', 'one\nt|wo', 'dd', '|one'],
  ['dd of the only line', 'o|ne', 'dd', '|'],
  ['2dd', '|one\ntwo\nthree', '2dd', '|three'],
  ['dw', '|one two', 'dw', '|two'],
  ['d2w', '|one two three', 'd2w', '|three'],
  ['2dw', '|one two three', '2dw', '|three'],
  ['de', '|one two', 'de', '| two'],
  ['db', 'one |two', 'db', '|two'],
  ['d$ and D', 'one| two', 'd$', 'on|e'],
  ['d$ and D', 'one| two', 'D', 'on|e'],
  ['d0', 'one |two', 'd0', '|two'],
  ['dj', '|one\ntwo\nthree', 'dj', '|three'],
  ['dgg', 'one\ntw|o\nthree', 'dgg', '|three'],
  ['dG', 'one\ntw|o\nthree', 'dG', '|one'],
  ['dt', '|one, two', 'dt,', '|, two'],
  ['df', '|one, two', 'df,', '| two'],
  ['cw', 'one |two three', 'cwTWO', 'one TWO| three (insert)'],
  ['cw of one letter', '|a b', 'cwX', 'X| b (insert)'],
  ['c2w', '|one two three', 'c2wX', 'X| three (insert)'],
  ['cc', 'one\nt|wo\nthree', 'ccX', 'one\nX|\nthree (insert)'],
  ['C', 'one |two', 'CX', 'one X| (insert)'],
  ['s', '|one', 'sX', 'X|ne (insert)'],
  ['r', '|one', 'rX', '|Xne'],
  ['r with a count', '|one', '2rX', 'X|Xe'],
  ['r that does not fit', 'on|e', '2rX', 'on|e'],
  // Inserting.
  ['i', 'o|ne', 'iX', 'oX|ne (insert)'],
  ['a', 'o|ne', 'aX', 'onX|e (insert)'],
  ['I', '  on|e', 'IX', '  X|one (insert)'],
  ['A', 'o|ne', 'AX', 'oneX| (insert)'],
  ['o', 'o|ne\ntwo', 'oX', 'one\nX|\ntwo (insert)'],
  ['O', 'one\nt|wo', 'OX', 'one\nX|\ntwo (insert)'],
  ['Esc', 'o|ne', 'iXY␛', 'oX|Yne'],
  // Undo and registers.
  ['u', '|one two', 'dwdwuu', '|one two'],
  ['p after dd', '|one\ntwo', 'ddp', 'two\n|one'],
  ['P after dd', 'one\n|two', 'ddP', '|two\none'],
  ['p after x', '|ab', 'xp', 'b|a'],
  ['yy and p', '|one\ntwo', 'yyjp', 'one\ntwo\n|one'],
  ['yw and P', '|one two', 'ywP', 'one| one two'],
  ['3p', '|ab', 'yl3p', 'aaa|ab'],
  // Repeating.
  ['; and ,', '|a,b,c,d', 'f,;;', 'a,b,c|,d'],
  ['; and ,', '|a,b,c,d', 'f,;;,', 'a,b|,c,d'],
  ['; after t', '|a,b,c', 't,;', 'a,|b,c'],
  ['; after T', 'a,b,|c', 'T,;', 'a,|b,c'],
  ['; with an operator', '|a,b,c', 'f,d;', 'a|c'],
  ['; without a search', 'a|,b', ';', 'a|,b'],
  ['. after dw', '|one two three four', 'dw..', '|four'],
  ['. after x with a count', '|abcdef', '2x.', '|ef'],
  ['. with a count', '|abcdef', 'x3.', '|ef'],
  ['. after cw', '|one two', 'cwX␛w.', 'X |X'],
  ['. after A', 'on|e\ntwo', 'A;␛j.', 'one;\ntwo|;'],
  ['. after o', '|one', 'otwo␛.', 'one\ntwo\ntw|o'],
  ['. after ciw', 'f(|one, two)', 'ciwX␛fw.', 'f(X, |X)'],
  ['. does not repeat moves, y and u', '|one two three', 'dwywwu.', '|two three'],
  ['. without a change', 'o|ne', '.', 'o|ne'],
  // Text objects.
  ['diw', 'one tw|o three', 'diw', 'one | three'],
  ['diw on blanks', 'one | two', 'diw', 'one|two'],
  ['daw', 'one t|wo three', 'daw', 'one |three'],
  ['daw of the last word', 'one t|wo', 'daw', 'on|e'],
  ['diW', 'see a|.b(c) now', 'diW', 'see | now'],
  ['yiw and P', 'one t|wo', 'yiwP', 'one tw|otwo'],
  ['ciw', 'one t|wo three', 'ciwX', 'one X| three (insert)'],
  ['di"', 'say "hel|lo" now', 'di"', 'say "|" now'],
  ['di" before the quotes', '|say "hello"', 'di"', 'say "|"'],
  ['da"', 'say "hel|lo" now', 'da"', 'say |now'],
  ['ci" of nothing', 'f(|"")', 'ci"X', 'f("X|") (insert)'],
  ["di' with an escaped quote", "|'it\\'s'", "di'", "'|'"],
  ['di(', 'f(a, g(|b), c)', 'di(', 'f(a, g(|), c)'],
  ['di( around others', 'f(a, g(b), |c)', 'dib', 'f(|)'],
  ['da( on the bracket', 'f(a|)', 'da)', '|f'],
  ['di{ over lines', 'if {\n  a|b\n}', 'di{', 'if {|}'],
  ['di[', 'a[|1]', 'di[', 'a[|]'],
  ['no object', 'on|e', 'di(', 'on|e'],
  // Nothing is done.
  ['Esc ends a command', '|one', '2d␛x', '|ne'],
  ['an unknown key', '|one', 'Z', '|one'],
  ['an unknown motion', '|one', 'dZx', '|ne'],
])('%s: %s, %s', (_name, before, keys, after) => {
  expect(shownOf(press(withDraft(before), keys).state)).toBe(after);
});

test('k on the first line and j on the last line recall earlier input', () => {
  const {state} = press(withDraft('dra|ft'), 'k');
  expect(shownOf(state)).toBe('earlie|r');
  expect(shownOf(press(state, 'j').state)).toBe('draf|t');
});

test('Enter submits in both modes, and the next message starts in the insert mode', () => {
  for (const keys of ['⏎', 'i⏎']) {
    const {state, actions} = press(withDraft('hell|o'), keys);
    expect(actions).toEqual([{type: 'submit', message: plain('hello')}]);
    expect(shownOf(state)).toBe('| (insert)');
  }
});

test('Esc leaves the insert mode first, and without a draft it stops the reply or takes back a message', () => {
  const insert = useVi(true)(initialState([]));
  const running = startWork(insert);
  expect(press(running, '␛').actions).toEqual([{type: 'cancel'}]);
  const typing = press(running, 'hi␛');
  expect(typing.actions).toEqual([]);
  expect(shownOf(typing.state)).toBe('h|i');
  expect(press(typing.state, '␛').actions).toEqual([{type: 'cancel'}]);
  const {state} = press(queueMessage(plain('queued'))(running), '␛');
  expect(shownOf(state)).toBe('queued| (insert)');
});

test('/ and ! on an empty line start a command in the normal mode, too', () => {
  expect(shownOf(press(withDraft('|'), '/ne').state)).toBe('/ne| (insert)');
  expect(press(withDraft('|'), '!ls⏎').actions).toMatchObject([{message: {text: '!ls', isShellCommand: true}}]);
});

test('a count that is too large ends quickly', () => {
  expect(shownOf(press(withDraft('|ab'), '99999999x').state)).toBe('|');
  expect(shownOf(press(withDraft('|'), '99999999u').state)).toBe('|');
});

test('without the setting, letters are typed', () => {
  const {state} = press(initialState([]), 'dd␛x');
  expect(state.prompt.draft.text).toBe('ddx');
});
