import {expect, test} from 'vitest';
import type {MenuEntry} from '../../../src/ui/menu/entry.js';
import {fuzzyList} from '../../../src/ui/menu/entry-list.js';
import {withEntries} from '../../../src/ui/menu/list-state.js';
import {fixed} from '../../../src/ui/menu/source.js';
import {KeyReader} from '../../../src/ui/prompt/key-reader.js';
import {typedAt} from '../../../src/ui/prompt/marks.js';
import {textOf} from '../../../src/ui/prompt/prompt-state.js';
import {plain} from '../../../src/ui/prompt/prompt-text.js';
import {type ChatState, initialState} from '../../../src/ui/state/chat-state.js';
import {seeMenu, settleTab} from '../../../src/ui/state/press-in-menu.js';
import {openPicker} from '../../../src/ui/state/press-in-picker.js';
import {type ChatAction, pressKey} from '../../../src/ui/state/press-key.js';

/* What keys do in menus and pickers, without a terminal. */

const up = '\u001B[A';
const down = '\u001B[B';
const escape = '\u001B';

/** Types like a terminal: each text is what arrives at once. Entries are there as soon as a menu opens. */
async function typist(entries: readonly MenuEntry[], before: ChatState = initialState([])) {
  const list = await fuzzyList(entries);
  const reader = new KeyReader();
  let state = before;
  const actions: ChatAction[] = [];
  const load = () => {
    const {menu, picker} = state;
    if (picker) state = {...state, picker: {...picker, list: withEntries(picker.list, list)}};
    else if (menu) state = settleTab({...state, menu: {...menu, list: withEntries(menu.list, list)}});
  };
  load();
  return {
    get state() {
      return state;
    },
    get text() {
      return textOf(state.prompt).text;
    },
    get marked() {
      const shown = (state.picker ?? state.menu)?.list;
      return shown?.matches[shown.marked]?.label;
    },
    /** @returns the actions that the keys asked for */
    type(...chunks: string[]) {
      actions.length = 0;
      for (const chunk of chunks) {
        state = seeMenu(state);
        for (const key of [...reader.read(chunk), ...reader.flush()]) {
          const pressed = pressKey(state, key);
          state = pressed.state;
          if (pressed.action) actions.push(pressed.action);
        }
        load();
      }
      return actions;
    },
  };
}

const command = (name: string, runs = true): MenuEntry => ({value: `/${name} `, label: `/${name}`, detail: '', runs});
const commands = [command('copy'), command('cost'), command('title', false), command('new')];
const file = (path: string): MenuEntry => ({
  value: `${typedAt}${path}${path.endsWith('/') ? '' : ' '}`,
  label: path,
  detail: '',
});
const bot = (handle: string): MenuEntry => ({value: handle, label: handle, detail: ''});
const submitted = (text: string) => ({type: 'submit', message: plain(text)});

test('typing a command that is complete and Enter runs it, in one burst or key by key', async () => {
  for (const keys of [['/new\r'], ['/', 'n', 'e', 'w', '\r'], ['/new', '\r']]) {
    const user = await typist(commands);
    expect(user.type(...keys).map((action) => action.type)).toEqual(['submit']);
    expect(user.state.history.at(-1)?.text.trim()).toBe('/new');
    expect(user.state.menu).toBeUndefined();
  }
});

test('a burst does the same as without a menu: Enter chooses only what was on the screen before', async () => {
  const user = await typist(commands);
  expect(user.type('/co\r')).toEqual([submitted('/co')]);
  const other = await typist([bot('GPT-4o')]);
  expect(other.type('/bot gpt\r')).toEqual([submitted('/bot gpt')]);
  expect(other.type('/', 'bot gpt\r')).toEqual([submitted('/bot gpt')]);
});

test('Enter runs the marked command; one that needs an argument waits for it', async () => {
  const user = await typist(commands);
  user.type('/co', down);
  expect(user.marked).toBe('/cost');
  expect(user.type('\r')).toEqual([submitted('/cost ')]);
  expect(user.type('/ti', '\r')).toEqual([]);
  expect(user.text).toBe('/title ');
});

test('Tab completes the marked command, also if it was pressed before the commands were there', async () => {
  const user = await typist(commands);
  user.type('/co', down, '\t');
  expect(user.text).toBe('/cost ');
  const fast = await typist(commands);
  fast.type('/ti\t');
  expect(fast.text).toBe('/title ');
});

test('an argument is marked only with the arrows, so that Enter runs what was typed', async () => {
  const user = await typist([bot('GPT-4o'), bot('GPT-5')]);
  expect(user.type('/bot gpt', '\r')).toEqual([submitted('/bot gpt')]);
  user.type('/bot gpt');
  expect(user.marked).toBeUndefined();
  user.type(down, '\r');
  expect(user.text).toBe('/bot GPT-5');
  expect(user.state.menu).toBeUndefined();
});

test('Esc closes the menu and keeps the draft; only then it stops the reply', async () => {
  const user = await typist(commands);
  expect(user.type('/co', escape)).toEqual([]);
  expect(user.text).toBe('/co');
  user.type('s');
  expect(user.state.menu).toBeUndefined();
  expect(user.type(escape)).toEqual([{type: 'cancel'}]);
  user.type('\u0015/c');
  expect(user.marked).toBe('/copy');
});

test('Tab opens the menu again after Esc', async () => {
  const user = await typist(commands);
  user.type('/cos', escape, '\t');
  expect(user.text).toBe('/cost ');
});

test('pasted and recalled commands open no menu, so that Up goes on in the history', async () => {
  const history = [plain('first'), plain('/co')];
  const user = await typist(commands, initialState(history));
  user.type('\u001B[200~/co\u001B[201~');
  expect(user.state.menu).toBeUndefined();
  user.type('\u0015', up);
  expect(user.text).toBe('/co');
  expect(user.state.menu).toBeUndefined();
  user.type(up);
  expect(user.text).toBe('first');
});

test('Enter inserts the marked file and Tab goes into folders; a path that is complete is sent', async () => {
  const user = await typist([file('src/'), file('src/ui.ts')]);
  user.type('see @sr', '\t');
  expect(user.text).toBe('see @src/');
  user.type(down, '\r');
  expect(user.text).toBe('see @src/ui.ts ');
  expect(textOf(user.state.prompt).mentions).toEqual([4]);
  const typed = await typist([file('tea.txt')]);
  expect(typed.type('see @tea.txt', '\r').map((action) => action.type)).toEqual(['submit']);
});

test('an @ that was pasted opens a menu only with Tab', async () => {
  const user = await typist([file('tea.txt')]);
  user.type('\u001B[200~see @te\u001B[201~');
  user.type('a');
  expect(user.state.menu).toBeUndefined();
  user.type('\t');
  expect(textOf(user.state.prompt)).toEqual({text: 'see @tea.txt ', mentions: [4], folds: []});
});

test('in a picker, keys filter the list and the draft waits; Esc and Ctrl+C close it', async () => {
  const picker = openPicker({title: 'Choose', source: fixed([])});
  const draft = (await typist([])).state;
  const user = await typist([bot('GPT-4o'), bot('Claude')], picker({...draft, history: []}));
  user.type('cl');
  expect(user.marked).toBe('Claude');
  expect(user.type('\r')).toEqual([{type: 'pick', value: 'Claude'}]);
  for (const key of [escape, '\u0003', '\u0015\u0004'])
    expect(user.type(key)).toEqual([{type: 'pick', value: undefined}]);
  expect(user.text).toBe('');
});

test('a picker remembers Enter that was pressed before there were entries, and takes other text if it may', () => {
  const opened = openPicker({title: 'Choose', source: fixed([]), acceptsText: true})(initialState([]));
  const keys = new KeyReader().read('My-Bot\r');
  let state = opened;
  for (const key of keys) state = pressKey(state, key).state;
  expect(state.picker?.isEnterPending).toBe(true);
  const {picker} = state;
  if (!picker) throw new Error('The picker was closed');
  const loaded = {...state, picker: {...picker, list: {...picker.list, isLoading: false}}};
  expect(pressKey(loaded, {type: 'key', name: 'enter', ctrl: false, alt: false, shift: false}).action).toEqual({
    type: 'pick',
    value: 'My-Bot',
  });
});
