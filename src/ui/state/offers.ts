import {sanitizeLine} from '../../output/terminal/sanitize.js';
import type {Key} from '../prompt/keys.js';
import {largePaste, paste, textOf} from '../prompt/prompt-state.js';
import {asContext} from '../shell/shell-output.js';
import type {ChatState} from './chat-state.js';
import {replaceDraft} from './transitions.js';

/* What a key can do with the prompt: use a suggested reply or the output of a command, or turn a long paste into a file. */

/** The rows above the prompt that tell what can be used. */
export const offersOf = (state: ChatState): string[] => [
  ...pasteOffer(state),
  ...outputOffer(state),
  ...suggestionsOf(state).map((text, index) => `Alt+${index + 1}  ${sanitizeLine(text)}`),
];

/** The suggested replies that can be accepted now. */
const suggestionsOf = ({activity, suggestions}: ChatState): readonly string[] =>
  activity === 'idle' ? suggestions : [];

/** What a key does with an offer; undefined if it is no such key. */
export function useOffer(state: ChatState, key: Key): {state: ChatState; action?: 'attachPaste'} | undefined {
  if (key.type !== 'key') return undefined;
  const isPlain = !key.ctrl && !key.alt && !key.shift;
  const large = pasteToOffer(state);
  if (large !== undefined && isPlain && key.name === 'tab') return {state, action: 'attachPaste'};
  if (large !== undefined && isPlain && key.name === 'escape') return {state: {...state, keptPaste: large}};
  const draft = textOf(state.prompt).text;
  const usesOutput = key.alt ? key.name === '0' : key.name === 'tab' && draft === '';
  if (usesOutput && outputOffer(state).length > 0) return {state: insertOutput(state)};
  const suggestion = suggestionFor(state, key, draft);
  return suggestion === undefined ? undefined : {state: replaceDraft(suggestion)(state)};
}

/** The suggested reply that a key accepts: Alt+1 the first one; Tab on an empty line one after the other. */
function suggestionFor(state: ChatState, key: Extract<Key, {type: 'key'}>, draft: string): string | undefined {
  const suggestions = suggestionsOf(state);
  if (key.alt) return suggestions[Number(key.name) - 1];
  if (key.name !== 'tab') return undefined;
  const at = ['', ...suggestions].indexOf(draft);
  return at === -1 ? undefined : suggestions[at % suggestions.length];
}

const pasteOffer = (state: ChatState): string[] =>
  pasteToOffer(state) === undefined ? [] : ['Tab  Make it a file · Esc  Keep as text'];

function pasteToOffer({prompt, keptPaste, question}: ChatState): string | undefined {
  const text = question ? undefined : largePaste(prompt);
  return text === keptPaste ? undefined : text;
}

function outputOffer({activity, shellOutput, prompt}: ChatState): string[] {
  if (activity !== 'idle' || !shellOutput) return [];
  return [`${prompt.draft.text === '' ? 'Tab' : 'Alt+0'}  Add the output of ${sanitizeLine(shellOutput.command)}`];
}

function insertOutput(state: ChatState): ChatState {
  const {shellOutput, prompt} = state;
  if (!shellOutput) return state;
  const {text, caret} = prompt.draft;
  const lineBreak = /[^\n]$/.test(text.slice(0, caret)) ? '\n' : '';
  return {...state, shellOutput: undefined, prompt: paste(prompt, lineBreak + asContext(shellOutput))};
}
