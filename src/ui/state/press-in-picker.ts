import {type ListState, markedEntry, moveMark, moveMarkByPage, withQuery} from '../menu/list-state.js';
import {newPicker, type PickerState, type PickOptions} from '../menu/picker-state.js';
import {press} from '../prompt/key-bindings.js';
import type {Key} from '../prompt/keys.js';
import {textOf} from '../prompt/prompt-state.js';
import type {ChatState} from './chat-state.js';
import {pageRows} from './press-in-menu.js';

/** What a key does in a picker. */
interface PressedInPicker {
  picker: PickerState;
  /** Set if the picker is done. Without a value it was closed. */
  picked?: {value: string | undefined};
}

/** Applies a key to a picker. */
export function pressInPicker(picker: PickerState, key: Key): PressedInPicker {
  const {list} = picker;
  const move = key.type === 'key' ? moves[`${key.ctrl ? 'ctrl+' : ''}${key.name}`] : undefined;
  if (move) return {picker: {...picker, list: move(list)}};
  if (key.type === 'key' && (key.name === 'enter' || key.name === 'tab')) return choose(picker);
  const {prompt, action} = press(picker.prompt, withoutLines(key), []);
  if (action === 'escape' || action === 'interrupt' || action === 'leave') return {picker, picked: {value: undefined}};
  const query = textOf(prompt).text.replaceAll('\n', ' ');
  return {picker: {...picker, prompt, list: withQuery(list, query), isEnterPending: false}};
}

/** A search takes the first line of a paste. */
const withoutLines = (key: Key): Key =>
  key.type === 'paste' ? {type: 'text', text: key.text.split('\n').find((line) => line.trim() !== '') ?? ''} : key;

const moves: Record<string, ((list: ListState) => ListState) | undefined> = {
  up: (list) => moveMark(list, -1),
  'ctrl+p': (list) => moveMark(list, -1),
  down: (list) => moveMark(list, 1),
  'ctrl+n': (list) => moveMark(list, 1),
  'ctrl+r': (list) => moveMark(list, 1),
  pageUp: (list) => moveMarkByPage(list, -pageRows),
  pageDown: (list) => moveMarkByPage(list, pageRows),
};

function choose(picker: PickerState): PressedInPicker {
  const {list, acceptsText} = picker;
  const entry = markedEntry(list);
  if (entry) return {picker, picked: {value: entry.value}};
  const isWaiting = list.isLoading && list.list.entries.length === 0;
  if (isWaiting) return {picker: {...picker, isEnterPending: true}};
  const text = list.query.trim();
  return acceptsText === true && text !== '' ? {picker, picked: {value: text}} : {picker};
}

/** What Enter chooses, if it was pressed before there were entries. */
export const settleEnter = (picker: PickerState): {value: string | undefined} | undefined =>
  picker.isEnterPending ? choose(picker).picked : undefined;

/** Opens a picker. The draft waits. */
export const openPicker =
  (options: PickOptions) =>
  (state: ChatState): ChatState => ({...state, picker: newPicker(options), menu: undefined});
