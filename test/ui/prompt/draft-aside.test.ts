import {expect, test} from 'vitest';
import {type Key, named} from '../../../src/ui/prompt/keys.js';
import {textOf} from '../../../src/ui/prompt/prompt-state.js';
import {type ChatState, initialState} from '../../../src/ui/state/chat-state.js';
import {pressKey} from '../../../src/ui/state/press-key.js';

/* A command that is typed before a draft keeps it. */

const text = (typed: string): Key => ({type: 'text', text: typed});
const home = named('home');

function after(...keys: Key[]): {state: ChatState; submitted: string[]} {
  const submitted: string[] = [];
  let state = initialState([]);
  for (const key of keys) {
    const pressed = pressKey(state, key);
    state = pressed.state;
    if (pressed.action?.type === 'submit') submitted.push(pressed.action.message.text);
  }
  return {state, submitted};
}

const draftOf = ({prompt}: ChatState) => textOf(prompt).text;

test('/ before a draft starts a command, and the draft returns when the command runs', () => {
  const {state, submitted} = after(text('hello @file'), home, text('/'), text('cost'), named('enter'));
  expect(submitted).toEqual(['/cost']);
  expect(draftOf(state)).toBe('hello @file');
  expect(textOf(state.prompt).mentions).toEqual([6]);
});

test('the draft returns when the command is deleted, or dropped with Esc or Ctrl+C', () => {
  for (const key of [named('backspace'), named('escape'), named('c', {ctrl: true})]) {
    const typed = after(text('hello'), home, text('/'));
    expect(draftOf(typed.state)).toBe('/');
    const {state} = pressKey(typed.state, key);
    expect(draftOf(state)).toBe('hello');
  }
});

test('a message that is sent after the draft has returned is the draft', () => {
  const {submitted} = after(text('hello'), home, text('/new'), named('enter'), named('enter'));
  expect(submitted).toEqual(['/new', 'hello']);
});

test('/ is a character elsewhere in a draft, and before another command', () => {
  expect(draftOf(after(text('either'), text('/or')).state)).toBe('either/or');
  expect(draftOf(after(text('/cost'), home, text('/')).state)).toBe('//cost');
});
