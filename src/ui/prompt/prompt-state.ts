import {type Draft, draftOf, emptyDraft, insert} from './draft.js';
import {decode, encode, fold, markTyped, pasteOf, type Pastes, shorten} from './marks.js';
import {isBlank, isEqual, plain, type PromptText} from './prompt-text.js';

/** The prompt: the draft, and where it is in the history of earlier input. */
export interface PromptState {
  readonly draft: Draft;
  readonly pastes: Pastes;
  /** While searching the history: the text to search for, and the index before which to search. */
  readonly search: {readonly text: string; readonly before: number} | undefined;
  /** The index of the recalled line; the number of lines if none is. */
  readonly at: number;
  /** Changed lines of the history, by index, and the unsent draft at the number of lines. */
  readonly edits: ReadonlyMap<number, PromptText>;
  /** The text that was deleted last, for Ctrl+Y. */
  readonly killed: string;
  /** Earlier states of the draft, newest last. */
  readonly undo: readonly Draft[];
  /** Typing and deleting continue the last change if it was of the same kind. */
  readonly lastChange: Change | undefined;
}

type Change = 'type' | 'killBefore' | 'killAfter' | 'other';

/** Earlier input, oldest first. */
export type InputHistory = readonly PromptText[];

export const emptyPrompt = (history: InputHistory): PromptState => ({
  draft: emptyDraft,
  pastes: [],
  search: undefined,
  at: history.length,
  edits: new Map(),
  killed: '',
  undo: [],
  lastChange: undefined,
});

/** The text of the draft. */
export const textOf = ({draft, pastes}: PromptState): PromptText => decode(draft.text, pastes);

/** The draft as it is shown. */
export function shownDraft({draft: {text, caret}, pastes}: PromptState): Draft {
  const before = shorten(text.slice(0, caret), pastes);
  return {text: before + shorten(text.slice(caret), pastes), caret: before.length};
}

const maxUndo = 100;

/** Changes the draft so that it can be undone. Characters that are typed in a row are undone together. */
export function change(prompt: PromptState, draft: Draft, kind: Change = 'other'): PromptState {
  if (draft.text === prompt.draft.text) return {...prompt, draft, lastChange: undefined};
  const continues = kind === 'type' && prompt.lastChange === 'type' && !/\s$/.test(prompt.draft.text);
  const undo = continues ? prompt.undo : [...prompt.undo, prompt.draft].slice(-maxUndo);
  return {...prompt, draft, undo, lastChange: kind};
}

/** Reverts the last change. */
export function undo(prompt: PromptState): PromptState {
  const draft = prompt.undo.at(-1);
  return draft ? {...prompt, draft, undo: prompt.undo.slice(0, -1), lastChange: undefined} : prompt;
}

/** Replaces the draft. */
export function setText(prompt: PromptState, text: PromptText): PromptState {
  const {pastes, draft} = encode(text, prompt.pastes);
  return change({...prompt, pastes}, draftOf(draft));
}

/** Inserts typed text, or adds it to the text to search for. */
export function typeText(prompt: PromptState, text: string, history: InputHistory): PromptState {
  if (prompt.search) return seek(prompt, prompt.search.text + text, history);
  return change(prompt, insert(prompt.draft, markTyped(text, prompt.draft.caret === 0)), 'type');
}

/** Inserts pasted text. A search takes its first line. */
export function paste(prompt: PromptState, text: string, history: InputHistory): PromptState {
  if (prompt.search) return typeText(prompt, text.split('\n').find((line) => line.trim() !== '') ?? '', history);
  const {pastes, inserted} = fold(prompt.pastes, text);
  return change({...prompt, pastes}, insert(prompt.draft, inserted));
}

/** A longer paste can become a file. In bytes. */
const maxInlinePaste = 30_000;

/** The paste before the caret, if it is long enough to be offered as a file. */
export function largePaste({draft, pastes}: PromptState): string | undefined {
  const text = pasteOf(draft.text[draft.caret - 1] ?? '', pastes);
  // A character has at most three bytes for each unit of its length.
  return text !== undefined && text.length * 3 > maxInlinePaste && Buffer.byteLength(text) > maxInlinePaste
    ? text
    : undefined;
}

/** Recalls the line before or after the shown one. */
export function recall(prompt: PromptState, by: -1 | 1, history: InputHistory): PromptState {
  const at = prompt.at + by;
  return at < 0 || at > history.length ? prompt : show(prompt, at, history);
}

/** Starts to search the history. */
export const startSearch = (prompt: PromptState, history: InputHistory): PromptState => ({
  ...prompt,
  search: {text: '', before: history.length},
});

/** Recalls the newest line that contains a text, of those older than the one at `before`. */
export function seek(
  prompt: PromptState,
  text: string,
  history: InputHistory,
  before: number = history.length,
): PromptState {
  const at = history.slice(0, before).findLastIndex((line) => line.text.includes(text));
  if (at === -1) return {...prompt, search: {text, before: prompt.search?.before ?? before}};
  return {...show(prompt, at, history), search: {text, before: at}};
}

/** Shows a line of the history. Edits to the line shown before are saved. */
function show(prompt: PromptState, at: number, history: InputHistory): PromptState {
  const edits = withEdit(prompt, history);
  const {pastes, draft} = encode(edits.get(at) ?? history[at] ?? plain(''), prompt.pastes);
  return {...prompt, draft: draftOf(draft), pastes, at, edits, undo: [], lastChange: undefined};
}

/** The edits, including the shown line if it was changed. */
function withEdit(prompt: PromptState, history: InputHistory): ReadonlyMap<number, PromptText> {
  const edits = new Map(prompt.edits);
  const text = textOf(prompt);
  if (isEqual(text, history[prompt.at] ?? plain(''))) edits.delete(prompt.at);
  else edits.set(prompt.at, text);
  return edits;
}

/** Empties the draft. It becomes the last line of the history, after all other lines that were changed. */
export function clear(prompt: PromptState, history: InputHistory): {prompt: PromptState; history: InputHistory} {
  const others = [...prompt.edits].filter(([at]) => at !== prompt.at).map(([, text]) => text);
  const lines = [...history];
  for (const text of [...others, textOf(prompt)]) {
    const last = lines.at(-1);
    if (!isBlank(text) && !(last && isEqual(last, text))) lines.push(text);
  }
  const {pastes, killed} = prompt;
  return {prompt: {...emptyPrompt(lines), pastes, killed}, history: lines};
}
