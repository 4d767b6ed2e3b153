import {expect, test} from 'vitest';
import type {Key} from '../../../src/ui/prompt/keys.js';
import {plain} from '../../../src/ui/prompt/prompt-text.js';
import {textOf} from '../../../src/ui/prompt/prompt-state.js';
import {type ChatState, initialState} from '../../../src/ui/state/chat-state.js';
import {type ChatAction, pressKey} from '../../../src/ui/state/press-key.js';
import {ChatStore} from '../../../src/ui/state/store.js';
import {askQuestion, leaveChat, queueMessage, replaceDraft, set, startWork} from '../../../src/ui/state/transitions.js';
import {noticeOf} from '../../../src/ui/state/view.js';

/* The state of a chat, without a terminal. */

const named = (name: 'enter' | 'escape' | 'tab' | 'c' | 'd' | '2', modifiers: {ctrl?: boolean; alt?: boolean} = {}) =>
  ({type: 'key', name, ctrl: false, alt: false, shift: false, ...modifiers}) satisfies Key;
const text = (typed: string): Key => ({type: 'text', text: typed});
const ctrlC = named('c', {ctrl: true});

/** @returns the state after the keys, and the actions they asked for */
function after(state: ChatState, ...keys: Key[]): {state: ChatState; actions: ChatAction[]} {
  const actions: ChatAction[] = [];
  let current = state;
  for (const key of keys) {
    const pressed = pressKey(current, key);
    current = pressed.state;
    if (pressed.action) actions.push(pressed.action);
  }
  return {state: current, actions};
}

test('Enter submits the text, empties the prompt and keeps the text in the history', () => {
  const {state, actions} = after(initialState([]), text('hello'), named('enter'));
  expect(actions).toEqual([{type: 'submit', message: plain('hello')}]);
  expect(textOf(state.prompt).text).toBe('');
  expect(state.history).toEqual([plain('hello')]);
  expect(after(initialState([]), text('  '), named('enter')).actions).toEqual([]);
});

test('Esc takes back the message that was queued last, and otherwise stops the reply', () => {
  const running = startWork(initialState([]));
  const queued = queueMessage(plain('two'))(queueMessage(plain('one'))(running));
  expect(noticeOf(queued)).toBe('Queued: one · two (Esc to edit)');
  const {state, actions} = after(queued, named('escape'));
  expect(textOf(state.prompt).text).toBe('two');
  expect(state.queue).toEqual([plain('one')]);
  expect(actions).toEqual([]);
  expect(after(running, named('escape')).actions).toEqual([{type: 'cancel'}]);
});

test('Ctrl+C stops a running reply; otherwise it clears the prompt, and the second one leaves', () => {
  const draft = replaceDraft('draft')(initialState([]));
  expect(after(startWork(draft), ctrlC).actions).toEqual([{type: 'cancel'}]);
  const {state, actions} = after(draft, ctrlC);
  expect(noticeOf(state)).toBe('Press Ctrl+C again to exit');
  expect(state.history).toEqual([plain('draft')]);
  expect(actions).toEqual([]);
  expect(after(state, ctrlC).actions).toEqual([{type: 'leave'}]);
  expect(after(state, text('x'), ctrlC).actions).toEqual([]);
});

test('while a question is open, keys go to it and the draft stays', () => {
  const asked = askQuestion('Delete it? (y/N)')(replaceDraft('draft')(initialState([])));
  expect(noticeOf(asked)).toBe('Delete it? (y/N)');
  const {state, actions} = after(asked, text('y'), named('enter'));
  expect(actions).toEqual([{type: 'answer', text: 'y'}]);
  expect(textOf(state.prompt).text).toBe('draft');
  for (const key of [named('escape'), ctrlC, named('d', {ctrl: true})])
    expect(after(asked, key).actions).toEqual([{type: 'answer'}]);
});

test('suggested replies are accepted with Alt and a number or with Tab, but not during a reply', () => {
  const suggesting = set({suggestions: ['More', 'Shorter']})(initialState([]));
  expect(textOf(after(suggesting, named('2', {alt: true})).state.prompt).text).toBe('Shorter');
  expect(textOf(after(suggesting, named('tab'), named('tab')).state.prompt).text).toBe('Shorter');
  expect(textOf(after(suggesting, text('x'), named('tab')).state.prompt).text).toBe('x');
  expect(textOf(after(startWork(suggesting), named('tab')).state.prompt).text).toBe('');
});

test('a new chat forgets the last reply, its suggestions and its cost, but not the balance', () => {
  const lastCost = {points: 2, isEstimate: false};
  const points = {lastCost, cachedTokens: 5000, balance: 100, summary: ''};
  const before = set({lastReply: 'text', suggestions: ['More'], points})(initialState([]));
  expect(leaveChat(before)).toMatchObject({
    chat: undefined,
    lastReply: '',
    suggestions: [],
    points: {lastCost: null, cachedTokens: null, balance: 100},
  });
});

test('changes and printed lines of one turn are announced together', async () => {
  const store = new ChatStore(initialState([]));
  const announced: string[] = [];
  store.subscribe((printed) => announced.push(`${printed}${store.getSnapshot().notice}`));
  store.apply(set({notice: 'a'}));
  store.print('one\n');
  store.apply(set({notice: 'b'}));
  store.print('two\n');
  expect(announced).toEqual([]);
  await Promise.resolve();
  expect(announced).toEqual(['one\ntwo\nb']);
  store.flush();
  expect(announced).toHaveLength(1);
});
