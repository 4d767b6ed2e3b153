import {type Draft, draftOf, emptyDraft, insert} from './draft.js';
import {fold, type Pastes, shorten, unfold} from './pastes.js';

/** The prompt: the draft, and where it is in the history of earlier input. */
export interface PromptState {
  draft: Draft;
  pastes: Pastes;
  /** The text that Ctrl+R searches for; undefined while not searching. */
  search: string | undefined;
  /** The index of the recalled line; the number of lines if none is. */
  at: number;
  /** The draft before the first step back. */
  unsent: string;
}

/** Earlier input, oldest first. */
export type InputHistory = readonly string[];

export const emptyPrompt = (history: InputHistory): PromptState => ({
  draft: emptyDraft,
  pastes: [],
  search: undefined,
  at: history.length,
  unsent: '',
});

/** The draft as it is sent. */
export const textOf = ({draft, pastes}: PromptState): string => unfold(pastes, draft.text);

/** The draft as it is shown. */
export function shownDraft({draft: {text, caret}, pastes}: PromptState): Draft {
  const before = shorten(pastes, text.slice(0, caret));
  return {text: before + shorten(pastes, text.slice(caret)), caret: before.length};
}

/** Replaces the draft. */
export const setDraft = (prompt: PromptState, text: string): PromptState => ({...prompt, draft: draftOf(text)});

/** Inserts typed text, or adds it to the text to search for. */
export function typeText(prompt: PromptState, text: string, history: InputHistory): PromptState {
  if (prompt.search !== undefined) return seek(prompt, prompt.search + text, history);
  return {...prompt, draft: insert(prompt.draft, text)};
}

/** Inserts pasted text. A search takes its first line. */
export function paste(prompt: PromptState, text: string, history: InputHistory): PromptState {
  if (prompt.search !== undefined)
    return typeText(prompt, text.split('\n').find((line) => line.trim() !== '') ?? '', history);
  const {pastes, inserted} = fold(prompt.pastes, text);
  return {...prompt, pastes, draft: insert(prompt.draft, inserted)};
}

/** Recalls the line before or after the shown one. */
export function recall(prompt: PromptState, by: -1 | 1, history: InputHistory): PromptState {
  const at = prompt.at + by;
  if (at < 0 || at > history.length) return prompt;
  const unsent = prompt.at === history.length ? prompt.draft.text : prompt.unsent;
  return {...setDraft(prompt, history[at] ?? unsent), at, unsent};
}

/** Recalls the newest line that contains a text, of those older than the one at `before`. */
export function seek(
  prompt: PromptState,
  search: string,
  history: InputHistory,
  before: number = history.length,
): PromptState {
  const at = history.slice(0, before).findLastIndex((line) => line.includes(search));
  return at === -1 ? {...prompt, search} : {...setDraft(prompt, history[at] ?? ''), search, at};
}

/** The longest line that history keeps. */
const maxLineLength = 20_000;

/** Empties the draft and adds it to the history. @returns also the text it had */
export function takeDraft(
  prompt: PromptState,
  history: InputHistory,
): {prompt: PromptState; history: InputHistory; text: string} {
  const text = textOf(prompt);
  const isKept = text.trim() !== '' && text.length <= maxLineLength && history.at(-1) !== text;
  const lines = isKept ? [...history, text] : history;
  return {prompt: {...prompt, draft: emptyDraft, at: lines.length}, history: lines, text};
}
