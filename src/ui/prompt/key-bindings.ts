import {byLine, type Draft, erase, go, insert, type Move} from './draft.js';
import type {Key, NamedKey} from './keys.js';
import {change, type InputHistory, paste, type PromptState, recall, typeText, undo} from './prompt-state.js';

/** What a key asks for besides changing the prompt. */
export type PromptAction =
  | 'submit'
  | 'escape'
  | 'interrupt'
  | 'leave'
  | 'edit'
  | 'complete'
  | 'searchHistory'
  | 'removeAttachment'
  | 'suspend'
  | 'expand'
  | 'clearScreen';

interface Pressed {
  prompt: PromptState;
  action?: PromptAction;
}

type Binding = (prompt: PromptState, history: InputHistory) => Pressed;

/** Applies a key to the prompt. */
export function press(prompt: PromptState, key: Key, history: InputHistory): Pressed {
  if (key.type === 'paste') return {prompt: paste(prompt, withPlainLines(key.text))};
  if (key.type === 'text') return {prompt: typeText(prompt, withPlainLines(key.text))};
  return bindingOf(key)?.(prompt, history) ?? {prompt};
}

/** Turns line ends into line feeds. The rest stays as it was typed; it is sanitized where it is shown. */
export const withPlainLines = (text: string): string => text.replaceAll(/\r\n?/g, '\n');

/** A key with its modifiers, such as `ctrl+alt+left`. */
const chordOf = ({name, ctrl, alt, shift}: NamedKey): string =>
  [ctrl && 'ctrl', alt && 'alt', shift && 'shift', name].filter(Boolean).join('+');

/** Modifiers without a meaning are ignored. */
function bindingOf(key: NamedKey): Binding | undefined {
  const fewer = [key, {...key, shift: false}, {...key, shift: false, alt: false}, {...key, shift: false, ctrl: false}];
  for (const each of fewer) {
    const binding = bindings[chordOf(each)];
    if (binding) return binding;
  }
  return key.name.length > 1 ? bindings[key.name] : undefined;
}

const act =
  (action: PromptAction): Binding =>
  (prompt) => ({prompt, action});

const edit =
  (next: (draft: Draft) => Draft): Binding =>
  (prompt) => ({prompt: change(prompt, next(prompt.draft))});

const moveTo = (move: Move) => edit((draft) => go(draft, move));
const eraseTo = (move: Move) => edit((draft) => erase(draft, move).draft);
const newLine = edit((draft) => insert(draft, '\n'));

/** Deletes text and saves it for Ctrl+Y. Consecutive deletions are saved as one text. */
const kill =
  (move: Move): Binding =>
  (prompt) => {
    const {draft, erased} = erase(prompt.draft, move);
    const isBefore = draft.caret < prompt.draft.caret;
    const kind = isBefore ? 'killBefore' : 'killAfter';
    const kept = prompt.lastChange === kind ? prompt.killed : '';
    const killed = erased === '' ? prompt.killed : isBefore ? erased + kept : kept + erased;
    return {prompt: {...change(prompt, draft, kind), killed}};
  };

const yank: Binding = (prompt) => ({prompt: change(prompt, insert(prompt.draft, prompt.killed))});

/** Moves by a line, and recalls earlier input at the first and the last one. */
const step =
  (by: -1 | 1): Binding =>
  (prompt, history) => {
    const draft = byLine(prompt.draft, by);
    return {prompt: draft ? change(prompt, draft) : recall(prompt, by, history)};
  };

/** Submits, or breaks the line after a backslash. */
const enter: Binding = (prompt) => {
  const {text, caret} = prompt.draft;
  if (text[caret - 1] !== '\\') return {prompt, action: 'submit'};
  return {prompt: change(prompt, insert(erase(prompt.draft, 'left').draft, '\n'))};
};

const deleteOrLeave: Binding = (prompt, history) =>
  prompt.draft.text === '' ? {prompt, action: 'leave'} : eraseTo('right')(prompt, history);

const backspace: Binding = (prompt, history) =>
  prompt.draft.caret === 0 ? {prompt, action: 'removeAttachment'} : eraseTo('left')(prompt, history);

const bindings: Record<string, Binding> = {
  enter,
  'ctrl+enter': newLine,
  'alt+enter': newLine,
  'shift+enter': newLine,
  'ctrl+j': newLine,
  escape: act('escape'),
  'ctrl+c': act('interrupt'),
  'ctrl+d': deleteOrLeave,
  'ctrl+g': act('edit'),
  'ctrl+l': act('clearScreen'),
  'ctrl+o': act('expand'),
  'ctrl+z': act('suspend'),
  tab: act('complete'),
  up: step(-1),
  'ctrl+p': step(-1),
  down: step(1),
  'ctrl+n': step(1),
  'ctrl+r': act('searchHistory'),
  left: moveTo('left'),
  'ctrl+b': moveTo('left'),
  right: moveTo('right'),
  'ctrl+f': moveTo('right'),
  'ctrl+left': moveTo('wordLeft'),
  'alt+left': moveTo('wordLeft'),
  'alt+b': moveTo('wordLeft'),
  'ctrl+right': moveTo('wordRight'),
  'alt+right': moveTo('wordRight'),
  'alt+f': moveTo('wordRight'),
  home: moveTo('lineStart'),
  'ctrl+a': moveTo('lineStart'),
  end: moveTo('lineEnd'),
  'ctrl+e': moveTo('lineEnd'),
  backspace,
  delete: eraseTo('right'),
  'ctrl+backspace': kill('wordLeft'),
  'alt+backspace': kill('wordLeft'),
  'ctrl+w': kill('wordLeft'),
  'ctrl+delete': kill('wordRight'),
  'alt+delete': kill('wordRight'),
  'alt+d': kill('wordRight'),
  'ctrl+u': kill('lineStart'),
  'ctrl+k': kill('lineEnd'),
  'ctrl+y': yank,
  'ctrl+_': (prompt) => ({prompt: undo(prompt)}),
};
