import {type Draft, draftOf, emptyDraft, insert} from './draft.js';
import {decode, encode, fold, markTyped, pasteOf, type Pastes, shorten} from './marks.js';
import {isBlank, isEqual, plain, type PromptText} from './prompt-text.js';

/** The prompt: the draft, and where it is in the history of earlier input. */
export interface PromptState {
  readonly draft: Draft;
  readonly pastes: Pastes;
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

/** Inserts typed text. */
export const typeText = (prompt: PromptState, text: string): PromptState =>
  change(prompt, insert(prompt.draft, markTyped(text, prompt.draft.caret === 0)), 'type');

/** Inserts pasted text. */
export function paste(prompt: PromptState, text: string): PromptState {
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
export const recall = (prompt: PromptState, by: -1 | 1, history: InputHistory): PromptState =>
  recallLine(prompt, prompt.at + by, history);

/** Recalls the line at an index of the history. */
export const recallLine = (prompt: PromptState, at: number, history: InputHistory): PromptState =>
  at < 0 || at > history.length ? prompt : show(prompt, at, history);

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
