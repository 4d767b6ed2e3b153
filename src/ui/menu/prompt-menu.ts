import {change, type PromptState} from '../prompt/prompt-state.js';
import type {MenuEntry} from './entry.js';
import {type ListState, newList, withQuery} from './list-state.js';
import {isSameTarget, type Target, targetAt} from './target.js';

/** The menu of what can be typed at the caret. */
export interface PromptMenu {
  readonly target: Target;
  readonly list: ListState;
  /** Whether the entries were on the screen before the keys that are now handled. Enter chooses only what the user has seen. */
  readonly isSeen: boolean;
  /** Whether Tab was pressed before there were entries. */
  readonly isTabPending: boolean;
}

/** The menu after the draft has changed. Typing opens one, unless it was closed with Esc. */
export function menuAt(
  {draft}: PromptState,
  {menu, closedAt, isTyping}: {menu: PromptMenu | undefined; closedAt: number | undefined; isTyping: boolean},
): PromptMenu | undefined {
  const target = targetAt(draft);
  if (!target || target.anchor === closedAt) return undefined;
  if (!menu || !isSameTarget(menu.target, target))
    return (menu || isTyping) && target.isTyped ? openMenu(target) : undefined;
  const list = withQuery(menu.list, target.query);
  const isChanged = list !== menu.list;
  return {target, list, isSeen: menu.isSeen && !isChanged, isTabPending: menu.isTabPending && !isChanged};
}

/** Opens a menu. Arguments are marked only with the arrows, so that Enter runs a command as it was typed. */
export const openMenu = (target: Target, {isTabPending = false} = {}): PromptMenu => ({
  target,
  list: newList({query: target.query, marksFirst: target.kind !== 'argument'}),
  isSeen: false,
  isTabPending,
});

/** Replaces the part of the draft that the menu completes. */
export function insertEntry(prompt: PromptState, {start, end}: Target, {value}: Pick<MenuEntry, 'value'>): PromptState {
  const {text} = prompt.draft;
  const rest = text.slice(end);
  // No second blank before one.
  const inserted = /^\s/.test(rest) ? value.trimEnd() : value;
  const before = text.slice(0, start) + inserted;
  return change(prompt, {text: before + rest, caret: before.length});
}

/** Whether the draft already has the text of an entry, so that Enter has nothing to complete. */
export const isTypedOut = (prompt: PromptState, {start, end}: Target, {value}: MenuEntry): boolean =>
  prompt.draft.text.slice(start, end) === value.trimEnd();

/** Whether there is anything to show: a match other than the path that is already in the draft. */
export function isVisible(prompt: PromptState, {target, list: {matches}}: PromptMenu): boolean {
  const [only] = matches;
  return only !== undefined && !(target.kind === 'file' && matches.length === 1 && isTypedOut(prompt, target, only));
}
