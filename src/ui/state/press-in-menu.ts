import {markedEntry, moveMark, moveMarkByPage} from '../menu/list-state.js';
import type {MenuEntry} from '../menu/entry.js';
import {insertEntry, isTypedOut, isVisible, menuAt, openMenu, type PromptMenu} from '../menu/prompt-menu.js';
import {isSameTarget, targetAt} from '../menu/target.js';
import type {Key} from '../prompt/keys.js';
import type {ChatState} from './chat-state.js';

/** How far Page Up and Page Down go. */
export const pageRows = 8;

/** What a key does in the menu: the next state, and whether Enter has completed a command that runs now. */
interface PressedInMenu {
  state: ChatState;
  submits?: boolean;
}

/** Applies a key to the open menu. @returns undefined if the key is for the prompt */
export function pressInMenu(state: ChatState, key: Key): PressedInMenu | undefined {
  const {menu} = state;
  if (!menu || key.type !== 'key' || key.alt) return undefined;
  const {list, isSeen} = menu;
  const isShown = isVisible(state.prompt, menu);
  const move = isShown ? moves[`${key.ctrl ? 'ctrl+' : ''}${key.name}`] : undefined;
  if (move) return {state: {...state, menu: {...menu, list: move(list)}}};
  switch (key.name) {
    case 'escape':
      if (!isShown) return undefined;
      return {state: {...state, menu: undefined, menuClosedAt: menu.target.anchor}};
    case 'tab':
      return {state: pressTab(state, menu)};
    case 'enter': {
      const entry = markedEntry(list);
      const isPlain = !key.ctrl && !key.shift;
      if (!isPlain || !isSeen || !entry || isComplete(state, menu, entry)) return undefined;
      const chosen = chooseEntry(state, menu, entry);
      return entry.runs === true ? {state: {...chosen, menu: undefined}, submits: true} : {state: chosen};
    }
    default:
      return undefined;
  }
}

const moves: Record<string, ((list: PromptMenu['list']) => PromptMenu['list']) | undefined> = {
  up: (list) => moveMark(list, -1),
  'ctrl+p': (list) => moveMark(list, -1),
  down: (list) => moveMark(list, 1),
  'ctrl+n': (list) => moveMark(list, 1),
  pageUp: (list) => moveMarkByPage(list, -pageRows),
  pageDown: (list) => moveMarkByPage(list, pageRows),
};

/** Enter sends a message that ends with the complete path of a file. */
const isComplete = ({prompt}: ChatState, {target}: PromptMenu, entry: MenuEntry): boolean =>
  target.kind === 'file' && isTypedOut(prompt, target, entry);

/** Tab completes to the marked entry, or the first one. If there is none yet, it does so when it arrives. */
function pressTab(state: ChatState, menu: PromptMenu): ChatState {
  const entry = markedEntry(menu.list) ?? menu.list.matches[0];
  if (entry) return chooseEntry(state, menu, entry);
  return menu.list.isLoading ? {...state, menu: {...menu, isTabPending: true}} : state;
}

/** Opens the menu where there is something to complete, even if it was closed before. */
export function openMenuAtCaret(state: ChatState): ChatState {
  const target = targetAt(state.prompt.draft);
  if (!target) return state;
  return {...state, menuClosedAt: undefined, menu: openMenu(target, {isTabPending: target.query !== ''})};
}

/** Inserts an entry. The menu goes on with what can follow, such as the files in a folder. */
function chooseEntry(state: ChatState, {target}: PromptMenu, entry: MenuEntry): ChatState {
  const chosen = {...state, prompt: insertEntry(state.prompt, target, entry)};
  const isDone = target.kind === 'argument' && !entry.value.endsWith('/');
  return isDone ? {...chosen, menu: undefined, menuClosedAt: target.anchor} : followDraft(chosen, {isTyping: true});
}

/** Opens, updates or closes the menu after the draft has changed. */
export function followDraft(state: ChatState, {isTyping}: {isTyping: boolean}): ChatState {
  const {prompt, menuClosedAt} = state;
  if (!state.hasMenus) return state;
  const closedAt = menuClosedAt === targetAt(prompt.draft)?.anchor ? menuClosedAt : undefined;
  const menu = menuAt(prompt, {menu: state.menu, closedAt, isTyping});
  return menu === state.menu && closedAt === menuClosedAt ? state : {...state, menu, menuClosedAt: closedAt};
}

/** Closes a menu whose part of the draft is gone, for example after the draft was edited elsewhere. */
export function closeStaleMenu(state: ChatState): ChatState {
  const {menu, prompt} = state;
  const target = menu && targetAt(prompt.draft);
  return menu && !(target && isSameTarget(target, menu.target)) ? {...state, menu: undefined} : state;
}

/** Completes what Tab was pressed for, now that there are entries. */
export function settleTab(state: ChatState): ChatState {
  const {menu} = state;
  const entry = menu?.isTabPending === true ? menu.list.matches[0] : undefined;
  return menu && entry ? chooseEntry(state, menu, entry) : state;
}

/** The keys that follow were pressed with the current menu in sight. */
export const seeMenu = (state: ChatState): ChatState =>
  state.menu && !state.menu.isSeen && isVisible(state.prompt, state.menu)
    ? {...state, menu: {...state.menu, isSeen: true}}
    : state;
